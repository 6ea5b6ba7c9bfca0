package dev.shiplog.controller.deployment;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Claims;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Owners;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Rolls a Deployment's pods from old templates to the newest one. */
public final class DeploymentController implements Controller {
    static final String NAME = "deployment-controller";

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
        DeploymentWish wish = DeploymentWish.of(found.get());
        Claims claims =
                Claims.of(
                        state,
                        wish.owner(),
                        GroupKind.REPLICA_SET,
                        wish.selector(),
                        set -> state.declared(set.key()).isEmpty());
        if (!claims.commands().isEmpty()) {
            return new Verdict(claims.commands(), Optional.empty());
        }
        ReplicaSets sets = ReplicaSets.of(state, wish, claims.managed(), now);
        List<Command> steps = new ArrayList<>(sized(state, wish, sets, claims));
        Optional<String> created = created(steps);
        DeploymentStatus status = DeploymentStatus.of(wish, sets, created, now);
        if (steps.isEmpty() && status.complete()) {
            steps.addAll(RevisionHistory.trim(wish, sets));
        }
        steps.addAll(revised(wish, sets, created));
        if (!status.status().equals(wish.owner().status())) {
            steps.add(new ResourceCommand.UpdateStatus(key, wish.owner().uid(), status.status()));
        }
        return new Verdict(steps, status.deadline());
    }

    /** What the ReplicaSets' sizes must become next. */
    private static List<Command> sized(
            ClusterState state, DeploymentWish wish, ReplicaSets sets, Claims claims) {
        if (wish.owner().metadata().deleting()) {
            return List.of();
        }
        if (wish.paused() || Scaling.isDue(wish, sets)) {
            List<Command> scaled = resize(wish, Scaling.sizes(wish, sets));
            if (wish.paused() || !scaled.isEmpty()) {
                return scaled;
            }
        }
        return wish.recreate()
                ? recreate(state, wish, sets, claims)
                : roll(state, wish, sets, claims);
    }

    private static List<Command> roll(
            ClusterState state, DeploymentWish wish, ReplicaSets sets, Claims claims) {
        List<Command> up = grow(state, wish, sets, claims, RollingUpdate.currentSize(wish, sets));
        return up.isEmpty() ? resize(wish, RollingUpdate.oldSizes(wish, sets)) : up;
    }

    private static List<Command> recreate(
            ClusterState state, DeploymentWish wish, ReplicaSets sets, Claims claims) {
        List<RollingUpdate.Size> down =
                sets.old().stream()
                        .filter(set -> set.wished() > 0)
                        .map(set -> new RollingUpdate.Size(set, 0))
                        .toList();
        if (!down.isEmpty()) {
            return resize(wish, down);
        }
        boolean oldPodsLeft = sets.old().stream().anyMatch(set -> runsPods(state, set));
        return oldPodsLeft ? List.of() : grow(state, wish, sets, claims, wish.replicas());
    }

    /** Pods on their way out still run. */
    private static boolean runsPods(ClusterState state, ReplicaSetView set) {
        return state.dependents(set.resource().uid()).stream()
                .filter(key -> key.kind().equals(GroupKind.POD))
                .anyMatch(key -> !Pods.finished(state.resource(key).orElseThrow()));
    }

    /** The current ReplicaSet made, or brought to a size and to its revision. */
    private static List<Command> grow(
            ClusterState state,
            DeploymentWish wish,
            ReplicaSets sets,
            Claims claims,
            int replicas) {
        if (sets.current().isEmpty()) {
            return ReplicaSetChanges.create(
                    wish,
                    ReplicaSetChanges.freeHash(state, wish),
                    claims.controlled(),
                    replicas,
                    sets.currentRevision());
        }
        ReplicaSetView current = sets.current().get();
        return ReplicaSetChanges.resize(
                wish,
                current,
                replicas,
                Annotations.current(
                        wish, current.resource().metadata().annotations(), sets.currentRevision()));
    }

    private static List<Command> resize(DeploymentWish wish, List<RollingUpdate.Size> sizes) {
        return sizes.stream()
                .flatMap(size -> ReplicaSetChanges.resize(wish, size).stream())
                .toList();
    }

    private static Optional<String> created(List<Command> steps) {
        return steps.stream()
                .filter(ResourceCommand.CreateDependents.class::isInstance)
                .map(ResourceCommand.CreateDependents.class::cast)
                .flatMap(create -> create.dependents().getFirst().name().stream())
                .findFirst();
    }

    /** The Deployment's own revision, once a ReplicaSet stands for it. */
    private static List<Command> revised(
            DeploymentWish wish, ReplicaSets sets, Optional<String> created) {
        Resource owner = wish.owner();
        boolean stands =
                created.isPresent()
                        || sets.current()
                                .filter(set -> set.revision() == sets.currentRevision())
                                .isPresent();
        String revision = Long.toString(sets.currentRevision());
        if (!stands
                || owner.metadata().deleting()
                || revision.equals(owner.metadata().annotations().get(Annotations.REVISION))) {
            return List.of();
        }
        SortedMap<String, String> annotations = new TreeMap<>(owner.metadata().annotations());
        annotations.put(Annotations.REVISION, revision);
        return List.of(
                new ResourceCommand.ChangeMetadata(
                        owner.key(),
                        owner.uid(),
                        owner.version(),
                        owner.metadata().labels(),
                        annotations,
                        owner.metadata().owners(),
                        owner.metadata().finalizers()));
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        if (key.kind().equals(GroupKind.DEPLOYMENT)) {
            return event.event() instanceof ResourceEvent.StatusChanged ? List.of() : List.of(key);
        }
        Set<ResourceKey> keys = new TreeSet<>();
        if (key.kind().equals(GroupKind.REPLICA_SET)) {
            before.resource(key).ifPresent(set -> keys.addAll(managers(before, set)));
            after.resource(key).ifPresent(set -> keys.addAll(managers(after, set)));
        }
        if (event.event() instanceof ResourceEvent.ResourceRemoved
                && key.kind().equals(GroupKind.POD)) {
            // Recreate waits for the last old pod to be gone.
            before.resource(key)
                    .flatMap(pod -> Owners.controller(before, pod))
                    .ifPresent(set -> keys.addAll(managers(before, set)));
        }
        return keys;
    }

    private static List<ResourceKey> managers(ClusterState state, Resource set) {
        return Owners.concerned(state, GroupKind.DEPLOYMENT, set, Owners::selector);
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.DEPLOYMENT).stream().map(Resource::key).toList();
    }
}
