package dev.shiplog.node.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

final class ReporterTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final ResourceKey POD = ResourceKey.pod("default", "web");

    /** A control plane that fails as often as told, and keeps what it takes. */
    private static final class FlakyPlane implements ControlPlane {
        @Override
        public void introduce(Introduction introduction) {}

        private final AtomicInteger failures;
        private final CountDownLatch enough;
        private final List<List<PodReport>> calls = new ArrayList<>();
        private final List<Position> orders = new ArrayList<>();
        private final List<Note> notes = new ArrayList<>();

        FlakyPlane(int failures, int enough) {
            this.failures = new AtomicInteger(failures);
            this.enough = new CountDownLatch(enough);
        }

        @Override
        public Connection connect(
                Supplier<Introduction> introduction,
                Supplier<List<Running>> running,
                Consumer<Order> to) {
            throw new UnsupportedOperationException("not part of this test");
        }

        @Override
        public synchronized void report(
                NodeName node,
                List<PodReport> reports,
                List<Position> acknowledged,
                List<Note> newNotes) {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("the link is down");
            }
            calls.add(reports);
            orders.addAll(acknowledged);
            notes.addAll(newNotes);
            reports.forEach(_ -> enough.countDown());
        }

        void await() throws InterruptedException {
            assertTrue(enough.await(30, TimeUnit.SECONDS), "reports arrive");
        }
    }

    private static PodReport report(String uid, String phase) {
        return new PodReport(POD, new Uid(uid), Json.parse("{\"phase\":\"" + phase + "\"}"), false);
    }

    @Test
    void whatAFailingLinkDidNotTakeIsSentAgainInItsNewestForm() throws Exception {
        FlakyPlane plane = new FlakyPlane(2, 2);
        try (Reporter reporter = new Reporter(NODE, plane)) {
            Note note = Note.normal(POD, new Uid("a"), "Started", "Started container web", "k");
            reporter.report(report("a", "Pending"), List.of(new Position(1)), List.of(note));
            reporter.report(report("b", "Pending"), List.of(new Position(2)), List.of());
            reporter.report(report("a", "Running"), List.of(), List.of());
            plane.await();
        }
        assertEquals(
                List.of(report("a", "Running"), report("b", "Pending")),
                plane.calls.stream()
                        .flatMap(List::stream)
                        .sorted((x, y) -> x.uid().compareTo(y.uid()))
                        .toList());
        assertEquals(List.of(new Position(1), new Position(2)), plane.orders);
        assertEquals(1, plane.notes.size());
    }

    @Test
    void closingDeliversWhatWaits() {
        FlakyPlane plane = new FlakyPlane(0, 1);
        Reporter reporter = new Reporter(NODE, plane);
        reporter.report(report("a", "Running"), List.of(), List.of());
        reporter.close();
        assertEquals(List.of(List.of(report("a", "Running"))), plane.calls);
    }

    @Test
    void notesBeyondTheLimitPushOutTheOldest() {
        FlakyPlane plane = new FlakyPlane(0, 1);
        Reporter reporter = new Reporter(NODE, plane);
        List<Note> many = new ArrayList<>();
        for (int i = 0; i <= Reporter.MOST_NOTES; i++) {
            many.add(Note.normal(POD, new Uid("a"), "Note", "note " + i, "k"));
        }
        reporter.tell(List.of(), many);
        reporter.close();
        assertEquals(Reporter.MOST_NOTES, plane.notes.size());
        assertEquals("note 1", plane.notes.getFirst().message());
    }
}
