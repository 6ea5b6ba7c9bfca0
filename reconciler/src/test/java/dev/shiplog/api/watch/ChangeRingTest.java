package dev.shiplog.api.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.util.List;

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
}
