package dev.shiplog.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.Recorded;
import dev.shiplog.ledger.SampleLog;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** However a log is split, and wherever a snapshot is taken, it folds to the same bytes. */
class FoldTest {
    private static final int COMMANDS = 250;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anySplitFoldsToTheSameState(long seed) {
        List<Recorded> log = RandomHistory.events(seed, COMMANDS);
        assertTrue(log.size() > COMMANDS / 2, () -> "seed " + seed + ": only " + log.size());
        byte[] whole = StateCodec.encode(ClusterState.EMPTY.evolve(log));

        ClusterState oneByOne = ClusterState.EMPTY;
        for (Recorded event : log) {
            oneByOne = oneByOne.evolve(List.of(event));
        }
        assertArrayEquals(whole, StateCodec.encode(oneByOne), () -> "one by one, seed " + seed);

        Random random = new Random(seed);
        for (int round = 0; round < 10; round++) {
            ClusterState state = ClusterState.EMPTY;
            int from = 0;
            while (from < log.size()) {
                int to = Math.min(log.size(), from + 1 + random.nextInt(40));
                state = state.evolve(log.subList(from, to));
                from = to;
            }
            assertArrayEquals(whole, StateCodec.encode(state), () -> "split, seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aSnapshotAnywhereAndTheRestFoldToTheSameState(long seed) {
        List<Recorded> log = RandomHistory.events(seed, COMMANDS);
        byte[] whole = StateCodec.encode(ClusterState.EMPTY.evolve(log));
        ClusterState state = ClusterState.EMPTY;
        for (int cut = 0; cut < log.size(); cut++) {
            if (cut % 9 == 0) {
                byte[] document = StateCodec.encode(state);
                ClusterState restored = StateCodec.decode(document);
                assertArrayEquals(document, StateCodec.encode(restored));
                byte[] after = StateCodec.encode(restored.evolve(log.subList(cut, log.size())));
                int at = cut;
                assertArrayEquals(whole, after, () -> "snapshot at " + at + ", seed " + seed);
                assertIndexesAgree(state, restored);
            }
            state = state.evolve(List.of(log.get(cut)));
        }
    }

    @Test
    void aStateIsWrittenAndReadPieceByPiece() {
        ClusterState state = ClusterState.EMPTY.evolve(RandomHistory.events(21, 4 * COMMANDS));
        List<Integer> pieces = new ArrayList<>();
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        StateCodec.write(
                state,
                (bytes, length) -> {
                    pieces.add(length);
                    written.write(bytes, 0, length);
                });
        byte[] whole = StateCodec.encode(state);
        assertArrayEquals(whole, written.toByteArray());
        assertTrue(pieces.size() > 1, () -> "one piece of " + pieces);
        Random random = new Random(21);
        int[] at = {0};
        ClusterState read =
                StateCodec.read(into -> {
                    int count = Math.min(1 + random.nextInt(into.length), whole.length - at[0]);
                    System.arraycopy(whole, at[0], into, 0, count);
                    at[0] += count;
                    return count;
                });
        assertArrayEquals(whole, StateCodec.encode(read));
        for (int cut : List.of(0, 1, whole.length / 2, whole.length - 1)) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> StateCodec.decode(Arrays.copyOf(whole, cut)));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> StateCodec.decode(Arrays.copyOf(whole, whole.length + 1)));
    }

    private static void assertIndexesAgree(ClusterState live, ClusterState restored) {
        assertEquals(live.dependents, restored.dependents);
        assertEquals(live.podsByNode, restored.podsByNode);
        assertEquals(live.declaredBySource, restored.declaredBySource);
        assertEquals(live.uncontrolled, restored.uncontrolled);
        assertEquals(restored.labels, live.labels);
    }

    @Test
    void canonicalBytesAreCanonicalJson() {
        byte[] bytes = StateCodec.encode(ClusterState.EMPTY.evolve(SampleLog.events()));
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(Json.parse(text).toString(), text);
    }

    @Test
    void aGapIsRefused() {
        List<Recorded> log = SampleLog.events();
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> ClusterState.EMPTY.evolve(log.subList(1, 3)));
        assertEquals("expected the event at position 1, found 2", refused.getMessage());
    }

    @Test
    void theSampleLogEndsAsItShould() {
        ClusterState state = ClusterState.EMPTY.evolve(SampleLog.events());

        assertEquals(2, state.podsOn(new NodeName("n1")).size());
        Resource namespace = state.resource(ResourceKey.namespace("web")).orElseThrow();
        assertTrue(namespace.metadata().deleting());
        assertEquals("{\"phase\":\"Terminating\"}", namespace.status().toString());
        Resource solo = state.resource(ResourceKey.pod("web", "solo")).orElseThrow();
        assertTrue(solo.body().toString().contains("busybox:1.36"), solo.body()::toString);
        assertEquals(
                List.of("3".repeat(40)),
                state.sources().stream()
                        .flatMap(source -> source.applied().stream())
                        .map(applied -> applied.commit().value())
                        .toList());
        Resource urgent = state.resource(ResourceKey.pod("default", "urgent")).orElseThrow();
        assertTrue(urgent.body().toString().contains("\"priority\":1000"));
        assertFalse(urgent.status().toString().contains("nominatedNodeName"));
        Resource humble = state.resource(ResourceKey.pod("default", "humble")).orElseThrow();
        assertTrue(humble.metadata().deleting());
        Resource scaled =
                state.resource(new ResourceKey(GroupKind.REPLICA_SET, "default", "scaled"))
                        .orElseThrow();
        assertEquals("{\"spec\":{\"replicas\":3}}", scaled.body().toString());
        assertEquals(2, scaled.metadata().generation());
    }
}
