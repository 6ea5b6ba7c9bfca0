package dev.shiplog.controller.replicaset;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Claims;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Owners;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Templates;
import dev.shiplog.controller.Verdict;
import dev.shiplog.decide.admission.PodAdmission;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps as many live pods of one template as wished, for ReplicaSets and ReplicationControllers.
 */
public final class ReplicaSetController implements Controller {
    /** Pods created or deleted in one look, as in Kubernetes; the next look does the rest. */
    static final int BATCH = 500;

    /** When to try again in a namespace that may refuse pods. */
    private static final Duration ADMISSION_RETRY = Duration.ofSeconds(5);

    private final GroupKind kind;

    private ReplicaSetController(GroupKind kind) {
        this.kind = kind;
    }

    public static ReplicaSetController forReplicaSets() {
        return new ReplicaSetController(GroupKind.REPLICA_SET);
    }

    public static ReplicaSetController forReplicationControllers() {
        return new ReplicaSetController(GroupKind.REPLICATION_CONTROLLER);
    }

    @Override
    public String name() {
        return kind.equals(GroupKind.REPLICA_SET)
                ? "replicaset-controller"
                : "replication-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found = state.resource(key);
        if (found.isEmpty()) {
            return Verdict.DONE;
        }
        Resource owner = found.get();
        ReplicaWish wish = ReplicaWish.of(owner);
        Claims claims =
                Claims.of(
                        state,
                        owner,
                        GroupKind.POD,
                        wish.selector(),
                        // What Git declares belongs to Git.
                        pod -> Pods.active(pod) && state.declared(pod.key()).isEmpty());
        if (!claims.commands().isEmpty()) {
            return new Verdict(claims.commands(), Optional.empty());
        }
        List<Resource> live = claims.managed().stream().filter(Pods::active).toList();
        if (!owner.metadata().deleting() && live.size() < wish.replicas()) {
            int missing = Math.min(wish.replicas() - live.size(), BATCH);
            // What a namespace does not admit now, it may admit later, and nothing tells of that.
            Optional<Instant> again =
                    PodAdmission.watched(state, key.namespace())
                            ? Optional.of(now.plus(ADMISSION_RETRY))
                            : Optional.empty();
            List<Command> commands = new ArrayList<>();
            if (again.isPresent() || ReplicaStatus.failing(owner)) {
                // The rest may not come for long: what there is counts until then.
                ReplicaCounts counts = counts(live, wish, now);
                commands.addAll(status(owner, ReplicaStatus.of(owner, counts)));
            }
            commands.add(create(owner, wish, claims, missing));
            return new Verdict(commands, again);
        }
        if (!owner.metadata().deleting() && live.size() > wish.replicas()) {
            int surplus = Math.min(live.size() - wish.replicas(), BATCH);
            return new Verdict(delete(state, owner, wish, live, surplus, now), Optional.empty());
        }
        ReplicaCounts counts = counts(live, wish, now);
        return new Verdict(
                status(owner, ReplicaStatus.complete(owner, counts)), counts.nextAvailable());
    }

    private static ReplicaCounts counts(List<Resource> live, ReplicaWish wish, Instant now) {
        return ReplicaCounts.of(
                live, Templates.labels(wish.template()), wish.minReadySeconds(), now);
    }

    private Command create(Resource owner, ReplicaWish wish, Claims claims, int missing) {
        ResourceCommand.Dependent pod =
                new ResourceCommand.Dependent(
                        GroupKind.POD,
                        "v1",
                        Optional.empty(),
                        Templates.labels(wish.template()),
                        Templates.annotations(wish.template()),
                        List.of(),
                        Templates.body(wish.template()));
        return new ResourceCommand.CreateDependents(
                name(),
                owner.key(),
                owner.uid(),
                owner.metadata().generation(),
                claims.controlled(),
                Collections.nCopies(missing, pod));
    }

    private static List<Command> delete(
            ClusterState state,
            Resource owner,
            ReplicaWish wish,
            List<Resource> live,
            int surplus,
            Instant now) {
        return DeletionOrder.of(state, owner, live, wish.minReadySeconds(), now).stream()
                .limit(surplus)
                .<Command>map(pod ->
                        new ResourceCommand.DeleteResource(
                                pod.key(),
                                Optional.of(pod.uid()),
                                OptionalLong.empty(),
                                Propagation.BACKGROUND,
                                List.of()))
                .toList();
    }

    private static List<Command> status(Resource owner, Json status) {
        return status.equals(owner.status())
                ? List.of()
                : List.of(new ResourceCommand.UpdateStatus(owner.key(), owner.uid(), status));
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        if (event.event() instanceof SchedulerEvent) {
            return List.of();
        }
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        if (subject.get().kind().equals(kind)) {
            return event.event() instanceof ResourceEvent.StatusChanged
                    ? List.of()
                    : List.of(subject.get());
        }
        if (!subject.get().kind().equals(GroupKind.POD)) {
            return List.of();
        }
        Set<ResourceKey> keys = new TreeSet<>();
        before.resource(subject.get()).ifPresent(pod -> keys.addAll(managers(before, pod)));
        after.resource(subject.get()).ifPresent(pod -> keys.addAll(managers(after, pod)));
        return keys;
    }

    private List<ResourceKey> managers(ClusterState state, Resource pod) {
        return Owners.concerned(state, kind, pod, ReplicaWish::selector);
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(kind).stream().map(Resource::key).toList();
    }
}
