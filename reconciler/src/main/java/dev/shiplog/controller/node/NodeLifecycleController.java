package dev.shiplog.controller.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What follows from how a node is: its taints, its pods' readiness, and who must leave it and when.
 * Looks at nodes.
 */
public final class NodeLifecycleController implements Controller {
    /** Pods changed in one look; the events of these wake the next one. */
    static final int BATCH = 200;

    private static final String COMPONENT = "node-controller";
    private static final String EVICTION = "taint-eviction-controller";

    @Override
    public String name() {
        return "node-lifecycle-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found =
                state.resource(key).filter(node -> !node.metadata().deleting());
        if (found.isEmpty()) {
            return Verdict.DONE;
        }
        Resource node = found.get();
        Json body = Taints.body(node, now);
        if (!body.equals(node.body())) {
            return new Verdict(List.of(retainted(node, body)), Optional.empty());
        }
        List<Resource> pods =
                state.podsOn(new NodeName(key.name())).stream()
                        .map(pod -> state.resource(pod).orElseThrow())
                        .filter(Pods::active)
                        .toList();
        List<Command> commands = new ArrayList<>();
        if (notReady(node)) {
            pods.stream().filter(Pods::ready).forEach(pod -> unready(pod, now, commands));
        }
        return evicting(node, pods, now, commands);
    }

    private static boolean notReady(Resource node) {
        String ready = Taints.condition(node, "Ready");
        return ready.equals("False") || ready.equals("Unknown");
    }

    private static Command retainted(Resource node, Json body) {
        List<ResourceCommand.Note> notes = new ArrayList<>();
        boolean news =
                notReady(node)
                        && body.toNode().path("spec").path("taints").size()
                                > node.body().toNode().path("spec").path("taints").size();
        if (news) {
            String name = node.key().name();
            notes.add(
                    ResourceCommand.Note.normal(
                            node.key(),
                            node.uid(),
                            "NodeNotReady",
                            "Node " + name + " status is now: NodeNotReady",
                            COMPONENT));
        }
        return new ResourceCommand.ReviseResource(
                node.key(),
                node.uid(),
                node.metadata().generation(),
                body,
                Optional.empty(),
                notes);
    }

    /** Nobody knows how a pod is whose node is not ready: it gets no traffic. */
    private static void unready(Resource pod, Instant now, List<Command> commands) {
        ObjectNode status = pod.status().toObject();
        for (JsonNode condition : status.path("conditions")) {
            if (condition instanceof ObjectNode mutable
                    && mutable.path("type").asText().equals("Ready")) {
                mutable.put("status", "False")
                        .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
            }
        }
        commands.add(
                new ResourceCommand.UpdateStatus(
                        pod.key(), pod.uid(), Json.of(status), Optional.of(pod.version())));
        commands.add(
                new ResourceCommand.AddNote(
                        ResourceCommand.Note.warning(
                                pod.key(),
                                pod.uid(),
                                "NodeNotReady",
                                "Node is not ready",
                                COMPONENT)));
    }

    private static Verdict evicting(
            Resource node, List<Resource> pods, Instant now, List<Command> commands) {
        List<JsonNode> taints = drivingAway(node);
        Optional<Instant> next = Optional.empty();
        if (!taints.isEmpty()) {
            for (Resource pod : pods) {
                Optional<Instant> end = Patience.end(pod, taints, now);
                if (end.filter(due -> !due.isAfter(now)).isPresent()) {
                    evict(pod, commands);
                } else if (end.isPresent()
                        && next.filter(earlier -> !earlier.isAfter(end.get())).isEmpty()) {
                    next = end;
                }
            }
        }
        return commands.size() > BATCH
                ? new Verdict(commands.subList(0, BATCH), Optional.of(now))
                : new Verdict(commands, next);
    }

    private static List<JsonNode> drivingAway(Resource node) {
        List<JsonNode> taints = new ArrayList<>();
        for (JsonNode taint : node.body().toNode().path("spec").path("taints")) {
            if (taint.path("effect").asText().equals(Taints.NO_EXECUTE)) {
                taints.add(taint);
            }
        }
        return taints;
    }

    private static void evict(Resource pod, List<Command> commands) {
        commands.add(
                new ResourceCommand.DeleteResource(
                        pod.key(),
                        Optional.of(pod.uid()),
                        OptionalLong.empty(),
                        Propagation.BACKGROUND,
                        List.of(
                                ResourceCommand.Note.normal(
                                        pod.key(),
                                        pod.uid(),
                                        "TaintManagerEviction",
                                        "Marking for deletion Pod "
                                                + pod.key().namespace()
                                                + "/"
                                                + pod.key().name(),
                                        EVICTION))));
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        if (subject.get().kind().equals(GroupKind.NODE)) {
            return List.of(subject.get());
        }
        return subject.get().kind().equals(GroupKind.POD)
                ? troubledNode(after, subject.get()).stream().toList()
                : List.of();
    }

    /** The node of a pod, if it is one that pods cannot simply stay on. */
    private static Optional<ResourceKey> troubledNode(ClusterState state, ResourceKey key) {
        return state.resource(key)
                .map(Pods::nodeName)
                .filter(name -> !name.isEmpty())
                .map(name -> ResourceKey.node(new NodeName(name)))
                .filter(node ->
                        state.resource(node)
                                .filter(found -> notReady(found) || !drivingAway(found).isEmpty())
                                .isPresent());
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.NODE).stream().map(Resource::key).toList();
    }
}
