package dev.shiplog.link;

import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Position;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where recorded events come from, the last few kept at hand. */
final class Origins {
    /** Origins at hand at most: those of the orders of a full node, several times over. */
    private static final int KEPT = 4096;

    private final Ledger ledger;
    private final Map<Position, Origin> kept =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<Position, Origin> eldest) {
                            return size() > KEPT;
                        }
                    });

    Origins(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The origin of the event at a position that is in the log. */
    Origin of(Position position) {
        Origin known = kept.get(position);
        if (known != null) {
            return known;
        }
        List<Recorded> read = ledger.read(new Position(position.value() - 1), Optional.empty(), 1);
        Origin origin = read.getFirst().origin();
        kept.put(position, origin);
        return origin;
    }
}
