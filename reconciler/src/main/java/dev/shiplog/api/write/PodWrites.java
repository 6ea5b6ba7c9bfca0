package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.body.Body;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.patch.Patches;
import dev.shiplog.api.served.Invalid;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.decide.Decision;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Schema;

import java.io.IOException;
import java.util.List;

/** What only pods can be asked for: a node, and containers to debug them with. Always events. */
final class PodWrites {
    /** The score that a node gets which somebody else chose; the best there is. */
    private static final int CHOSEN = 100;

    private final Commands commands;

    PodWrites(Commands commands) {
        this.commands = commands;
    }

    /**
     * {@code pods/<name>/binding}, and {@code bindings} with the name in the body.
     *
     * @param named empty if only the body names the pod
     */
    Reply bind(Call call, String named) throws IOException, InterruptedException {
        ObjectNode binding = Bodies.read(call.request()).document();
        String said = binding.path("metadata").path("name").asText("");
        String name = named.isEmpty() ? said : named;
        if (!said.isEmpty() && !said.equals(name)) {
            throw new ApiFailure(
                    Status.badRequest(
                            "the name of the object (%s) does not match the name on the URL (%s)"
                                    .formatted(said, name)));
        }
        JsonNode target = binding.path("target");
        NodeName node = target(name, target);
        Resource pod = pod(call, name);
        bindable(pod);
        if (commands.state().resource(ResourceKey.node(node)).isEmpty()) {
            throw new ApiFailure(Status.notFound("", "nodes", node.value()));
        }
        String scheduler =
                pod.body().toNode().path("spec").path("schedulerName").asText("default-scheduler");
        Outcome outcome =
                commands.submit(
                        call.request(),
                        new SchedulerCommand.BindPods(
                                scheduler,
                                List.of(
                                        new SchedulerCommand.Binding(
                                                pod.key(), pod.uid(), node, 1, CHOSEN))),
                        call.dryRun());
        if (outcome instanceof Outcome.Refused) {
            bindable(pod(call, name));
            throw conflict(name, "node " + node + " takes no pods now");
        }
        return Status.success(201, Json.EMPTY);
    }

    private static NodeName target(String name, JsonNode target) {
        Findings findings = new Findings();
        String kind = target.path("kind").asText("");
        if (!kind.isEmpty() && !kind.equals("Node")) {
            findings.error(
                    FieldPath.of("target", "kind"),
                    "Unsupported value: \"" + kind + "\": supported values: \"Node\"");
        }
        String node = target.path("name").asText("");
        if (node.isEmpty()) {
            findings.required(FieldPath.of("target", "name"), "");
        }
        if (findings.hasErrors()) {
            throw Invalid.failure("", "Binding", name, findings.errors());
        }
        return new NodeName(node);
    }

    private static void bindable(Resource pod) {
        String name = pod.key().name();
        if (pod.metadata().deleting()) {
            throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        String node = pod.body().toNode().path("spec").path("nodeName").asText("");
        if (!node.isEmpty()) {
            throw conflict(name, "pod " + name + " is already assigned to node \"" + node + "\"");
        }
    }

    private static ApiFailure conflict(String name, String why) {
        return new ApiFailure(Status.conflict("", "pods/binding", name, why));
    }

    private Resource pod(Call call, String name) {
        if (name.isEmpty()) {
            throw new ApiFailure(Status.badRequest("expected metadata.name, found none"));
        }
        return commands.state()
                .resource(ResourceKey.pod(call.namespace().orElse(""), name))
                .orElseThrow(() -> new ApiFailure(Status.notFound("", "pods", name)));
    }

    /** {@code pods/<name>/ephemeralcontainers}: PUT and PATCH. */
    Reply debug(Call call, String name) throws IOException, InterruptedException {
        boolean put = call.request().method().equals("PUT");
        PatchType type =
                put
                        ? PatchType.MERGE_PATCH
                        : PatchType.withoutApply(
                                call.request().header("Content-Type").orElse(""),
                                "ephemeral containers");
        Body sent = put ? Bodies.read(call.request()) : new Body(Json.EMPTY.toObject(), List.of());
        byte[] patch = put ? new byte[0] : call.request().body(Bodies.MAX_BYTES);
        for (int attempt = 0; attempt < Updates.ATTEMPTS; attempt++) {
            Resource live = pod(call, name);
            ObjectNode after =
                    put
                            ? sent.document().deepCopy()
                            : Patches.apply(
                                    type,
                                    Updates.shown(call, live),
                                    patch,
                                    Schema.of(call.served().kind().model()));
            JsonNode containers =
                    call.documents().ephemeralContainers(live, after, sent.duplicates());
            ObjectNode body = live.body().toObject();
            if (containers.isEmpty()) {
                body.withObject("/spec").remove("ephemeralContainers");
            } else {
                body.withObject("/spec").set("ephemeralContainers", containers);
            }
            Outcome outcome =
                    commands.submit(call.request(), withBody(live, Json.of(body)), call.dryRun());
            boolean stale =
                    outcome instanceof Outcome.Refused refused
                            && refused.reason() == Decision.Reason.STALE;
            if (!stale) {
                Commands.check(call.served(), name, outcome);
                Resource shown =
                        call.dryRun()
                                ? live.withBody(Json.of(body), live.version())
                                : pod(call, name);
                return call.reply(200, shown, commands.now());
            }
        }
        throw new ApiFailure(Status.conflict("", "pods", name, Documents.MODIFIED));
    }

    static ResourceCommand.WriteResource withBody(Resource live, Json body) {
        Metadata metadata = live.metadata();
        return new ResourceCommand.WriteResource(
                live.key(),
                live.uid(),
                live.version(),
                metadata.labels(),
                metadata.annotations(),
                metadata.owners(),
                metadata.finalizers(),
                body,
                metadata.managedFields());
    }
}
