package dev.shiplog.journal.axon;

import dev.shiplog.decide.Ids;
import dev.shiplog.journal.MemoryJournal;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.LedgerContract;

import java.time.Instant;
import java.util.function.Supplier;

class MemoryAxonLedgerTest extends LedgerContract {
    @Override
    protected Ledger open(Supplier<Instant> clock, Ids ids) {
        return AxonLedger.open(new MemoryJournal(), clock, ids);
    }
}
