package dev.shiplog.source.jgit;

import dev.shiplog.command.Command;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A ledger that loses one commit when told to, as if the process had died before it. */
final class FailingLedger implements Ledger {
    private final Ledger ledger;
    private final AtomicBoolean failing = new AtomicBoolean();

    FailingLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    void failNext() {
        failing.set(true);
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command, Origin origin) {
        return command instanceof ApplyCommit && failing.getAndSet(false)
                ? CompletableFuture.failedFuture(new IOException("no space left on device"))
                : ledger.submit(command, origin);
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
