package dev.shiplog.journal.axon;

import dev.shiplog.decide.Ids;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.LedgerContract;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;

class SqliteAxonLedgerTest extends LedgerContract {
    @TempDir Path folder;

    @Override
    protected Ledger open(Supplier<Instant> clock, Ids ids) {
        return AxonLedger.open(SqliteJournal.open(folder.resolve("log.db")), clock, ids);
    }
}
