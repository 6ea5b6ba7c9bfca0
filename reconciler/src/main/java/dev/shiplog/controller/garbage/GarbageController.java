package dev.shiplog.controller.garbage;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Owners;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Deletes what is left behind by its owners, and lets owners go that waited for their dependents.
 */
public final class GarbageController implements Controller {
    /** Holds an owner until the dependents that block its deletion are gone. */
    static final String FOREGROUND_FINALIZER = "foregroundDeletion";

    @Override
    public String name() {
        return "garbage-collector";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        return state.resource(key)
                .flatMap(resource -> next(state, resource))
                .map(command -> new Verdict(List.of(command), Optional.empty()))
                .orElse(Verdict.DONE);
    }

    private static Optional<Command> next(ClusterState state, Resource resource) {
        if (resource.metadata().deleting()) {
            return released(state, resource);
        }
        if (state.declared(resource.key()).isPresent()) {
            // What Git declares goes when Git says so; deleted here, it would come back at once.
            return Optional.empty();
        }
        List<OwnerReference> owners = resource.metadata().owners();
        List<OwnerReference> present =
                owners.stream()
                        .filter(owner -> Owners.live(state, owner, resource.key()).isPresent())
                        .toList();
        if (!owners.isEmpty() && present.isEmpty()) {
            return Optional.of(delete(resource, Propagation.BACKGROUND));
        }
        boolean awaited = present.stream().anyMatch(owner -> awaits(state, owner, resource));
        if (awaited) {
            return Optional.of(delete(resource, Propagation.FOREGROUND));
        }
        return present.size() == owners.size()
                ? Optional.empty()
                : Optional.of(change(resource, present, resource.metadata().finalizers()));
    }

    /** A deleted resource that only its dependents, or nothing any more, holds. */
    private static Optional<Command> released(ClusterState state, Resource resource) {
        List<String> finalizers = resource.metadata().finalizers();
        if (finalizers.contains(FOREGROUND_FINALIZER)) {
            // What Git declares does not go with its owner, so it is not waited for either.
            boolean blocked =
                    state.dependents(resource.uid()).stream()
                            .filter(key -> state.declared(key).isEmpty())
                            .map(key -> state.resource(key).orElseThrow())
                            .flatMap(dependent -> dependent.metadata().owners().stream())
                            .anyMatch(owner ->
                                    owner.uid().equals(resource.uid())
                                            && owner.blockOwnerDeletion());
            return blocked
                    ? Optional.empty()
                    : Optional.of(
                            change(
                                    resource,
                                    resource.metadata().owners(),
                                    finalizers.stream()
                                            .filter(name -> !name.equals(FOREGROUND_FINALIZER))
                                            .toList()));
        }
        // Containers hold a pod and content a namespace; both have somebody who looks after it.
        boolean heldOtherwise =
                (resource.key().kind().equals(GroupKind.POD) && Pods.heldByContainers(resource))
                        || resource.key().kind().equals(GroupKind.NAMESPACE);
        return finalizers.isEmpty() && !heldOtherwise
                ? Optional.of(new ResourceCommand.RemoveResource(resource.key(), resource.uid()))
                : Optional.empty();
    }

    private static boolean awaits(ClusterState state, OwnerReference owner, Resource dependent) {
        return Owners.live(state, owner, dependent.key())
                .filter(resource -> resource.metadata().deleting())
                .filter(resource -> resource.metadata().finalizers().contains(FOREGROUND_FINALIZER))
                .isPresent();
    }

    private static Command delete(Resource resource, Propagation propagation) {
        return new ResourceCommand.DeleteResource(
                resource.key(),
                Optional.of(resource.uid()),
                OptionalLong.empty(),
                propagation,
                List.of());
    }

    private static Command change(
            Resource resource, List<OwnerReference> owners, List<String> finalizers) {
        return new ResourceCommand.ChangeMetadata(
                resource.key(),
                resource.uid(),
                resource.version(),
                resource.metadata().labels(),
                resource.metadata().annotations(),
                owners,
                finalizers);
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        if (event.event() instanceof ResourceEvent.StatusChanged) {
            return List.of();
        }
        Set<ResourceKey> keys = new TreeSet<>();
        if (event.event() instanceof ResourceEvent.ResourceRemoved(var removed, var uid)) {
            keys.addAll(after.dependents(uid));
            before.resource(removed).ifPresent(resource -> addOwners(resource, keys));
        } else if (event.event() instanceof ResourceEvent) {
            Subjects.of(event.event())
                    .flatMap(after::resource)
                    .ifPresent(resource -> {
                        keys.add(resource.key());
                        addOwners(resource, keys);
                        if (resource.metadata().deleting()) {
                            keys.addAll(after.dependents(resource.uid()));
                        }
                    });
        }
        return keys.stream().filter(key -> concerns(after, key)).toList();
    }

    /** Spares the queue what certainly needs nothing. */
    private static boolean concerns(ClusterState state, ResourceKey key) {
        return state.resource(key).flatMap(resource -> next(state, resource)).isPresent();
    }

    private static void addOwners(Resource resource, Set<ResourceKey> keys) {
        resource.metadata().owners().forEach(owner -> keys.add(Owners.key(owner, resource.key())));
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources().stream()
                .map(Resource::key)
                .filter(key -> concerns(state, key))
                .toList();
    }
}
