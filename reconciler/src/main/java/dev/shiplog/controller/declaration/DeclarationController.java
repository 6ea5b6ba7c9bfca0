package dev.shiplog.controller.declaration;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes live what Git declares and what is not there: because something stood in the way, or
 * because somebody deleted it.
 */
public final class DeclarationController implements Controller {
    @Override
    public String name() {
        return "declaration-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        return missing(state, key) && namespaceOpen(state, key)
                ? new Verdict(
                        List.of(new ResourceCommand.RealizeDeclaration(key)), Optional.empty())
                : Verdict.DONE;
    }

    private static boolean missing(ClusterState state, ResourceKey key) {
        return state.declared(key).isPresent() && state.resource(key).isEmpty();
    }

    private static boolean namespaceOpen(ClusterState state, ResourceKey key) {
        return key.namespace().isEmpty()
                || state.resource(ResourceKey.namespace(key.namespace()))
                        .filter(namespace -> !namespace.metadata().deleting())
                        .isPresent();
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        if (event.event() instanceof ResourceEvent.StatusChanged) {
            return List.of();
        }
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        boolean namespaceBegins =
                key.kind().equals(GroupKind.NAMESPACE)
                        && before.resource(key).map(Resource::uid).isEmpty()
                        && after.resource(key).isPresent();
        if (namespaceBegins) {
            return declarations(after)
                    .filter(declared -> declared.namespace().equals(key.name()))
                    .filter(declared -> missing(after, declared))
                    .toList();
        }
        return missing(after, key) ? List.of(key) : List.of();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return declarations(state).filter(key -> missing(state, key)).toList();
    }

    private static Stream<ResourceKey> declarations(ClusterState state) {
        return state.sources().stream()
                .flatMap(source -> state.declarationsOf(source.name()).stream());
    }
}
