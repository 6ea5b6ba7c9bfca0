package dev.shiplog.journal.axon;

import dev.shiplog.journal.Tag;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Lets those who touch the same things take turns, first come, first served; others go side by
 * side, and so do neighbours in a queue who only share it. One takes its place in all the queues
 * that it needs at once, and goes when it has its turn in each: nobody waits but for those who came
 * before, so nobody waits in a circle, and no thread waits at all.
 */
final class Turns {
    private final Map<Tag, Queue> queues = new HashMap<>();
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
        private final Set<Tag> shared;
        private final Consumer<Turn> action;
        private int ahead;

        private Turn(List<Tag> tags, Set<Tag> shared, Consumer<Turn> action) {
            this.tags = tags;
            this.shared = Set.copyOf(shared);
            this.action = action;
        }

        /** What it keeps nobody from who shares it too. */
        Set<Tag> shared() {
            return shared;
        }
    }

    /**
     * Invariant: either one who is alone has its turn or any number who share; whoever waits waits
     * for them, or for somebody before it in the queue.
     */
    private static final class Queue {
        private final Deque<Turn> waiting = new ArrayDeque<>(2);
        private int going;
        private boolean alone;

        boolean enter(Turn turn, boolean shares) {
            if (!waiting.isEmpty() || !admits(shares)) {
                waiting.addLast(turn);
                return false;
            }
            going++;
            alone = !shares;
            return true;
        }

        private boolean admits(boolean shares) {
            return going == 0 || shares && !alone;
        }

        /** Those who may go now that another one has left. */
        List<Turn> next(Tag tag) {
            List<Turn> next = new ArrayList<>();
            while (!waiting.isEmpty() && admits(waiting.getFirst().shared.contains(tag))) {
                Turn turn = waiting.removeFirst();
                going++;
                alone = !turn.shared.contains(tag);
                next.add(turn);
            }
            return next;
        }
    }

    /**
     * Takes a place. The action runs here and now if nobody is ahead, else later on the executor.
     * It is given its turn, for leaving.
     *
     * @param tags what is touched, each once
     * @param shared those of them that others may share
     */
    void enter(List<Tag> tags, Set<Tag> shared, Consumer<Turn> action) {
        Turn turn = new Turn(tags, shared, action);
        boolean now;
        synchronized (this) {
            for (Tag tag : tags) {
                Queue queue = queues.computeIfAbsent(tag, _ -> new Queue());
                if (!queue.enter(turn, turn.shared.contains(tag))) {
                    turn.ahead++;
                }
            }
            now = turn.ahead == 0;
        }
        if (now) {
            action.accept(turn);
        }
    }

    /** Ends a turn whose action has run; whoever has its turn in every queue then goes. */
    void leave(Turn turn) {
        List<Turn> ready = new ArrayList<>();
        synchronized (this) {
            for (Tag tag : turn.tags) {
                Queue queue = queues.get(tag);
                if (queue == null || queue.going == 0 || turn.ahead > 0) {
                    throw new IllegalStateException("left a turn at " + tag + " before having it");
                }
                queue.going--;
                for (Turn next : queue.next(tag)) {
                    if (--next.ahead == 0) {
                        ready.add(next);
                    }
                }
                if (queue.going == 0) {
                    queues.remove(tag);
                }
            }
        }
        ready.forEach(next -> executor.execute(() -> next.action.accept(next)));
    }
}
