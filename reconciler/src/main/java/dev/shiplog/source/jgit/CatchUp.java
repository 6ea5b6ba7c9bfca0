package dev.shiplog.source.jgit;

import dev.shiplog.source.Adoption;
import dev.shiplog.source.SourceLedger;

import java.io.IOException;

/**
 * Makes up for an earlier change that was cut off after the branch moved, before the ledger did.
 */
interface CatchUp {
    Adoption run() throws IOException, SourceLedger.NotRecorded;
}
