/**
 * Owns: the meeting of Axon Framework 5.0.1 with our port. The engine stores Axon's messages in a
 * {@link dev.shiplog.journal.Journal}; the ledger sends every command over Axon's command bus and
 * every event through its event store. The only importer of Axon.
 *
 * <p>Never does: scan for annotations, or let Axon convert a payload; configuration is what {@code
 * AxonConfiguration} here says.
 *
 * <p>Read next: {@link dev.shiplog.journal.axon.AxonLedger}, then {@link
 * dev.shiplog.journal.axon.JournalStorageEngine}.
 */
@NullMarked
package dev.shiplog.journal.axon;

import org.jspecify.annotations.NullMarked;
