package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.body.Body;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.patch.Patches;
import dev.shiplog.api.served.Invalid;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Selector;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Schema;

import java.io.IOException;
import java.util.List;

/** The subresource {@code scale}: a replica count apart from all else, autoscaling/v1 Scale. */
final class Scales {
    private static final String VERSION = "autoscaling/v1";

    private final Commands commands;
    private final Updates updates;

    Scales(Commands commands, Updates updates) {
        this.commands = commands;
        this.updates = updates;
    }

    Reply answer(Call call, String name) throws IOException, InterruptedException {
        return switch (call.request().method()) {
            case "GET", "HEAD" ->
                    updates.find(call, name)
                            .map(live -> Reply.json(200, scale(live).bytes()))
                            .orElseThrow(() -> new ApiFailure(call.served().notFound(name)));
            case "PUT" -> {
                Body body = Bodies.read(call.request());
                yield change(call, name, _ -> body.document().deepCopy());
            }
            case "PATCH" -> {
                PatchType type =
                        PatchType.withoutApply(
                                call.request().header("Content-Type").orElse(""), "a scale");
                byte[] patch = call.request().body(Bodies.MAX_BYTES);
                yield change(
                        call,
                        name,
                        live -> Patches.apply(type, scale(live).toObject(), patch, Schema.OPEN));
            }
            default -> throw new ApiFailure(Status.methodNotAllowed());
        };
    }

    private interface Scaling {
        ObjectNode of(Resource live);
    }

    private Reply change(Call call, String name, Scaling scaling) throws InterruptedException {
        Updates.Changed changed =
                updates.change(
                        call,
                        name,
                        live -> {
                            ObjectNode scale = scaling.of(live);
                            int replicas = replicas(name, scale);
                            ObjectNode after = Updates.shown(call, live);
                            after.withObject("/spec").put("replicas", replicas);
                            JsonNode version = scale.path("metadata").path("resourceVersion");
                            if (!version.asText("").isEmpty()) {
                                after.withObject("/metadata").set("resourceVersion", version);
                            }
                            return call.documents()
                                    .update(live, after, List.of(), false, "scale", commands.now());
                        });
        return switch (changed) {
            case Updates.Changed.Now(Resource resource) -> answer(call, 200, resource);
            case Updates.Changed.Later(Resource resource) -> answer(call, 202, resource);
        };
    }

    private static Reply answer(Call call, int code, Resource resource) {
        return call.warnings()
                .on(
                        new Reply.Whole(
                                code,
                                Reply.json(code, new byte[0]).headers(),
                                scale(resource).bytes()));
    }

    private static int replicas(String name, ObjectNode scale) {
        JsonNode replicas = scale.path("spec").path("replicas");
        if (replicas.isMissingNode() || replicas.isNull()) {
            return 0;
        }
        if (!replicas.isIntegralNumber() || !replicas.canConvertToInt()) {
            throw new ApiFailure(
                    Status.badRequest(
                            "Scale in version \"v1\" cannot be handled as a Scale: spec.replicas:"
                                    + " expected an integer, found "
                                    + replicas));
        }
        if (replicas.intValue() < 0) {
            Findings findings = new Findings();
            findings.invalid(
                    FieldPath.of("spec", "replicas"),
                    replicas.toString(),
                    "must be greater than or equal to 0");
            throw Invalid.failure("autoscaling", "Scale", name, findings.errors());
        }
        return replicas.intValue();
    }

    /** A resource's size as clients read it. */
    static Json scale(Resource live) {
        ObjectNode document = live.document().toObject();
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("kind", "Scale");
        root.put("apiVersion", VERSION);
        ObjectNode metadata = root.putObject("metadata");
        for (String name :
                List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            if (document.path("metadata").has(name)) {
                metadata.set(name, document.path("metadata").get(name));
            }
        }
        JsonNode spec = document.path("spec");
        root.putObject("spec").put("replicas", spec.path("replicas").asInt());
        ObjectNode status = root.putObject("status");
        status.put("replicas", document.path("status").path("replicas").asInt());
        status.put("selector", selector(live, spec.path("selector")));
        return Json.of(root);
    }

    /** A selector in the words of a query; a ReplicationController's is plain labels. */
    private static String selector(Resource live, JsonNode selector) {
        return (live.key().kind().equals(GroupKind.REPLICATION_CONTROLLER)
                        ? Selector.ofLabels(selector)
                        : Selector.of(selector))
                .toString();
    }
}
