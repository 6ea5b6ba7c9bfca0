package dev.shiplog.source.jgit;

import dev.shiplog.command.Command;
import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.ForwardingLedger;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A ledger that loses one commit when told to, as if the process had died before it. */
final class FailingLedger extends ForwardingLedger {
    private final AtomicBoolean failing = new AtomicBoolean();

    FailingLedger(Ledger ledger) {
        super(ledger);
    }

    void failNext() {
        failing.set(true);
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command, Origin origin) {
        return command instanceof ApplyCommit && failing.getAndSet(false)
                ? CompletableFuture.failedFuture(new IOException("no space left on device"))
                : super.submit(command, origin);
    }
}
