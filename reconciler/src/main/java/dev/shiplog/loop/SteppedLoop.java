package dev.shiplog.loop;

import dev.shiplog.controller.Controller;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The loop in the caller's thread, one step at a time: for simulation, where the same input must
 * give the same log. Needs a ledger that calls its listeners before {@code submit} returns.
 */
public final class SteppedLoop implements AutoCloseable {
    /** Looks after which a loop that finds no rest is called broken. */
    public static final int MAX_STEPS = 1_000_000;

    private final WorkQueue queue;
    private final Turn turn;
    private final Ledger.Subscription subscription;

    public SteppedLoop(
            Ledger ledger,
            List<Controller> controllers,
            DueTimes dueTimes,
            Supplier<Instant> clock) {
        queue = new WorkQueue(controllers);
        turn = new Turn(ledger, queue, dueTimes, clock, () -> {}, Room.ENOUGH);
        Wakes wakes = new Wakes(ledger, controllers, queue);
        ClusterState start = ledger.state();
        wakes.start(start);
        subscription = ledger.subscribe(start.position(), wakes::changed);
    }

    /** Lets one controller look once; whether there was anything to look at. */
    public boolean step() {
        Optional<WorkQueue.Item> item = queue.take();
        if (item.isEmpty()) {
            return false;
        }
        turn.run(item.get());
        queue.done(item.get());
        return true;
    }

    /**
     * Steps until nothing is left to look at before time goes on.
     *
     * @throws IllegalStateException if that does not come after {@link #MAX_STEPS}
     */
    public void drainUntilIdle() {
        for (int i = 0; i < MAX_STEPS; i++) {
            if (!step()) {
                return;
            }
        }
        throw new IllegalStateException(
                "expected rest after " + MAX_STEPS + " looks, found waiting: " + queue.waiting());
    }

    @Override
    public void close() {
        subscription.close();
    }
}
