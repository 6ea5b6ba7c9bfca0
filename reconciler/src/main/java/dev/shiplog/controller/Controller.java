package dev.shiplog.controller;

import dev.shiplog.event.Recorded;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;

/**
 * Brings one kind of resource to what is wished of it, one step at a time.
 *
 * <p>Invariants: level-triggered: {@link #reconcile} looks at the state and not at what woke it, so
 * a lost or repeated wake does no harm; when nothing is left to do, it asks for nothing.
 */
public interface Controller {
    /** Such as {@code replicaset-controller}: the component of its notes. */
    String name();

    /** The actor of its commands. */
    default String actor() {
        return "controller:" + name();
    }

    /**
     * Which resources must be looked at because of an event.
     *
     * @param before the state before the batch that the event is part of
     * @param after the state after it
     */
    Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after);

    /** Which resources must be looked at when the program starts. */
    Collection<ResourceKey> all(ClusterState state);

    /** What to do about one resource now. */
    Verdict reconcile(ClusterState state, ResourceKey key, Instant now);
}
