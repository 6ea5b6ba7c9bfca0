package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What a node sends again is known by its id, by a control plane that has just begun too. */
class SentNotesTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final ResourceKey KEY = ResourceKey.node(NODE);

    private final DirectLedger ledger = new DirectLedger(() -> Instant.EPOCH);

    SentNotesTest() {
        applied(
                new NodeCommand.RegisterNode(
                        NODE, Collections.emptySortedMap(), Json.EMPTY, Json.EMPTY));
    }

    @Test
    void aNoteThatComesAgainIsCountedOnce() {
        NodeCommand.ReportPods first = report("a", 1, 0, 1);
        applied(first);
        assertEquals(2, count());
        unchanged(first);
        // The program died between two appends of one report: the rest of it is still new.
        applied(report("a", 1, 0, 1, 2));
        assertEquals(3, count());
    }

    @Test
    void anEarlierReportIsKnownWithoutItsNotes() {
        applied(report("a", 1, 0));
        applied(report("a", 2, 0));
        unchanged(report("a", 1, 0, 1, 2, 3));
        assertEquals(2, count());
    }

    @Test
    void anotherLifeOfTheNodeBeginsAnew() {
        applied(report("a", 1, 0));
        applied(report("b", 1, 0));
        unchanged(report("b", 1, 0));
        assertEquals(2, count());
    }

    @Test
    void whatWasSentIsPartOfTheStateAndOfTheLog() {
        applied(report("a", 3, 0, 2));
        ClusterState live = ledger.state();
        ClusterState kept = StateCodec.decode(StateCodec.encode(live));
        ClusterState folded =
                ClusterState.EMPTY.evolve(
                        ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE));
        for (ClusterState state : List.of(live, kept, folded)) {
            assertEquals(true, state.isRecorded(NODE, new NoteId("a", 3, 0)));
            assertEquals(false, state.isRecorded(NODE, new NoteId("a", 3, 1)));
            assertEquals(true, state.isRecorded(NODE, new NoteId("a", 2, 1)));
            assertEquals(false, state.isRecorded(new NodeName("n2"), new NoteId("a", 3, 0)));
        }
    }

    @Test
    void anIdIsShortAndSimple() {
        NoteId id = new NoteId("1x9f", 3, 0);
        assertEquals(id, NoteId.parse(id.toString()));
        for (String wrong : List.of("", "a/1", "a/0/0", "a/1/-1", "a b/1/0", "a/b/1/0", "\n/1/0")) {
            assertThrows(IllegalArgumentException.class, () -> NoteId.parse(wrong), wrong);
        }
        assertThrows(IllegalArgumentException.class, () -> NoteId.parse("a".repeat(65) + "/1/0"));
    }

    private NodeCommand.ReportPods report(String life, long number, int... places) {
        List<Note> notes = new ArrayList<>();
        Resource node = ledger.state().resource(KEY).orElseThrow();
        for (int place : places) {
            notes.add(
                    Note.warning(KEY, node.uid(), "SystemOOM", "out of memory", "kubelet")
                            .on(NODE)
                            .sentAs(new NoteId(life, number, place)));
        }
        return new NodeCommand.ReportPods(NODE, List.of(), List.of(), notes);
    }

    /** How often the Event says that it was seen. */
    private int count() {
        return ledger.state().resources(GroupKind.EVENT).stream()
                .map(event -> event.body().toObject())
                .filter(event -> event.path("reason").asText().equals("SystemOOM"))
                .mapToInt(event -> event.path("count").asInt())
                .sum();
    }

    private void applied(Command command) {
        for (Recorded event : assertInstanceOf(Outcome.Applied.class, submit(command)).events()) {
            if (event.event() instanceof ResourceEvent.Noted noted) {
                assertEquals(NODE.value(), noted.node());
            }
        }
    }

    private void unchanged(Command command) {
        assertEquals(
                Decision.Reason.UNCHANGED,
                assertInstanceOf(Outcome.Refused.class, submit(command)).reason());
    }

    private Outcome submit(Command command) {
        return ledger.submit(command, Origin.request("node:n1", "request")).join();
    }
}
