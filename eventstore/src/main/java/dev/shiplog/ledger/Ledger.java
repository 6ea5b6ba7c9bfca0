package dev.shiplog.ledger;

import dev.shiplog.command.Command;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The cluster as one value and one door: the newest state, and the only way to change it.
 *
 * <p>Invariants: an {@link Outcome.Applied} is durable and visible in {@link #state()} when the
 * future completes; states are published in log order; a listener sees every event once, in order.
 */
public interface Ledger extends History, AutoCloseable {
    /** The newest revision. Never blocks. */
    ClusterState state();

    /**
     * Decides a command on the newest state and records what follows. If somebody else changed what
     * the decision rests on, it is decided again. Commands on the same resources take turns; others
     * run side by side. The future fails only for faults of our own or of the disk, never for a
     * refusal.
     */
    CompletableFuture<Outcome> submit(Command command, Origin origin);

    /**
     * Calls a listener for every event after a position, in order, one call at a time. A listener
     * that is slow falls behind; it holds up nobody else.
     */
    Subscription subscribe(Position after, Listener listener);

    @Override
    void close();

    /** Follows the cluster. */
    interface Listener {
        /**
         * @param after the state with exactly these events folded in last
         */
        void changed(ClusterState after, List<Recorded> events);
    }

    /** Ends a listener's calls. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
