package dev.shiplog.journal.axon;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.decide.CountingIds;
import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalContract;
import dev.shiplog.journal.MemoryJournal;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.journal.proof.Replay;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.ledger.Samples;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.StateCodec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What the Axon ledger does beyond the contract: snapshots, restarts, faults. */
class AxonLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir Path folder;

    private Path file() {
        return folder.resolve("log.db");
    }

    private Ledger open() {
        return AxonLedger.open(SqliteJournal.open(file()), () -> NOW, new CountingIds());
    }

    @Test
    void closingKeepsASnapshotAndOpeningUsesIt() throws Exception {
        byte[] hash;
        try (Ledger ledger = open()) {
            submit(ledger, "a");
            submit(ledger, "b");
            hash = StateCodec.stateHash(ledger.state());
        }
        try (Journal journal = SqliteJournal.openReadOnly(file())) {
            Optional<Snapshot> kept =
                    journal.snapshot("cluster", StateCodec.FORMAT, new Position(2));
            assertArrayEquals(hash, kept.orElseThrow().stateHash());
            assertArrayEquals(hash, Replay.verify(journal).stateHash());
        }
        try (Ledger ledger = open()) {
            assertArrayEquals(hash, StateCodec.stateHash(ledger.state()));
            submit(ledger, "c");
            assertEquals(3, ledger.stateAt(new Position(3)).resources().size());
        }
    }

    @Test
    void aDamagedSnapshotIsNotUsed() throws Exception {
        byte[] hash;
        try (Ledger ledger = open()) {
            submit(ledger, "a");
            hash = StateCodec.stateHash(ledger.state());
        }
        try (Journal journal = SqliteJournal.open(file())) {
            journal.save(
                    new Snapshot(
                            "cluster",
                            StateCodec.FORMAT,
                            new Position(1),
                            new byte[32],
                            "{}".getBytes(StandardCharsets.UTF_8)));
        }
        try (Ledger ledger = open()) {
            assertArrayEquals(hash, StateCodec.stateHash(ledger.state()));
        }
    }

    @Test
    void anEventThatNobodyKnowsStopsTheLedgerLoudly() throws Exception {
        MemoryJournal journal = new MemoryJournal();
        try (Ledger ledger = AxonLedger.open(journal, () -> NOW, new CountingIds())) {
            submit(ledger, "a");
            assertEquals(
                    new Position(2),
                    journal.append(List.of(JournalContract.event("e", "x")), AppendCondition.none())
                            .get(30, TimeUnit.SECONDS)
                            .getFirst()
                            .position());

            ExecutionException failed =
                    assertThrows(ExecutionException.class, () -> submit(ledger, "b"));

            assertTrue(failed.toString().contains("position 2"), failed::toString);
        }
    }

    /** Nothing counts what is new at first, so all go side by side; then a quota does. */
    @Test
    void aQuotaThatComesInBetweenHoldsForAllThatComeLater() {
        try (Ledger ledger = open()) {
            create(ledger, ResourceKey.namespace("shop"), "{}").join();
            List<CompletableFuture<Outcome>> asked = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                asked.add(pod(ledger, i));
            }
            asked.add(
                    create(
                            ledger,
                            new ResourceKey(GroupKind.RESOURCE_QUOTA, "shop", "q"),
                            "{\"spec\":{\"hard\":{\"pods\":\"25\"}}}"));
            for (int i = 20; i < 60; i++) {
                asked.add(pod(ledger, i));
            }
            long refused =
                    asked.stream().filter(one -> one.join() instanceof Outcome.Refused).count();
            assertEquals(35, refused);
            assertEquals(25, ledger.state().resources(GroupKind.POD, "shop").size());
        }
    }

    private static CompletableFuture<Outcome> pod(Ledger ledger, int number) {
        return create(
                ledger,
                ResourceKey.pod("shop", "p" + number),
                "{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"a\"}]}}");
    }

    private static CompletableFuture<Outcome> create(Ledger ledger, ResourceKey key, String body) {
        return ledger.submit(
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body)),
                Origin.request("user:test", "test"));
    }

    @Test
    void aClosedLedgerTakesNothing() {
        Ledger ledger = open();
        ledger.close();
        ledger.close();
        assertThrows(ExecutionException.class, () -> submit(ledger, "a"));
    }

    private static void submit(Ledger ledger, String name) throws Exception {
        Command command =
                new ResourceCommand.CreateResource(
                        Samples.configMap(name),
                        "v1",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.EMPTY);
        Outcome outcome =
                ledger.submit(command, Origin.request("user:ann", "r")).get(30, TimeUnit.SECONDS);
        assertInstanceOf(Outcome.Applied.class, outcome);
    }
}
