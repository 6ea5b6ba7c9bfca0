package dev.shiplog.controller.loadbalancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.AddressPool;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Guide row 85: which addresses a Service of type LoadBalancer gets. */
class LoadBalancerControllerTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private final DirectLedger ledger = new DirectLedger(() -> NOW);
    private final LoadBalancerController controller = new LoadBalancerController();

    LoadBalancerControllerTest() {
        create(ResourceKey.namespace("default"), Map.of(), "{}");
        node("one", "192.0.2.1", "True");
        node("two", "192.0.2.2", "False");
        node("three", "192.0.2.3", "True");
    }

    @Test
    void itHasTheAddressesOfNodesThatAreReady() {
        service("web", 80, "");
        settle();
        assertEquals(List.of("192.0.2.1", "192.0.2.3"), addresses("web"));
        node("two", "192.0.2.2", "True");
        settle();
        assertEquals(List.of("192.0.2.1", "192.0.2.3", "192.0.2.2"), addresses("web"));
    }

    @Test
    void withALocalPolicyOnlyNodesWithEndpointsCount() {
        service("web", 80, ",\"externalTrafficPolicy\":\"Local\"");
        create(
                new ResourceKey(GroupKind.ENDPOINT_SLICE, "default", "web-1"),
                Map.of("kubernetes.io/service-name", "web"),
                "{\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"10.42.2.5\"],\"nodeName\":\"three\",\"conditions\":{\"ready\":true}}]}");
        settle();
        assertEquals(List.of("192.0.2.3"), addresses("web"));
    }

    @Test
    void oneThatAsksForAnAddressHasItAndOneOfAnotherClassIsLeftAlone() {
        service("web", 80, ",\"loadBalancerIP\":\"192.0.2.200\"");
        service("other", 80, ",\"loadBalancerClass\":\"example.com/lb\"");
        settle();
        assertEquals(List.of("192.0.2.200"), addresses("web"));
        assertEquals(List.of(), addresses("other"));
    }

    @Test
    void twoThatWantTheSamePortDoNotShareItAndTheSecondHasItLater() {
        service("a", 80, "");
        service("b", 80, "");
        service("c", 81, "");
        settle();
        assertEquals(2, addresses("a").size());
        assertEquals(List.of(), addresses("b"));
        assertEquals(2, addresses("c").size());
        assertEquals(
                List.of(
                        "b: Error syncing load balancer: failed to ensure load balancer: other"
                                + " Services have its ports at 192.0.2.1, 192.0.2.3"),
                warnings());
        submit(
                new ResourceCommand.DeleteResource(
                        key("a"),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Propagation.BACKGROUND,
                        List.of()));
        settle();
        assertEquals(2, addresses("b").size());
    }

    private List<String> addresses(String service) {
        JsonNode status = ledger.state().resource(key(service)).orElseThrow().status().toNode();
        List<String> addresses = new ArrayList<>();
        status.path("loadBalancer")
                .path("ingress")
                .forEach(one -> addresses.add(one.path("ip").asText()));
        return addresses;
    }

    private static ResourceKey key(String service) {
        return new ResourceKey(GroupKind.SERVICE, "default", service);
    }

    @Test
    void aPoolGivesEachAnAddressOfItsOwnThatStays() {
        service("web", 80, "");
        service("fixed", 80, ",\"loadBalancerIP\":\"198.51.100.1\"");
        settle();
        create(
                AddressPool.KEY,
                Map.of(),
                "{\"data\":{\"pool\":\"198.51.100.0/30,198.51.100.9-198.51.100.9\"}}");
        settle();
        assertEquals(List.of("198.51.100.1"), addresses("fixed"));
        assertEquals(List.of("198.51.100.2"), addresses("web"));
        service("more", 80, "");
        service("none", 80, "");
        settle();
        assertEquals(List.of("198.51.100.9"), addresses("more"));
        assertEquals(List.of(), addresses("none"));
        assertEquals(
                List.of(
                        "none: Error syncing load balancer: failed to ensure load balancer: other"
                                + " Services have all addresses of the pool"),
                warnings());
        assertEquals(List.of("198.51.100.2"), addresses("web"));
    }

    private List<String> warnings() {
        return ledger.state().resources(GroupKind.EVENT, "default").stream()
                .map(event -> event.body().toNode())
                .filter(event -> event.path("reason").asText().equals("SyncLoadBalancerFailed"))
                .map(event ->
                        event.path("involvedObject").path("name").asText()
                                + ": "
                                + event.path("message").asText())
                .toList();
    }

    private void service(String name, int port, String more) {
        create(
                key(name),
                Map.of(),
                "{\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":%d,\"protocol\":\"TCP\"}]%s}}"
                        .formatted(port, more));
    }

    private void node(String name, String address, String ready) {
        submit(
                new NodeCommand.RegisterNode(
                        new NodeName(name),
                        new TreeMap<>(),
                        Json.parse("{\"spec\":{}}"),
                        Json.parse(
                                """
                                {"addresses":[{"type":"InternalIP","address":"%s"}],
                                 "conditions":[{"type":"Ready","status":"%s"}]}
                                """
                                        .formatted(address, ready))));
    }

    private void create(ResourceKey key, Map<String, String> labels, String body) {
        submit(
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(labels), new TreeMap<>(), Json.parse(body)));
    }

    /** Reconciles all until nothing is to be done; a few rounds are enough. */
    private void settle() {
        for (int round = 0; round < 5; round++) {
            for (ResourceKey key : controller.all(ledger.state())) {
                controller.reconcile(ledger.state(), key, NOW).commands().forEach(this::submit);
            }
        }
    }

    private void submit(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("test", "test")).join();
        assertInstanceOf(Outcome.Applied.class, outcome);
    }
}
