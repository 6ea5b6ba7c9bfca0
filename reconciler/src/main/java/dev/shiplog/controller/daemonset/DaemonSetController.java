package dev.shiplog.controller.daemonset;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.controller.Claims;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Owners;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.decide.admission.PodAdmission;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Keeps one pod of a template on every node that suits it. */
public final class DaemonSetController implements Controller {
    static final String NAME = "daemonset-controller";

    /** Pods created or deleted in one look. */
    static final int BATCH = 250;

    /** How old a pod that failed must be before its node gets another. */
    static final Duration FAILED_POD_WAIT = Duration.ofSeconds(10);

    /** When to try again in a namespace that may refuse pods. */
    private static final Duration ADMISSION_RETRY = Duration.ofSeconds(5);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found = state.resource(key);
        if (found.isEmpty()) {
            return Verdict.DONE;
        }
        DaemonWish wish = DaemonWish.of(found.get());
        Claims claims =
                Claims.of(
                        state,
                        wish.owner(),
                        GroupKind.POD,
                        wish.selector(),
                        pod -> Pods.active(pod) && state.declared(pod.key()).isEmpty());
        if (!claims.commands().isEmpty()) {
            return new Verdict(claims.commands(), Optional.empty());
        }
        Revisions revisions = Revisions.of(state, wish);
        if (!revisions.commands().isEmpty()) {
            return new Verdict(revisions.commands(), Optional.empty());
        }
        DaemonPods pods = DaemonPods.of(wish, claims.managed(), revisions.hash(), now);
        Nodes nodes = Nodes.of(state, wish);
        return wish.owner().metadata().deleting()
                ? new Verdict(status(wish, pods, nodes), Optional.empty())
                : next(state, wish, claims, revisions, pods, nodes);
    }

    private static Verdict next(
            ClusterState state,
            DaemonWish wish,
            Claims claims,
            Revisions revisions,
            DaemonPods pods,
            Nodes nodes) {
        Steps steps = new Steps();
        present(state, wish, pods, nodes, steps);
        if (steps.isEmpty() && wish.rolling()) {
            RollingUpdate update = RollingUpdate.of(wish, pods, nodes.wanted());
            update.doomed().forEach(pod -> steps.delete(pod, List.of()));
            update.doubled().forEach(steps::create);
        }
        List<Command> commands = new ArrayList<>(steps.commands(wish, claims, revisions.hash()));
        boolean refusable =
                !steps.created.isEmpty()
                        && PodAdmission.watched(state, wish.owner().key().namespace());
        if (steps.isEmpty() || refusable) {
            commands.addAll(status(wish, pods, nodes));
        }
        if (steps.isEmpty()) {
            commands.addAll(revisions.trim(wish, hashes(claims)));
        }
        Optional<Instant> again =
                steps.isMore()
                        ? Optional.of(pods.now())
                        : refusable
                                ? Optional.of(pods.now().plus(ADMISSION_RETRY))
                                : steps.again.or(pods::nextAvailable);
        return new Verdict(commands, again);
    }

    /** Every node that is wanted has one pod, and no other has any. */
    private static void present(
            ClusterState state, DaemonWish wish, DaemonPods pods, Nodes nodes, Steps steps) {
        for (NodeFacts node : nodes.wanted()) {
            if (pods.on(node.name()).isEmpty()) {
                steps.create(node.name());
            } else {
                prune(wish, pods, node.name(), steps);
            }
        }
        for (NodeFacts node : nodes.kept()) {
            prune(wish, pods, node.name(), steps);
        }
        for (NodeFacts node : nodes.unwanted()) {
            pods.on(node.name()).stream()
                    .filter(pod -> !pod.metadata().deleting())
                    .forEach(pod -> steps.delete(pod, List.of()));
        }
        // One that waits for a node that went away; what ran on it is somebody else's to clear.
        pods.byNode()
                .forEach((node, here) -> {
                    if (state.resource(ResourceKey.node(node)).isEmpty()) {
                        here.stream()
                                .filter(pod ->
                                        Pods.nodeName(pod).isEmpty() && !pod.metadata().deleting())
                                .forEach(pod -> steps.delete(pod, List.of()));
                    }
                });
    }

    /**
     * Of a node's pods, those that ended go, and the oldest stays: of each template, where an
     * update may run two side by side.
     */
    private static void prune(DaemonWish wish, DaemonPods pods, NodeName node, Steps steps) {
        boolean old = false;
        boolean updated = false;
        for (Resource pod : pods.on(node)) {
            if (pod.metadata().deleting()) {
                continue;
            }
            if (Pods.finished(pod)) {
                Instant due = pod.metadata().created().plus(FAILED_POD_WAIT);
                if (due.isAfter(pods.now())) {
                    steps.lookAgain(due);
                } else {
                    steps.delete(pod, List.of(ended(wish.owner(), pod, node)));
                }
            } else if (wish.surges() ? (pods.isUpdated(pod) ? updated : old) : updated || old) {
                steps.delete(pod, List.of());
            } else {
                updated |= pods.isUpdated(pod);
                old |= !pods.isUpdated(pod);
            }
        }
    }

    private static Note ended(Resource owner, Resource pod, NodeName node) {
        boolean failed = Pods.phase(pod).equals("Failed");
        String message =
                "Found %s daemon pod %s/%s on node %s, will try to %s it"
                        .formatted(
                                failed ? "failed" : "succeeded",
                                pod.key().namespace(),
                                pod.key().name(),
                                node,
                                failed ? "kill" : "delete");
        return new Note(
                owner.key(),
                owner.uid(),
                failed,
                failed ? "FailedDaemonPod" : "SucceededDaemonPod",
                message,
                NAME,
                "");
    }

    private static List<Command> status(DaemonWish wish, DaemonPods pods, Nodes nodes) {
        List<NodeFacts> others = new ArrayList<>(nodes.kept());
        others.addAll(nodes.unwanted());
        Json status = DaemonStatus.of(wish.owner(), pods, nodes.wanted(), others);
        return status.equals(wish.owner().status())
                ? List.of()
                : List.of(
                        new ResourceCommand.UpdateStatus(
                                wish.owner().key(), wish.owner().uid(), status));
    }

    private static Set<String> hashes(Claims claims) {
        Set<String> hashes = new TreeSet<>();
        for (Resource pod : claims.managed()) {
            hashes.add(pod.metadata().labels().getOrDefault(Revisions.HASH, ""));
        }
        return hashes;
    }

    /** The nodes by what becomes of them, each list by name. */
    private record Nodes(List<NodeFacts> wanted, List<NodeFacts> kept, List<NodeFacts> unwanted) {
        static Nodes of(ClusterState state, DaemonWish wish) {
            Nodes nodes = new Nodes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (Resource resource : state.resources(GroupKind.NODE)) {
                NodeFacts node = NodeFacts.of(resource);
                switch (wish.place(node)) {
                    case WANTED -> nodes.wanted.add(node);
                    case KEPT -> nodes.kept.add(node);
                    case UNWANTED -> nodes.unwanted.add(node);
                }
            }
            return nodes;
        }
    }

    /** What one look asks for, a {@link #BATCH} at most. */
    private static final class Steps {
        private final List<NodeName> created = new ArrayList<>();
        private final List<Command> deleted = new ArrayList<>();
        private Optional<Instant> again = Optional.empty();

        void create(NodeName node) {
            created.add(node);
        }

        void delete(Resource pod, List<Note> notes) {
            deleted.add(
                    new ResourceCommand.DeleteResource(
                            pod.key(),
                            Optional.of(pod.uid()),
                            OptionalLong.empty(),
                            Propagation.BACKGROUND,
                            notes));
        }

        void lookAgain(Instant time) {
            again = again.filter(earlier -> earlier.isBefore(time)).or(() -> Optional.of(time));
        }

        boolean isEmpty() {
            return created.isEmpty() && deleted.isEmpty();
        }

        boolean isMore() {
            return created.size() > BATCH || deleted.size() > BATCH;
        }

        List<Command> commands(DaemonWish wish, Claims claims, String hash) {
            List<Command> commands =
                    new ArrayList<>(deleted.subList(0, Math.min(BATCH, deleted.size())));
            if (!created.isEmpty()) {
                commands.addFirst(
                        new ResourceCommand.CreateDependents(
                                NAME,
                                wish.owner().key(),
                                wish.owner().uid(),
                                wish.owner().metadata().generation(),
                                claims.controlled(),
                                created.stream()
                                        .limit(BATCH)
                                        .map(node -> DaemonPod.on(node, wish, hash))
                                        .toList()));
            }
            return commands;
        }
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        if (key.kind().equals(GroupKind.DAEMON_SET)) {
            return event.event() instanceof ResourceEvent.StatusChanged ? List.of() : List.of(key);
        }
        if (key.kind().equals(GroupKind.NODE)) {
            return facts(before, key).equals(facts(after, key)) ? List.of() : all(after);
        }
        if (!key.kind().equals(GroupKind.POD)
                && !key.kind().equals(GroupKind.CONTROLLER_REVISION)) {
            return List.of();
        }
        Set<ResourceKey> keys = new TreeSet<>();
        before.resource(key).ifPresent(one -> keys.addAll(managers(before, one)));
        after.resource(key).ifPresent(one -> keys.addAll(managers(after, one)));
        return keys;
    }

    private static Optional<NodeFacts> facts(ClusterState state, ResourceKey node) {
        return state.resource(node).map(NodeFacts::of);
    }

    private static List<ResourceKey> managers(ClusterState state, Resource one) {
        return Owners.concerned(state, GroupKind.DAEMON_SET, one, Owners::selector);
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.DAEMON_SET).stream().map(Resource::key).toList();
    }
}
