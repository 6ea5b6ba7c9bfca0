package dev.shiplog.controller;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Selector;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which resources an owner manages: those that name it as their controller and match its selector.
 * Matching ones that nobody manages are adopted, managed ones that stopped matching are released.
 *
 * @param managed those that it manages already, in key order
 * @param controlled how many name it as their controller, matching or not
 * @param commands the adoptions and releases that are due
 */
public record Claims(List<Resource> managed, int controlled, List<Command> commands) {
    public Claims {
        managed = List.copyOf(managed);
        commands = List.copyOf(commands);
    }

    /**
     * @param kind the kind of what is managed
     * @param adoptable what may be adopted at all
     */
    public static Claims of(
            ClusterState state,
            Resource owner,
            GroupKind kind,
            Selector selector,
            Predicate<Resource> adoptable) {
        List<Resource> managed = new ArrayList<>();
        List<Command> commands = new ArrayList<>();
        int controlled = 0;
        for (ResourceKey key : state.dependents(owner.uid())) {
            Resource dependent = state.resource(key).orElseThrow();
            if (!key.kind().equals(kind) || !Owners.controls(owner, dependent)) {
                continue;
            }
            controlled++;
            if (selector.matches(dependent.metadata().labels())) {
                managed.add(dependent);
            } else if (!dependent.metadata().deleting()) {
                commands.add(release(owner, dependent));
            }
        }
        for (ResourceKey key : state.uncontrolled(kind, owner.key().namespace())) {
            Resource candidate = state.resource(key).orElseThrow();
            if (!candidate.metadata().deleting()
                    && selector.matches(candidate.metadata().labels())
                    && adoptable.test(candidate)) {
                commands.add(adopt(owner, candidate));
            }
        }
        return new Claims(managed, controlled, owner.metadata().deleting() ? List.of() : commands);
    }

    private static Command adopt(Resource owner, Resource orphan) {
        List<OwnerReference> owners = new ArrayList<>(orphan.metadata().owners());
        owners.removeIf(reference -> reference.uid().equals(owner.uid()));
        owners.add(
                new OwnerReference(
                        owner.apiVersion(),
                        owner.key().kind().kind(),
                        owner.key().name(),
                        owner.uid(),
                        true,
                        true));
        return withOwners(orphan, owners);
    }

    private static Command release(Resource owner, Resource dependent) {
        return withOwners(
                dependent,
                dependent.metadata().owners().stream()
                        .filter(reference -> !reference.uid().equals(owner.uid()))
                        .toList());
    }

    private static Command withOwners(Resource resource, List<OwnerReference> owners) {
        return new ResourceCommand.ChangeMetadata(
                resource.key(),
                resource.uid(),
                resource.version(),
                resource.metadata().labels(),
                resource.metadata().annotations(),
                owners,
                resource.metadata().finalizers());
    }
}
