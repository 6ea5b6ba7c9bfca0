package dev.shiplog.controller;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Selector;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/** From a dependent to the resources that it lives and dies with. */
public final class Owners {
    private Owners() {}

    /** Where the owner of a dependent is found. */
    public static ResourceKey key(OwnerReference reference, ResourceKey dependent) {
        boolean namespaced = Kinds.of(reference.groupKind()).map(Kind::namespaced).orElse(true);
        return new ResourceKey(
                reference.groupKind(), namespaced ? dependent.namespace() : "", reference.name());
    }

    /** The owner that is meant: of that name, and in that life. */
    public static Optional<Resource> live(
            ClusterState state, OwnerReference reference, ResourceKey dependent) {
        return state.resource(key(reference, dependent))
                .filter(owner -> owner.uid().equals(reference.uid()));
    }

    /** The resource that manages this one, if it is there. */
    public static Optional<Resource> controller(ClusterState state, Resource dependent) {
        return dependent
                .metadata()
                .controller()
                .flatMap(reference -> live(state, reference, dependent.key()));
    }

    /**
     * Who may have to act when a dependent changes: the owner of a kind that manages it; of one
     * that nobody manages, every owner of that kind that would like to. Costs what those owners
     * cost of whose labels the dependent bears one, not what its namespace holds.
     *
     * @param selector what an owner selects
     */
    public static List<ResourceKey> concerned(
            ClusterState state,
            GroupKind kind,
            Resource dependent,
            Function<Resource, Selector> selector) {
        if (dependent.metadata().controller().isPresent()) {
            return dependent.metadata().controller().stream()
                    .filter(reference -> reference.groupKind().equals(kind))
                    .map(reference -> key(reference, dependent.key()))
                    .toList();
        }
        SortedMap<String, String> labels = dependent.metadata().labels();
        return state.choosing(kind, dependent.key().namespace(), labels).stream()
                .filter(owner ->
                        state.resource(owner)
                                .filter(one -> selector.apply(one).matches(labels))
                                .isPresent())
                .toList();
    }

    /** What an owner selects by the labels and expressions of its spec. */
    public static Selector selector(Resource owner) {
        return Selector.of(owner.body().toNode().path("spec").path("selector"));
    }

    /** Whether this life of an owner manages a resource. */
    public static boolean controls(Resource owner, Resource dependent) {
        return dependent
                .metadata()
                .controller()
                .filter(reference -> reference.uid().equals(owner.uid()))
                .isPresent();
    }
}
