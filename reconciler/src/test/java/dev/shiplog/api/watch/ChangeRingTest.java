package dev.shiplog.api.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class ChangeRingTest {
    private final ChangeRing ring = new ChangeRing(4, new Position(10));

    private void add(long... versions) {
        for (long version : versions) {
            ring.add(
                    List.of(
                            new Change(
                                    ResourceKey.pod("n", "p" + version),
                                    new Position(version),
                                    null,
                                    null)));
        }
    }

    private List<Long> after(long position) throws Exception {
        return switch (ring.after(new Position(position))) {
            case ChangeRing.Start.At(long number) ->
                    ring.read(number, 100, () -> false, System.nanoTime()).stream()
                            .map(change -> change.version().value())
                            .toList();
            case ChangeRing.Start.Behind(Position floor) -> List.of(-floor.value());
        };
    }

    @Test
    void everyChangeAfterAPositionIsRead() throws Exception {
        assertEquals(List.of(), after(10));
        add(12, 15, 15);
        assertEquals(List.of(12L, 15L, 15L), after(10));
        assertEquals(List.of(12L, 15L, 15L), after(11));
        assertEquals(List.of(15L, 15L), after(12));
        assertEquals(List.of(), after(15));
        assertEquals(List.of(), after(99));
    }

    @Test
    void whatMadeRoomIsReportedMissing() throws Exception {
        assertEquals(List.of(-10L), after(9));
        add(11, 12, 13, 14, 15, 16);
        assertEquals(List.of(-12L), after(11));
        assertEquals(List.of(13L, 14L, 15L, 16L), after(12));
        assertThrows(
                ChangeRing.LeftBehindException.class,
                () -> ring.read(1, 10, () -> false, System.nanoTime()));
    }

    @Test
    void aStoppedReaderReturnsAtOnce() throws Exception {
        assertEquals(List.of(), ring.read(0, 1, () -> true, Long.MAX_VALUE));
    }

    /** Readers and the writer take turns in no order, and nobody waits for ever. */
    @Test
    @Timeout(120)
    void everyReaderSeesEveryChangeInOrder() throws Exception {
        int changes = 3_000;
        ChangeRing shared = new ChangeRing(changes, Position.ORIGIN);
        List<CompletableFuture<List<Long>>> readers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            CompletableFuture<List<Long>> seen = new CompletableFuture<>();
            readers.add(seen);
            Thread.ofVirtual().start(() -> {
                try {
                    List<Long> versions = new ArrayList<>();
                    while (versions.size() < changes) {
                        shared.read(
                                        versions.size(),
                                        7,
                                        () -> false,
                                        System.nanoTime() + TimeUnit.MINUTES.toNanos(1))
                                .forEach(change -> versions.add(change.version().value()));
                    }
                    seen.complete(versions);
                } catch (Exception e) {
                    seen.completeExceptionally(e);
                }
            });
        }
        List<Long> all = new ArrayList<>();
        for (long version = 1; version <= changes; version++) {
            all.add(version);
            shared.add(
                    List.of(
                            new Change(
                                    ResourceKey.pod("n", "p"),
                                    new Position(version),
                                    null,
                                    null)));
        }
        for (CompletableFuture<List<Long>> reader : readers) {
            assertEquals(all, reader.get(60, TimeUnit.SECONDS));
        }
    }
}
