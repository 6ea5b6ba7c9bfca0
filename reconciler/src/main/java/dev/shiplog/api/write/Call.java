package dev.shiplog.api.write;

import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;
import dev.shiplog.api.table.Writer;
import dev.shiplog.resource.Resource;

import java.time.Instant;
import java.util.Optional;

/**
 * One write under way.
 *
 * @param namespace from the path; empty for kinds without namespaces
 * @param format of the answer: who takes none that is served hears so before anything is written
 */
record Call(
        Request request,
        ServedResource served,
        Optional<String> namespace,
        WriteOptions options,
        Format format,
        Warnings warnings) {
    static Call of(Request request, ServedResource served, Optional<String> namespace) {
        return new Call(
                request,
                served,
                namespace,
                WriteOptions.of(request),
                Format.of(request),
                new Warnings());
    }

    Documents documents() {
        return new Documents(served, options, warnings);
    }

    boolean dryRun() {
        return options.dryRun();
    }

    /** What kubectl was called with; empty if something else asks. */
    String command() {
        return request.header("Kubectl-Command").orElse("");
    }

    /** The resource as the answer. */
    Reply reply(int code, Resource resource, Instant now) {
        byte[] body = new Writer(served, format, now).one(resource);
        return warnings.on(new Reply.Whole(code, Reply.json(code, body).headers(), body));
    }
}
