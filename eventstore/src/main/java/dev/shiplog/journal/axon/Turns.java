package dev.shiplog.journal.axon;

import dev.shiplog.journal.Tag;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Lets those who touch the same things take turns, first come, first served; others go side by
 * side. One takes its place in all the queues that it needs at once, and goes when it is first in
 * each: nobody waits in a circle, and no thread waits at all.
 */
final class Turns {
    private final Map<Tag, Deque<Turn>> queues = new HashMap<>();
    private final Executor executor;

    /**
     * @param executor runs those who had to wait
     */
    Turns(Executor executor) {
        this.executor = executor;
    }

    /** A place in the queues, kept until {@link Turns#leave}. */
    static final class Turn {
        private final List<Tag> tags;
        private final Consumer<Turn> action;
        private int ahead;

        private Turn(List<Tag> tags, Consumer<Turn> action) {
            this.tags = tags;
            this.action = action;
        }
    }

    /**
     * Takes a place. The action runs here and now if nobody is ahead, else later on the executor.
     * It is given its turn, for leaving.
     *
     * @param tags what is touched, each once
     */
    void enter(List<Tag> tags, Consumer<Turn> action) {
        Turn turn = new Turn(tags, action);
        boolean now;
        synchronized (this) {
            for (Tag tag : tags) {
                Deque<Turn> queue = queues.computeIfAbsent(tag, _ -> new ArrayDeque<>(2));
                if (!queue.isEmpty()) {
                    turn.ahead++;
                }
                queue.addLast(turn);
            }
            now = turn.ahead == 0;
        }
        if (now) {
            action.accept(turn);
        }
    }

    /** Ends a turn whose action has run; whoever is next in every queue goes. */
    void leave(Turn turn) {
        List<Turn> ready = new ArrayList<>();
        synchronized (this) {
            for (Tag tag : turn.tags) {
                Deque<Turn> queue = queues.get(tag);
                if (queue == null || queue.peekFirst() != turn) {
                    throw new IllegalStateException("left a turn at " + tag + " before having it");
                }
                queue.removeFirst();
                Turn next = queue.peekFirst();
                if (next == null) {
                    queues.remove(tag);
                } else if (--next.ahead == 0) {
                    ready.add(next);
                }
            }
        }
        ready.forEach(next -> executor.execute(() -> next.action.accept(next)));
    }
}
