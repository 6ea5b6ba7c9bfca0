package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.audit.Moment;
import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.FurtherCauses;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SessionKind;

import org.junit.jupiter.api.Test;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;

/** What {@code shiplog why} prints of an event with several causes. */
class WhyCommandTest {
    private final DirectLedger ledger = new DirectLedger(() -> Instant.EPOCH);

    WhyCommandTest() {
        for (String name : List.of("a", "b", "c")) {
            create(name, Origin.request("user:" + name, "request-" + name));
        }
        create(
                "d",
                Origin.request("user:c", "request-c")
                        .followedBy("controller:x", new Position(3))
                        .with(new FurtherCauses(List.of(new Position(1), new Position(2)), 5)));
    }

    @Test
    void namesEveryCause() {
        List<String> lines = why("ns/d").lines().map(String::strip).toList();
        assertEquals(5, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("[because of 3 and 7 more]"), lines::toString);
        assertTrue(lines.get(1).matches("because 1 .*user:a.*"), lines::toString);
        assertTrue(lines.get(2).matches("because 2 .*user:b.*"), lines::toString);
        assertEquals("because of 5 more events like these", lines.get(3));
        assertTrue(lines.get(4).matches("and because 3 .*user:c.*"), lines::toString);
    }

    @Test
    void tellsThemToPrograms() {
        String first = why("ns/d", "-o", "json").lines().findFirst().orElseThrow();
        Json event = Json.parse(first);
        assertEquals(3, event.toNode().path("cause").asInt());
        assertEquals("[1,2]", event.toNode().path("furtherCauses").toString());
        assertEquals(5, event.toNode().path("furtherCausesUnnamed").asInt());
    }

    @Test
    void whoLookedIntoItIsNoReason() {
        ResourceKey key = ResourceKey.pod("a", "web");
        create(key, Origin.request("user:a", "request-web"));
        Outcome opened =
                ledger.submit(
                                new AccessCommand.OpenSession(
                                        "eve",
                                        "127.0.0.1",
                                        "session-1",
                                        SessionKind.EXEC,
                                        key,
                                        ledger.state().resource(key).orElseThrow().uid(),
                                        "main",
                                        List.of("sh")),
                                Origin.request("user:eve", "request-exec"))
                        .join();
        assertTrue(opened instanceof Outcome.Applied, opened::toString);

        String told = why("pod/web", "-n", "a");

        assertTrue(told.contains("user:a"), told);
        assertFalse(told.contains("eve"), told);
    }

    private String why(String... arguments) {
        WhyCommand command = new WhyCommand();
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        StringWriter out = new StringWriter();
        PrintWriter printer = new PrintWriter(out);
        assertEquals(
                0,
                command.answer(ledger, new Moment(ledger, Instant.EPOCH, ZoneOffset.UTC), printer));
        printer.flush();
        return out.toString();
    }

    private void create(String name, Origin origin) {
        create(ResourceKey.namespace(name), origin);
    }

    private void create(ResourceKey key, Origin origin) {
        Outcome outcome =
                ledger.submit(
                                new ResourceCommand.CreateResource(
                                        key, "v1", new TreeMap<>(), new TreeMap<>(), Json.EMPTY),
                                origin)
                        .join();
        assertTrue(outcome instanceof Outcome.Applied, outcome::toString);
    }
}
