package dev.shiplog.api.logs;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.LogQuery;
import dev.shiplog.api.PodLogs;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.pods.Containers;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Resource;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Answers {@code GET …/pods/<name>/log}. */
public final class LogReads {
    private final Ledger ledger;
    private final PodLogs logs;
    private final Supplier<Instant> clock;

    public LogReads(Ledger ledger, PodLogs logs, Supplier<Instant> clock) {
        this.ledger = ledger;
        this.logs = logs;
        this.clock = clock;
    }

    public Reply read(
            Request request, ServedResource served, Optional<String> namespace, String name) {
        if (!request.method().equals("GET")) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        Resource pod =
                ledger.state()
                        .resource(served.key(namespace, name))
                        .orElseThrow(() -> new ApiFailure(served.notFound(name)));
        JsonNode spec = pod.body().toNode().path("spec");
        Query query = request.query();
        String container = Containers.choose(name, spec, query.first("container"));
        LogQuery part = part(name, query);
        if (spec.path("nodeName").asText("").isEmpty()) {
            // As in Kubernetes: a pod that has no node has written nothing yet.
            return Reply.text(200, "");
        }
        boolean previous = query.flag("previous");
        Containers.requireStarted(name, pod.status().toNode(), container, previous);
        return Reply.stream(
                200,
                "text/plain",
                stream -> {
                    if (part.follow()) {
                        stream.whenGone(Thread.currentThread()::interrupt);
                    }
                    logs.write(pod, container, previous, part, stream.out());
                });
    }

    private LogQuery part(String pod, Query query) {
        Optional<Instant> since = query.first("sinceTime").map(LogReads::time);
        OptionalLong seconds = atLeast(pod, query, "sinceSeconds", 1);
        if (since.isPresent() && seconds.isPresent()) {
            throw invalid(
                    pod,
                    ": Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        if (seconds.isPresent()) {
            since = Optional.of(clock.get().minusSeconds(seconds.getAsLong()));
        }
        return new LogQuery(
                query.flag("follow"),
                atLeast(pod, query, "tailLines", 0),
                since,
                query.flag("timestamps"),
                atLeast(pod, query, "limitBytes", 1));
    }

    private static OptionalLong atLeast(String pod, Query query, String name, long least) {
        OptionalLong value = query.number(name);
        if (value.isPresent() && value.getAsLong() < least) {
            throw invalid(
                    pod,
                    name
                            + ": Invalid value: "
                            + value.getAsLong()
                            + (least == 0
                                    ? ": must be greater than or equal to 0"
                                    : ": must be greater than 0"));
        }
        return value;
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new ApiFailure(
                    Status.badRequest(
                            "sinceTime: expected a time such as 2030-01-31T12:00:00Z, found \""
                                    + text
                                    + "\""),
                    e);
        }
    }

    private static ApiFailure invalid(String pod, String why) {
        return new ApiFailure(Status.invalid("PodLogOptions", pod, why));
    }
}
