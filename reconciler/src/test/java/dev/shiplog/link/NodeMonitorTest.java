package dev.shiplog.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.command.NodeCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Silence is counted while somebody listens, and only then. */
class NodeMonitorTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final Instant BEGAN = Instant.parse("2026-11-23T12:00:00Z");

    private final DirectLedger ledger = new DirectLedger(() -> BEGAN);
    private final Map<NodeName, Position> leases = new TreeMap<>();
    private long nanos = 5_000_000_000L;
    private NodeMonitor monitor = monitor();

    private NodeMonitor monitor() {
        return new NodeMonitor(
                ledger,
                name -> Optional.ofNullable(leases.get(name)),
                () -> nanos,
                () -> BEGAN,
                NodeMonitor.GRACE,
                NodeMonitor.PERIOD);
    }

    @BeforeEach
    void register() {
        ledger.submit(
                        new NodeCommand.RegisterNode(
                                NODE,
                                new TreeMap<>(),
                                Json.EMPTY,
                                Json.parse(
                                        "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"},"
                                                + "{\"type\":\"DiskPressure\",\"status\":\"False\"}]}")),
                        Origin.request("node:n1", "r"))
                .join();
    }

    private void pass(int seconds) throws Exception {
        for (int second = 5; second <= seconds; second += 5) {
            nanos += Duration.ofSeconds(5).toNanos();
            monitor.look();
        }
    }

    private String conditions() {
        return ledger.state()
                .resource(ResourceKey.node(NODE))
                .orElseThrow()
                .status()
                .toNode()
                .path("conditions")
                .findValuesAsText("status")
                .toString();
    }

    @Test
    void aNodeThatRenewsIsKept() throws Exception {
        for (int i = 1; i <= 10; i++) {
            leases.put(NODE, new Position(i));
            pass(35);
        }
        assertEquals("[True, False]", conditions());
    }

    @Test
    void aSilentOneIsUnknownAfterTheGrace() throws Exception {
        leases.put(NODE, new Position(1));
        pass(45);
        assertEquals("[True, False]", conditions());
        pass(5);
        assertEquals("[Unknown, Unknown]", conditions());
    }

    @Test
    void timeWithoutAListenerDoesNotCount() throws Exception {
        leases.put(NODE, new Position(1));
        pass(30);
        // Another control plane, which has heard nothing yet: the node gets the whole grace.
        leases.clear();
        nanos += Duration.ofHours(1).toNanos();
        monitor = monitor();
        pass(40);
        assertEquals("[True, False]", conditions());
        pass(5);
        assertEquals("[Unknown, Unknown]", conditions());
    }

    @Test
    void aProgramThatStoodStillHasNotListened() throws Exception {
        leases.put(NODE, new Position(1));
        pass(30);
        nanos += Duration.ofMinutes(5).toNanos();
        monitor.look();
        assertEquals("[True, False]", conditions());
        pass(40);
        assertEquals("[True, False]", conditions());
        pass(5);
        assertEquals("[Unknown, Unknown]", conditions());
    }
}
