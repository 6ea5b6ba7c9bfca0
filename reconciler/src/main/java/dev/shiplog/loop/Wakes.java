package dev.shiplog.loop;

import dev.shiplog.controller.Controller;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Fills the queue: from the state once, then from each event. */
final class Wakes {
    private static final Logger LOG = LoggerFactory.getLogger(Wakes.class);

    private final Ledger ledger;
    private final List<Controller> controllers;
    private final WorkQueue queue;
    private ClusterState before;

    Wakes(Ledger ledger, List<Controller> controllers, WorkQueue queue) {
        this.ledger = ledger;
        this.controllers = controllers;
        this.queue = queue;
        this.before = ClusterState.EMPTY;
    }

    /** Wakes everything that a state holds, each because of the last event that changed it. */
    void start(ClusterState state) {
        before = state;
        for (Controller controller : controllers) {
            for (ResourceKey key : controller.all(state)) {
                queue.add(controller, key, last(state, key));
            }
        }
    }

    private Trigger last(ClusterState state, ResourceKey key) {
        return state.resource(key)
                .map(Resource::version)
                .filter(version -> version.isAfter(Position.ORIGIN))
                .flatMap(version ->
                        ledger.read(new Position(version.value() - 1), Optional.empty(), 1).stream()
                                .findFirst())
                .map(Trigger::of)
                .orElseGet(() ->
                        new Trigger(
                                state.position(),
                                Origin.request("system:loop", "start-" + state.position()),
                                false));
    }

    /** Wakes what events concern. One call at a time. */
    void changed(ClusterState after, List<Recorded> events) {
        for (Recorded event : events) {
            for (Controller controller : controllers) {
                Trigger trigger = Trigger.of(event);
                for (ResourceKey key : woken(controller, event, after)) {
                    queue.add(controller, key, trigger);
                }
            }
        }
        before = after;
    }

    private Collection<ResourceKey> woken(
            Controller controller, Recorded event, ClusterState after) {
        try {
            return controller.wakes(event, before, after);
        } catch (RuntimeException e) {
            // One controller's fault must not stop the others.
            LOG.error("{} cannot tell whom event {} concerns", controller.name(), event, e);
            return List.of();
        }
    }
}
