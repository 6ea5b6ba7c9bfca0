package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.body.Body;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.patch.Patches;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.schema.Schema;

import java.io.IOException;
import java.util.List;

/**
 * The subresource {@code status}: PUT and PATCH take the status and nothing else. Always events.
 */
final class Statuses {
    private final Commands commands;

    Statuses(Commands commands) {
        this.commands = commands;
    }

    Reply put(Call call, String name) throws IOException, InterruptedException {
        Body body = Bodies.read(call.request());
        return write(call, name, body.document(), body.duplicates());
    }

    Reply patch(Call call, String name) throws IOException, InterruptedException {
        PatchType type = PatchType.of(call.request().header("Content-Type").orElse(""));
        byte[] patch = call.request().body(Bodies.MAX_BYTES);
        ObjectNode after =
                Patches.apply(
                        type,
                        Updates.shown(call, find(call, name)),
                        patch,
                        Schema.of(call.served().kind().model()));
        return write(call, name, after, List.of());
    }

    private Reply write(Call call, String name, ObjectNode after, List<String> duplicates)
            throws InterruptedException {
        Resource live = find(call, name);
        Json status = call.documents().status(live, after, duplicates);
        Outcome outcome =
                commands.submit(
                        call.request(),
                        new ResourceCommand.UpdateStatus(live.key(), live.uid(), status),
                        call.dryRun());
        Commands.check(call.served(), name, outcome);
        Resource shown = call.dryRun() ? live.withStatus(status, live.version()) : find(call, name);
        return call.reply(200, shown, commands.now());
    }

    private Resource find(Call call, String name) {
        return commands.state()
                .resource(call.served().key(call.namespace(), name))
                .orElseThrow(() -> new ApiFailure(call.served().notFound(name)));
    }
}
