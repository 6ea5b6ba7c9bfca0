package dev.shiplog.controller;

import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import java.util.Optional;

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

    /** Whether this life of an owner manages a resource. */
    public static boolean controls(Resource owner, Resource dependent) {
        return dependent
                .metadata()
                .controller()
                .filter(reference -> reference.uid().equals(owner.uid()))
                .isPresent();
    }
}
