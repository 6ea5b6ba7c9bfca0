package dev.shiplog.ledger;

import dev.shiplog.decide.Decision;
import dev.shiplog.event.Recorded;

import java.util.List;

/** What became of a submitted command. */
public sealed interface Outcome {
    /**
     * It holds, and is durable: these events were recorded, and the ledger's state includes them.
     */
    record Applied(List<Recorded> events) implements Outcome {
        public Applied {
            events = List.copyOf(events);
        }
    }

    /** It does not hold; nothing changed. */
    record Refused(Decision.Reason reason, String message) implements Outcome {}
}
