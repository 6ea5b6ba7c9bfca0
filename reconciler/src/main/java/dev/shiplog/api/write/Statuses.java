package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.body.Body;
import dev.shiplog.api.certificates.SigningRequest;
import dev.shiplog.api.certificates.SigningStatus;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.patch.Patches;
import dev.shiplog.api.served.Invalid;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.decide.Decision;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Schema;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The subresources {@code status} and {@code approval}: PUT and PATCH take the status, or a part of
 * it, and nothing else. Always events.
 */
final class Statuses {
    private final Commands commands;
    private final WriteGuard guard;

    Statuses(Commands commands, WriteGuard guard) {
        this.commands = commands;
        this.guard = guard;
    }

    /**
     * @param subresource {@code status} or {@code approval}
     */
    Reply answer(Call call, String name, String subresource)
            throws IOException, InterruptedException {
        if (call.request().method().equals("PUT")) {
            Body body = Bodies.read(call.request());
            Resource live = find(call, name);
            Json status = wished(call, live, subresource, body.document(), body.duplicates());
            // Of two who decide at once, the second one must know.
            boolean request = SigningRequest.is(live.key().kind());
            return answer(call, live, status, submit(call, live, status, request));
        }
        PatchType type =
                PatchType.withoutApply(
                        call.request().header("Content-Type").orElse(""), "a status");
        byte[] patch = call.request().body(Bodies.MAX_BYTES);
        return patch(call, name, subresource, type, patch);
    }

    /** A patch is of what is live: if that changed meanwhile, it is made anew. */
    private Reply patch(Call call, String name, String subresource, PatchType type, byte[] patch)
            throws InterruptedException {
        for (int attempt = 0; attempt < Updates.ATTEMPTS; attempt++) {
            Resource live = find(call, name);
            ObjectNode after =
                    Patches.apply(
                            type,
                            Updates.shown(call, live),
                            patch,
                            Schema.of(call.served().kind().model()));
            Json status = wished(call, live, subresource, after, List.of());
            Outcome outcome = submit(call, live, status, true);
            boolean stale =
                    outcome instanceof Outcome.Refused(var reason, var _)
                            && reason == Decision.Reason.STALE;
            if (!stale) {
                return answer(call, live, status, outcome);
            }
        }
        throw new ApiFailure(
                Status.conflict(
                        call.served().group(), call.served().plural(), name, Documents.MODIFIED));
    }

    private Json wished(
            Call call,
            Resource live,
            String subresource,
            ObjectNode after,
            List<String> duplicates) {
        Json asked = call.documents().status(live, after, duplicates);
        Json status =
                SigningRequest.is(live.key().kind())
                        ? decided(call, live, subresource, asked)
                        : asked;
        look(call, live, subresource, status);
        return status;
    }

    private Outcome submit(Call call, Resource live, Json status, boolean exact)
            throws InterruptedException {
        return commands.submit(
                call.request(),
                new ResourceCommand.UpdateStatus(
                        live.key(),
                        live.uid(),
                        status,
                        exact ? Optional.of(live.version()) : Optional.empty()),
                call.dryRun());
    }

    private Reply answer(Call call, Resource live, Json status, Outcome outcome) {
        String name = live.key().name();
        Commands.check(call.served(), name, outcome);
        Resource shown = call.dryRun() ? live.withStatus(status, live.version()) : find(call, name);
        return call.reply(200, shown, commands.now());
    }

    private Json decided(Call call, Resource live, String subresource, Json asked) {
        Findings findings = new Findings();
        Json status =
                subresource.equals("approval")
                        ? SigningStatus.approval(live.status(), asked, commands.now(), findings)
                        : SigningStatus.status(live.status(), asked, commands.now(), findings);
        if (findings.hasErrors()) {
            throw Invalid.failure(call.served(), live.key().name(), findings.errors());
        }
        return status;
    }

    /** Whoever may write may still not write this. */
    private void look(Call call, Resource live, String subresource, Json status) {
        guard.objection(
                        call.request().identity(),
                        new WriteGuard.Write(
                                "update",
                                call.served().kind(),
                                live.key(),
                                subresource,
                                Optional.of(live.document()),
                                Optional.of(live.withStatus(status, live.version()).document())))
                .ifPresent(objection -> {
                    throw new ApiFailure(objection);
                });
    }

    private Resource find(Call call, String name) {
        return commands.state()
                .resource(call.served().key(call.namespace(), name))
                .orElseThrow(() -> new ApiFailure(call.served().notFound(name)));
    }
}
