package dev.shiplog.ledger;

import dev.shiplog.decide.Decision;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where events come from. An event that another one in the log caused belongs to the request and
 * the commit of that one, even if a command did it in one go with events of other requests: a
 * scheduler binds the pods of many commits at once.
 *
 * <p>The newest origins are kept at hand; older ones are read from the log. Safe for use by several
 * threads.
 */
public final class Origins {
    /** Origins at hand at most: some rounds of a full cluster's orders. */
    private static final int KEPT = 16_384;

    private final History history;
    private final Map<Position, Origin> kept =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<Position, Origin> eldest) {
                            return size() > KEPT;
                        }
                    });

    public Origins(History history) {
        this.history = history;
    }

    /** The origin of the event at a position that is in the log. */
    public Origin of(Position position) {
        Origin known = kept.get(position);
        if (known != null) {
            return known;
        }
        List<Recorded> read = history.read(new Position(position.value() - 1), Optional.empty(), 1);
        Origin origin = read.getFirst().origin();
        kept.put(position, origin);
        return origin;
    }

    /** Keeps at hand what was just recorded: what follows is soon asked for. */
    public void remember(List<Recorded> events) {
        events.forEach(event -> kept.put(event.position(), event.origin()));
    }

    /**
     * The origins of a decision's events, in their order; causes among siblings stay as they are.
     *
     * @param command the origin of the command that was decided
     */
    public List<Origin> each(List<Decision.Proposed> proposed, Origin command) {
        List<Origin> origins = new ArrayList<>(proposed.size());
        for (Decision.Proposed one : proposed) {
            origins.add(
                    switch (one.cause()) {
                        case Cause.None _ -> root(one, command);
                        case Cause.At at -> inherited(command, at, of(at.position()));
                        case Cause.Sibling sibling ->
                                origins.get(sibling.index()).withCause(sibling);
                    });
        }
        return origins;
    }

    /** Of commits that are applied in one go, each is its author's and a request of its own. */
    private static Origin root(Decision.Proposed one, Origin command) {
        return one.event() instanceof SourceEvent.CommitApplied applied
                        && command.commit().isEmpty()
                ? Origin.ofCommit(applied.commit(), applied.info())
                : command;
    }

    private static Origin inherited(Origin command, Cause cause, Origin from) {
        return new Origin(command.actor(), cause, from.correlation(), from.commit());
    }
}
