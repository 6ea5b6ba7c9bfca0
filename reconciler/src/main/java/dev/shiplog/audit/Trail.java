package dev.shiplog.audit;

import dev.shiplog.event.AccessEvent;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.History;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Searches the log: which events fit a question, and what led to one of them. */
public final class Trail {
    /** A chain of causes is cut after this many links: it means a loop of our own making. */
    private static final int CAUSES = 1_000;

    private final History history;

    public Trail(History history) {
        this.history = history;
    }

    /** How much of what happened is wanted. */
    public enum Telling {
        /** What changed something, and why. */
        CHANGES,
        /** And who reached into pods, or was refused, which changes nothing. */
        STORY,
        /** And status changes, reports and acknowledgements, which say how and not why. */
        EVERYTHING
    }

    /**
     * Which events are wanted.
     *
     * @param about only about this: a resource, a source or a user
     * @param actor only by an actor whose name contains this
     * @param commit only in consequence of a commit that begins with this
     * @param since only at or after
     * @param until only at or before
     * @param telling how much of what happened is wanted
     */
    public record Question(
            Optional<Tag> about,
            Optional<String> actor,
            Optional<String> commit,
            Optional<Instant> since,
            Optional<Instant> until,
            Telling telling) {
        boolean fits(Recorded event) {
            return actor.filter(a -> !event.origin().actor().contains(a)).isEmpty()
                    && commit.filter(c -> !comesFrom(event, c)).isEmpty()
                    && since.filter(event.time()::isBefore).isEmpty()
                    && until.filter(event.time()::isAfter).isEmpty()
                    && itself(event)
                    && tells(event);
        }

        /** What a source declares has its tag too, and is about the object. */
        private boolean itself(Recorded event) {
            return event.event() instanceof SourceEvent || about.filter(Tags::isSource).isEmpty();
        }

        private boolean tells(Recorded event) {
            return switch (telling) {
                case CHANGES -> !isDetail(event) && !(event.event() instanceof AccessEvent);
                case STORY -> !isDetail(event);
                case EVERYTHING -> true;
            };
        }

        private static boolean comesFrom(Recorded event, String prefix) {
            return event.origin()
                    .commit()
                    .map(CommitId::value)
                    .filter(id -> id.startsWith(prefix))
                    .isPresent();
        }

        private static boolean isDetail(Recorded event) {
            return event.event() instanceof ResourceEvent.StatusChanged
                    || event.event() instanceof NodeEvent.WorkAcknowledged
                    || event.event() instanceof NodeEvent.PodReported;
        }
    }

    /** The newest {@code limit} events that fit, oldest first. */
    public List<Recorded> newest(Question question, int limit) {
        Deque<Recorded> found = new ArrayDeque<>();
        Pages.forEach(
                history,
                Position.ORIGIN,
                question.about(),
                event -> {
                    if (question.fits(event)) {
                        found.add(event);
                        if (found.size() > limit) {
                            found.removeFirst();
                        }
                    }
                    return true;
                });
        return List.copyOf(found);
    }

    /** One event. */
    public Recorded at(Position position) {
        List<Recorded> found =
                position.value() == 0
                        ? List.of()
                        : history.read(new Position(position.value() - 1), Optional.empty(), 1);
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a position from 1 to " + history.head() + ", found " + position);
        }
        return found.getFirst();
    }

    /**
     * The event and, going back, what caused it, and what caused that, to the beginning of the
     * chain.
     */
    public List<Recorded> causes(Recorded event) {
        List<Recorded> chain = new ArrayList<>(List.of(event));
        long cause = HashChain.causePosition(event.origin().cause());
        while (cause > 0 && chain.size() < CAUSES) {
            Recorded found = at(new Position(cause));
            chain.add(found);
            cause = HashChain.causePosition(found.origin().cause());
        }
        return chain;
    }
}
