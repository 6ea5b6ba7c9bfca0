package dev.shiplog.controller.namespace;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Empties a namespace whose deletion was asked for, then removes it. */
public final class NamespaceController implements Controller {
    /** Resources deleted in one look; the next look does the rest. */
    static final int BATCH = 500;

    @Override
    public String name() {
        return "namespace-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> namespace =
                state.resource(key).filter(resource -> resource.metadata().deleting());
        if (namespace.isEmpty()) {
            return Verdict.DONE;
        }
        List<Resource> content = content(state, key.name()).toList();
        return new Verdict(
                content.isEmpty()
                        ? List.of(new ResourceCommand.RemoveResource(key, namespace.get().uid()))
                        : content.stream()
                                .filter(resource -> !resource.metadata().deleting())
                                .limit(BATCH)
                                .map(NamespaceController::delete)
                                .toList(),
                Optional.empty());
    }

    /** Owners before what they would make anew. Events go with the namespace itself. */
    private static Stream<Resource> content(ClusterState state, String namespace) {
        return Kinds.all().stream()
                .filter(Kind::namespaced)
                .map(Kind::groupKind)
                .filter(kind -> !kind.equals(GroupKind.EVENT))
                .sorted(Comparator.comparing((GroupKind kind) -> kind.equals(GroupKind.POD)))
                .flatMap(kind -> state.resources(kind, namespace).stream());
    }

    private static Command delete(Resource resource) {
        return new ResourceCommand.DeleteResource(
                resource.key(),
                Optional.of(resource.uid()),
                OptionalLong.empty(),
                Propagation.BACKGROUND,
                List.of());
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return Subjects.of(event.event())
                .map(key ->
                        key.kind().equals(GroupKind.NAMESPACE) || key.namespace().isEmpty()
                                ? key
                                : ResourceKey.namespace(key.namespace()))
                .flatMap(after::resource)
                .filter(resource -> resource.key().kind().equals(GroupKind.NAMESPACE))
                .filter(resource -> resource.metadata().deleting())
                .map(resource -> List.of(resource.key()))
                .orElse(List.of());
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.NAMESPACE).stream()
                .filter(namespace -> namespace.metadata().deleting())
                .map(Resource::key)
                .toList();
    }
}
