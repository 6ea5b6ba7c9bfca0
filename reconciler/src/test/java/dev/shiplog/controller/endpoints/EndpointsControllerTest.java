package dev.shiplog.controller.endpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Which pods stand behind a Service, as its Endpoints and EndpointSlices say. */
class EndpointsControllerTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final ResourceKey WEB = new ResourceKey(GroupKind.SERVICE, "default", "web");

    private final DirectLedger ledger = new DirectLedger(() -> NOW);
    private final EndpointsController controller = new EndpointsController();

    EndpointsControllerTest() {
        create(ResourceKey.namespace("default"), Map.of(), "{}");
    }

    @Test
    void readyPodsThatMatchAreAddressesAndOthersAreNot() {
        service("\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80,\"targetPort\":8080}]");
        pod("a", "web", "10.1.0.1", true);
        pod("b", "web", "10.1.0.2", false);
        pod("c", "other", "10.1.0.3", true);
        pod("d", "web", "", false);
        settle();

        JsonNode subset = endpoints().path("subsets").path(0);
        assertEquals(1, endpoints().path("subsets").size());
        assertEquals(List.of("10.1.0.1"), ips(subset.path("addresses")));
        assertEquals(List.of("10.1.0.2"), ips(subset.path("notReadyAddresses")));
        assertEquals("[{\"port\":8080,\"protocol\":\"TCP\"}]", subset.path("ports").toString());
        assertEquals("a", subset.path("addresses").path(0).path("targetRef").path("name").asText());
        assertEquals(1, slices().size());
        assertEquals(2, slices().getFirst().body().toNode().path("endpoints").size());
        assertEquals(
                "web", slices().getFirst().metadata().labels().get("kubernetes.io/service-name"));

        status("a", "10.1.0.1", false);
        status("b", "10.1.0.2", true);
        settle();
        subset = endpoints().path("subsets").path(0);
        assertEquals(List.of("10.1.0.2"), ips(subset.path("addresses")));
        assertEquals(List.of("10.1.0.1"), ips(subset.path("notReadyAddresses")));
    }

    @Test
    void aNamedPortIsLookedUpInEachPod() {
        service("\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80,\"targetPort\":\"http\"}]");
        create(
                pod("a"),
                Map.of("app", "web"),
                "{\"spec\":{\"containers\":[{\"name\":\"c\",\"ports\":[{\"containerPort\":8080,\"name\":\"http\"}]}]}}");
        create(
                pod("b"),
                Map.of("app", "web"),
                "{\"spec\":{\"containers\":[{\"name\":\"c\",\"ports\":[{\"containerPort\":9090,\"name\":\"http\"}]}]}}");
        status("a", "10.1.0.1", true);
        status("b", "10.1.0.2", true);
        settle();

        List<String> ports =
                StreamSupport.stream(endpoints().path("subsets").spliterator(), false)
                        .map(subset -> subset.path("ports").path(0).path("port").asText())
                        .toList();
        assertEquals(List.of("8080", "9090"), ports);
        assertEquals(2, slices().size());
    }

    @Test
    void unreadyPodsAreAddressesIfTheServiceSaysSo() {
        service(
                "\"selector\":{\"app\":\"web\"},\"clusterIP\":\"None\",\"publishNotReadyAddresses\":true");
        pod("a", "web", "10.1.0.1", false);
        settle();
        assertEquals(
                List.of("10.1.0.1"), ips(endpoints().path("subsets").path(0).path("addresses")));
    }

    /** A change of one pod among many changes one slice, and no slice holds more than it may. */
    @Test
    void manyPodsAreSpreadOverSlicesThatStayPut() {
        service("\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]");
        for (int i = 0; i < 250; i++) {
            pod("p%03d".formatted(i), "web", "10.1.%d.%d".formatted(i / 200, i % 200 + 1), true);
        }
        settle();
        assertEquals(3, slices().size());
        Map<ResourceKey, Json> before = bodies();

        remove("p120");
        pod("p250", "web", "10.1.9.9", true);
        settle();
        Map<ResourceKey, Json> after = bodies();
        assertEquals(before.keySet(), after.keySet());
        long changed =
                before.entrySet().stream()
                        .filter(slice -> !after.entrySet().contains(slice))
                        .count();
        assertTrue(changed <= 2, () -> changed + " slices changed");
        Collection<String> ips = new TreeSet<>();
        for (Resource slice : slices()) {
            JsonNode endpoints = slice.body().toNode().path("endpoints");
            assertTrue(endpoints.size() <= Slices.MAX_ENDPOINTS);
            endpoints.forEach(endpoint -> ips.add(endpoint.path("addresses").path(0).asText()));
        }
        assertEquals(250, ips.size());
    }

    @Test
    void endpointsThatSomebodyWroteStayAndAreMirrored() {
        service("\"ports\":[{\"port\":80}]");
        String written =
                "{\"subsets\":[{\"addresses\":[{\"ip\":\"192.0.2.7\"}],\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}]}";
        create(new ResourceKey(GroupKind.ENDPOINTS, "default", "web"), Map.of(), written);
        settle();

        assertEquals(Json.parse(written).toNode(), endpoints());
        JsonNode slice = slices().getFirst().body().toNode();
        assertEquals(
                "192.0.2.7", slice.path("endpoints").path(0).path("addresses").path(0).asText());
        assertEquals(
                "endpointslicemirroring-controller.k8s.io",
                slices().getFirst()
                        .metadata()
                        .labels()
                        .get("endpointslice.kubernetes.io/managed-by"));
    }

    @Test
    void aPodWakesTheServicesThatChooseItOrChoseIt() {
        service("\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]");
        pod("a", "web", "10.1.0.1", true);
        var before = ledger.state();
        Resource pod = before.resource(pod("a")).orElseThrow();
        submit(
                new ResourceCommand.ChangeMetadata(
                        pod.key(),
                        pod.uid(),
                        pod.version(),
                        new TreeMap<>(Map.of("app", "away")),
                        new TreeMap<>(),
                        List.of(),
                        List.of()));
        var event = ledger.read(before.position(), Optional.empty(), 1).getFirst();
        assertEquals(List.of(WEB), List.copyOf(controller.wakes(event, before, ledger.state())));
    }

    private void settle() {
        for (int round = 0; round < 5; round++) {
            List<Command> commands = controller.reconcile(ledger.state(), WEB, NOW).commands();
            if (commands.isEmpty()) {
                return;
            }
            commands.forEach(this::submit);
        }
        assertEquals(List.of(), controller.reconcile(ledger.state(), WEB, NOW).commands());
    }

    private void submit(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("controller:test", "test")).join();
        assertInstanceOf(Outcome.Applied.class, outcome, () -> command + ": " + outcome);
    }

    private void service(String spec) {
        create(WEB, Map.of(), "{\"spec\":{" + spec + "}}");
    }

    private void create(ResourceKey key, Map<String, String> labels, String body) {
        submit(
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(labels), new TreeMap<>(), Json.parse(body)));
    }

    private static ResourceKey pod(String name) {
        return ResourceKey.pod("default", name);
    }

    private void pod(String name, String app, String ip, boolean ready) {
        create(pod(name), Map.of("app", app), "{\"spec\":{\"containers\":[{\"name\":\"c\"}]}}");
        status(name, ip, ready);
    }

    private void status(String name, String ip, boolean ready) {
        Resource pod = ledger.state().resource(pod(name)).orElseThrow();
        String address = ip.isEmpty() ? "" : "\"podIP\":\"" + ip + "\",";
        submit(
                new ResourceCommand.UpdateStatus(
                        pod.key(),
                        pod.uid(),
                        Json.parse(
                                "{%s\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}"
                                        .formatted(address, ready ? "True" : "False"))));
    }

    private void remove(String name) {
        submit(
                new ResourceCommand.DeleteResource(
                        pod(name),
                        Optional.empty(),
                        OptionalLong.of(0),
                        dev.shiplog.resource.Propagation.BACKGROUND,
                        List.of()));
    }

    private JsonNode endpoints() {
        return ledger.state()
                .resource(new ResourceKey(GroupKind.ENDPOINTS, "default", "web"))
                .orElseThrow()
                .body()
                .toNode();
    }

    private List<Resource> slices() {
        return List.copyOf(ledger.state().resources(GroupKind.ENDPOINT_SLICE));
    }

    private Map<ResourceKey, Json> bodies() {
        Map<ResourceKey, Json> bodies = new TreeMap<>();
        slices().forEach(slice -> bodies.put(slice.key(), slice.body()));
        return bodies;
    }

    private static List<String> ips(JsonNode addresses) {
        List<String> ips = new ArrayList<>();
        addresses.forEach(address -> ips.add(address.path("ip").asText()));
        return ips;
    }
}
