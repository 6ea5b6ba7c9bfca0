package dev.shiplog.scenario;

import dev.shiplog.command.Command;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Tells everything that is asked of a ledger, and what became of it. */
final class RecordingLedger implements Ledger {
    private final Ledger ledger;
    private final Listening listening;

    /** Hears of each command before, and of its outcome after. */
    interface Listening {
        void asked(Command command, Origin origin);

        void answered(Outcome outcome);
    }

    RecordingLedger(Ledger ledger, Listening listening) {
        this.ledger = ledger;
        this.listening = listening;
    }

    @Override
    public ClusterState state() {
        return ledger.state();
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command, Origin origin) {
        listening.asked(command, origin);
        CompletableFuture<Outcome> outcome = ledger.submit(command, origin);
        listening.answered(outcome.join());
        return outcome;
    }

    @Override
    public Subscription subscribe(Position after, Listener listener) {
        return ledger.subscribe(after, listener);
    }

    @Override
    public Position head() {
        return ledger.head();
    }

    @Override
    public List<Recorded> read(Position after, Optional<Tag> tag, int limit) {
        return ledger.read(after, tag, limit);
    }

    @Override
    public ClusterState stateAt(Position position) {
        return ledger.stateAt(position);
    }

    @Override
    public void close() {
        ledger.close();
    }
}
