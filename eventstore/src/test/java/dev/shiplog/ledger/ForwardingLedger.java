package dev.shiplog.ledger;

import dev.shiplog.command.Command;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Does as the ledger behind it does, but for what a test makes of it. */
public abstract class ForwardingLedger implements Ledger {
    private final Ledger ledger;

    protected ForwardingLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command, Origin origin) {
        return ledger.submit(command, origin);
    }

    @Override
    public ClusterState state() {
        return ledger.state();
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
