package dev.shiplog.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.ledger.SampleLog;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.SourceName;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What was ever written must be read for ever. The golden file holds a history with every type of
 * event and the hash of the state that it folds to. Decisions may change; what the file says, and
 * what it folds to, may not. {@code -Dgolden.regenerate=true} writes it anew from {@link
 * SampleLog}, for a new type of event or a meant change of the fold, and a person reads the
 * difference.
 */
class EventCodecTest {
    private static final Path GOLDEN =
            Path.of("src/test/resources/dev/shiplog/event/sample-log.golden");

    private final EventCodec codec = EventCodec.STANDARD;

    @Test
    void readsWritesAndFoldsTheGoldenLog() throws IOException {
        if (Boolean.getBoolean("golden.regenerate")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.write(GOLDEN, lines(SampleLog.events()));
        }
        List<String> golden = Files.readAllLines(GOLDEN);

        assertEquals(String.join("\n", golden), String.join("\n", lines(decoded(golden))));
    }

    @Test
    void everyTypeOfEventIsInTheGoldenLog() throws IOException {
        Set<String> expected = new TreeSet<>();
        leaves(Event.class, expected);
        Set<String> found =
                Files.readAllLines(GOLDEN).stream()
                        .filter(line -> !line.startsWith("state"))
                        .map(line -> line.split(" ", 5)[2])
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, found);
    }

    @Test
    void payloadsAreCanonicalAndReadBackAsTheyWere() {
        for (Recorded recorded : SampleLog.events()) {
            byte[] payload = codec.encode(recorded.event());
            String text = new String(payload, StandardCharsets.UTF_8);
            assertEquals(Json.parse(text).toString(), text);
            String type = codec.type(recorded.event());
            assertEquals(recorded.event(), codec.decode(type, codec.version(type), payload));
        }
    }

    @Test
    void anOlderVersionIsBroughtUpStepByStep() {
        EventCodec newer =
                new EventCodec(
                        List.of(
                                new EventCodec.Upcaster(
                                        "SourceRecovered",
                                        1,
                                        tree -> tree.put("middle", tree.path("name").asText())),
                                new EventCodec.Upcaster(
                                        "SourceRecovered",
                                        2,
                                        tree -> tree.put("source", tree.path("middle").asText()))));
        Event expected = new SourceEvent.SourceRecovered(new SourceName("x"));

        assertEquals(3, newer.version("SourceRecovered"));
        assertEquals(expected, newer.decode("SourceRecovered", 1, json("{\"name\":\"x\"}")));
        assertEquals(expected, newer.decode("SourceRecovered", 2, json("{\"middle\":\"x\"}")));
        assertEquals(expected, newer.decode("SourceRecovered", 3, json("{\"source\":\"x\"}")));
    }

    @Test
    void aGapBetweenUpcastersIsRefused() {
        List<EventCodec.Upcaster> gap =
                List.of(new EventCodec.Upcaster("SourceRecovered", 2, tree -> tree));
        assertThrows(IllegalArgumentException.class, () -> new EventCodec(gap));
    }

    @Test
    void whatThisProgramDoesNotKnowIsNamedWithItsPosition() {
        for (StoredEvent unknown :
                List.of(
                        stored("TeaServed", 1, "{}"),
                        stored("SourceRecovered", 2, "{\"source\":\"x\"}"),
                        stored("SourceRecovered", 1, "{\"sauce\":\"x\"}"),
                        stored("SourceRecovered", 1, "{\"source\""))) {
            JournalFailure failure =
                    assertThrows(JournalFailure.class, () -> codec.decode(unknown));
            assertTrue(failure.toString().contains("position 42"), failure::toString);
            assertTrue(failure.toString().contains(unknown.event().type()), failure::toString);
        }
    }

    private static StoredEvent stored(String type, int version, String payload) {
        NewEvent event =
                new NewEvent(
                        "id",
                        type,
                        version,
                        Instant.EPOCH,
                        Origin.request("user:x", "r"),
                        List.of(),
                        json(payload));
        return new StoredEvent(new Position(42), event, new byte[32]);
    }

    private List<String> lines(List<Recorded> log) {
        List<String> lines = new ArrayList<>();
        for (Recorded recorded : log) {
            String type = codec.type(recorded.event());
            lines.add(
                    recorded.position()
                            + " "
                            + recorded.time()
                            + " "
                            + type
                            + " "
                            + codec.version(type)
                            + " "
                            + new String(codec.encode(recorded.event()), StandardCharsets.UTF_8));
        }
        lines.add("state " + hash(log));
        return lines;
    }

    private List<Recorded> decoded(List<String> golden) {
        List<Recorded> log = new ArrayList<>();
        for (String line : golden.subList(0, golden.size() - 1)) {
            String[] parts = line.split(" ", 5);
            log.add(
                    new Recorded(
                            new Position(Long.parseLong(parts[0])),
                            Instant.parse(parts[1]),
                            Origin.request("user:test", "request"),
                            codec.decode(parts[2], Integer.parseInt(parts[3]), json(parts[4]))));
        }
        return log;
    }

    private static String hash(List<Recorded> log) {
        return HexFormat.of().formatHex(StateCodec.stateHash(ClusterState.EMPTY.evolve(log)));
    }

    private static void leaves(Class<?> type, Set<String> names) {
        if (type.isRecord()) {
            names.add(type.getSimpleName());
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            leaves(permitted, names);
        }
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
