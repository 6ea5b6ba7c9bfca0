package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.body.Body;
import dev.shiplog.api.patch.FieldManager;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.patch.Patches;
import dev.shiplog.api.patch.ServerSideApply;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.schema.Schema;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Answers PUT and PATCH. Each is computed from the newest revision, and again from the next one if
 * that has gone by; what the client itself said about the revision then no longer fits, and is a
 * conflict.
 */
final class Updates {
    /** How often a write is computed anew because somebody else was faster. */
    static final int ATTEMPTS = 5;

    private final Commands commands;
    private final Landing landing;
    private final Creates creates;

    Updates(Commands commands, Landing landing, Creates creates) {
        this.commands = commands;
        this.landing = landing;
        this.creates = creates;
    }

    /** Computes a write from the live resource. */
    interface Change {
        Wish of(Resource live);
    }

    Reply put(Call call, String name) throws IOException, InterruptedException {
        Body body = Bodies.read(call.request());
        return answer(
                call,
                change(
                        call,
                        name,
                        live ->
                                call.documents()
                                        .update(
                                                live,
                                                body.document().deepCopy(),
                                                body.duplicates(),
                                                false,
                                                "",
                                                commands.now())));
    }

    Reply patch(Call call, String name) throws IOException, InterruptedException {
        PatchType type = PatchType.of(call.request().header("Content-Type").orElse(""));
        byte[] patch = call.request().body(Bodies.MAX_BYTES);
        if (type == PatchType.APPLY) {
            return apply(call, name, patch);
        }
        Schema schema = Schema.of(call.served().kind().model());
        return answer(
                call,
                change(
                        call,
                        name,
                        live ->
                                documents(call, type, patch)
                                        .update(
                                                live,
                                                Patches.apply(
                                                        type, shown(call, live), patch, schema),
                                                List.of(),
                                                false,
                                                "",
                                                commands.now())));
    }

    private static Documents documents(Call call, PatchType type, byte[] patch) {
        return type == PatchType.STRATEGIC_MERGE_PATCH
                ? call.documents().patchedBy(Patches.parse(patch))
                : call.documents();
    }

    /** Server-side apply: creates what is not there. */
    private Reply apply(Call call, String name, byte[] patch) throws InterruptedException {
        if (!call.options().named()) {
            throw new ApiFailure(
                    Status.invalid(
                            "PatchOptions.meta.k8s.io",
                            "",
                            "fieldManager: Required value: is required for apply patch"));
        }
        ObjectNode configuration = Bodies.decode("application/yaml", patch).document();
        if (find(call, name).isEmpty()) {
            ObjectNode created = applied(call, Optional.empty(), configuration);
            created.withObject("/metadata").put("name", name);
            return creates.create(call, new Body(created, List.of()), true);
        }
        return answer(
                call,
                change(
                        call,
                        name,
                        live ->
                                call.documents()
                                        .update(
                                                live,
                                                applied(
                                                        call,
                                                        Optional.of(shown(call, live)),
                                                        configuration),
                                                List.of(),
                                                true,
                                                "",
                                                commands.now())));
    }

    private ObjectNode applied(Call call, Optional<ObjectNode> live, ObjectNode configuration) {
        return ServerSideApply.apply(
                Schema.of(call.served().kind().model()),
                call.served().apiVersion(),
                live,
                configuration,
                new FieldManager(
                        call.options().fieldManager(),
                        FieldManager.APPLY,
                        call.served().apiVersion(),
                        ""),
                call.options().force(),
                commands.now());
    }

    /** What became of a change. */
    sealed interface Changed {
        record Now(Resource resource) implements Changed {}

        /** It would be so, once somebody agrees. */
        record Later(Resource resource) implements Changed {}
    }

    private Reply answer(Call call, Changed changed) {
        return switch (changed) {
            case Changed.Now(Resource resource) -> call.reply(200, resource, commands.now());
            case Changed.Later(Resource resource) -> call.reply(202, resource, commands.now());
        };
    }

    /**
     * Computes and lands a change until it was not overtaken.
     *
     * @throws ApiFailure 404 if the resource is gone, 409 if it changes too fast
     */
    Changed change(Call call, String name, Change change) throws InterruptedException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Resource live =
                    find(call, name)
                            .orElseThrow(() -> new ApiFailure(call.served().notFound(name)));
            switch (landing.update(call, live, change.of(live))) {
                case Landing.Landed.There(Resource resource) -> {
                    return new Changed.Now(resource);
                }
                case Landing.Landed.Waiting(Resource resource) -> {
                    return new Changed.Later(resource);
                }
                case Landing.Landed.Stale _, Landing.Landed.Taken _ -> {
                    // The next revision is there already.
                }
            }
        }
        throw new ApiFailure(
                Status.conflict(
                        call.served().group(), call.served().plural(), name, Documents.MODIFIED));
    }

    Optional<Resource> find(Call call, String name) {
        return commands.state().resource(call.served().key(call.namespace(), name));
    }

    /** The live resource as the client sees it. */
    static ObjectNode shown(Call call, Resource live) {
        return call.served().document(live).toObject();
    }
}
