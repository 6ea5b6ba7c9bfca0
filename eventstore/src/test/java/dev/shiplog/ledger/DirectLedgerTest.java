package dev.shiplog.ledger;

import dev.shiplog.decide.Ids;

import java.time.Instant;
import java.util.function.Supplier;

class DirectLedgerTest extends LedgerContract {
    @Override
    protected Ledger open(Supplier<Instant> clock, Ids ids) {
        return new DirectLedger(clock, ids);
    }
}
