package dev.shiplog.scenario;

import dev.shiplog.command.Command;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.ForwardingLedger;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;

import java.util.concurrent.CompletableFuture;

/** Tells everything that is asked of a ledger, and what became of it. */
final class RecordingLedger extends ForwardingLedger {
    private final Listening listening;

    /** Hears of each command before, and of its outcome after. */
    interface Listening {
        void asked(Command command, Origin origin);

        void answered(Outcome outcome);
    }

    RecordingLedger(Ledger ledger, Listening listening) {
        super(ledger);
        this.listening = listening;
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command, Origin origin) {
        listening.asked(command, origin);
        CompletableFuture<Outcome> outcome = super.submit(command, origin);
        listening.answered(outcome.join());
        return outcome;
    }
}
