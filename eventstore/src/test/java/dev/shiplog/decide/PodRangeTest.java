package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.PodRanges;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.state.StateCodec;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Ranges of addresses for nodes' pods: given once, kept for life, never to two. */
class PodRangeTest {
    private final DirectLedger ledger =
            new DirectLedger(() -> Instant.parse("2026-11-25T12:00:00Z"));

    @Test
    void eachNodeIsGivenTheNextFreeRange() {
        register("one", "");
        register("two", "");
        assertEquals("10.42.0.0/24", range("one"));
        assertEquals("10.42.1.0/24", range("two"));
    }

    @Test
    void aNodeHasWhatItAsksForUnlessAnotherHasIt() {
        register("one", "10.42.7.0/24");
        register("two", "10.42.7.0/24");
        register("three", "nonsense");
        assertEquals("10.42.7.0/24", range("one"));
        assertEquals("10.42.0.0/24", range("two"));
        assertEquals("10.42.1.0/24", range("three"));
    }

    @Test
    void aNodeKeepsItsRangeWhateverItAsksForLater() {
        register("one", "10.42.7.0/24");
        Outcome again = ledger.submit(registration("one", "10.42.9.0/24"), origin()).join();
        assertInstanceOf(Outcome.Refused.class, again);
        assertEquals("10.42.7.0/24", range("one"));
    }

    @Test
    void aRangeIsFreeWhenItsNodeIsGone() {
        register("one", "");
        Resource node = node("one");
        applied(
                new ResourceCommand.DeleteResource(
                        node.key(),
                        Optional.of(node.uid()),
                        OptionalLong.empty(),
                        Propagation.BACKGROUND,
                        List.of()));
        register("two", "");
        assertEquals("10.42.0.0/24", range("two"));
        assertEquals(
                Optional.of(ResourceKey.node(new NodeName("two"))),
                StateCodec.decode(StateCodec.encode(ledger.state())).addressHolder("10.42.0.0/24"));
    }

    @Test
    void aNodeTooManyHasNone() {
        for (int i = 0; i < PodRanges.COUNT; i++) {
            register("node-" + i, "");
        }
        register("late", "");
        assertEquals("", range("late"));
    }

    @Test
    void aClusterWithAnotherRangeGivesThatOnly() {
        SortedMap<String, String> said = new TreeMap<>();
        said.put(PodRanges.ANNOTATION, "10.77.0.0/16");
        applied(
                new ResourceCommand.CreateResource(
                        ServiceRanges.KEY,
                        "networking.k8s.io/v1",
                        new TreeMap<>(),
                        said,
                        ServiceRanges.DEFAULT.body()));
        register("one", "10.42.3.0/24");
        register("two", "10.77.9.0/24");
        register("three", "10.77.0.0/24");
        assertEquals("10.77.0.0/24", range("one"));
        assertEquals("10.77.9.0/24", range("two"));
        assertEquals("10.77.1.0/24", range("three"));
    }

    @Test
    void aRangeOfPodsIsA16AndNoneOfServices() {
        assertEquals("10.77.0.0/16", PodRanges.parse("10.77.0.0/16").cidr());
        for (String bad : List.of("10.77.0.0/24", "10.77.1.0/16", "10.77.0.0", "x/16", "")) {
            assertThrows(IllegalArgumentException.class, () -> PodRanges.parse(bad), bad);
        }
        assertTrue(PodRanges.parse("10.100.0.0/16").overlaps(ServiceRanges.DEFAULT));
        assertTrue(PodRanges.parse("10.77.0.0/16").overlaps(ServiceRanges.parse("10.77.128.0/20")));
        assertFalse(PodRanges.DEFAULT.overlaps(ServiceRanges.DEFAULT));
    }

    private String range(String node) {
        return node(node).body().toNode().path("spec").path("podCIDR").asText();
    }

    private Resource node(String name) {
        return ledger.state().resource(ResourceKey.node(new NodeName(name))).orElseThrow();
    }

    private void register(String name, String wish) {
        applied(registration(name, wish));
    }

    private static Command registration(String name, String wish) {
        String spec = wish.isEmpty() ? "{}" : "{\"podCIDR\":\"" + wish + "\"}";
        return new NodeCommand.RegisterNode(
                new NodeName(name),
                new TreeMap<>(),
                Json.parse("{\"spec\":" + spec + "}"),
                Json.EMPTY);
    }

    private void applied(Command command) {
        assertInstanceOf(Outcome.Applied.class, ledger.submit(command, origin()).join());
    }

    private static Origin origin() {
        return Origin.request("test", "test");
    }
}
