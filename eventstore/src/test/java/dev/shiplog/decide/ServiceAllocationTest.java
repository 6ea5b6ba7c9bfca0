package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.ledger.Samples;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Addresses and node ports of Services: given once, kept for life, never to two. */
class ServiceAllocationTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private final DirectLedger ledger = new DirectLedger(() -> NOW);
    private final AtomicInteger commits = new AtomicInteger();

    ServiceAllocationTest() {
        applied(Samples.registerSource());
        applied(
                new ResourceCommand.CreateResource(
                        ResourceKey.namespace("default"),
                        "v1",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.EMPTY));
    }

    @Test
    void aServiceIsGivenAnAddressInItsOwnCommitAndKeepsIt() {
        applied(push(service("web", "ClusterIP", "", 0)));
        String address = spec("web").path("clusterIP").asText();
        assertTrue(ServiceRanges.DEFAULT.contains(address), address);
        assertEquals("[\"" + address + "\"]", spec("web").path("clusterIPs").toString());

        applied(push(service("web", "NodePort", "", 0)));
        assertEquals(address, spec("web").path("clusterIP").asText());
        int port = spec("web").path("ports").path(0).path("nodePort").asInt();
        assertTrue(port >= 30_000 && port <= 32_767, () -> "node port " + port);

        applied(push(service("web", "ClusterIP", "", 0)));
        assertEquals(address, spec("web").path("clusterIP").asText());
        assertTrue(spec("web").path("ports").path(0).path("nodePort").isMissingNode());
        assertTrue(ledger.state().addressHolder(String.valueOf(port)).isEmpty(), "port let go");

        applied(push(service("web", "ExternalName", "", 0)));
        assertTrue(spec("web").path("clusterIP").isMissingNode());
        assertTrue(ledger.state().addressHolder(address).isEmpty(), "address let go");
    }

    @Test
    void whatOneServiceHasNoOtherGets() {
        applied(push(service("one", "NodePort", "10.96.0.80", 30_080)));

        assertEquals(
                "web.yaml:1: spec.clusterIPs: Invalid value: [\"10.96.0.80\"]: failed to allocate"
                        + " IP 10.96.0.80: provided IP is already allocated",
                refused(push(service("two", "ClusterIP", "10.96.0.80", 0))));
        assertEquals(
                "web.yaml:1: spec.ports[0].nodePort: Invalid value: 30080: provided port is"
                        + " already allocated",
                refused(push(service("two", "NodePort", "", 30_080))));
        assertEquals(
                "web.yaml:1: spec.ports[0].nodePort: Invalid value: 30081: provided port is"
                        + " already allocated",
                refused(
                        push(
                                service("two", "NodePort", "", 30_081),
                                service("three", "NodePort", "", 30_081))));
        assertEquals(
                "web.yaml:1: spec.clusterIPs[0]: Invalid value: [\"10.96.0.81\"]: may not change"
                        + " once set",
                refused(push(service("one", "ClusterIP", "10.96.0.81", 0))));
    }

    /** One commit may move a port from one Service to another, whatever their order. */
    @Test
    void oneCommitMovesAPort() {
        applied(push(service("a", "NodePort", "", 30_080), service("b", "ClusterIP", "", 0)));
        applied(push(service("a", "ClusterIP", "", 0), service("b", "NodePort", "", 30_080)));
        assertEquals(Optional.of(key("b")), ledger.state().addressHolder("30080"));
        applied(push(service("b", "ClusterIP", "", 0), service("a", "NodePort", "", 30_080)));
        assertEquals(Optional.of(key("a")), ledger.state().addressHolder("30080"));
    }

    @Test
    void anythingDoneToServicesLeavesEachAddressWithOne() {
        long seed = 20_261_125;
        Random random = new Random(seed);
        List<String> types = List.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
        for (int i = 0; i < 400; i++) {
            List<DeclaredResource> services = new ArrayList<>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                String name = "s" + random.nextInt(40);
                if (services.stream().noneMatch(d -> d.key().name().equals(name))) {
                    services.add(
                            service(
                                    name,
                                    types.get(random.nextInt(types.size())),
                                    "",
                                    random.nextInt(4) == 0 ? 30_000 + random.nextInt(8) : 0));
                }
            }
            ledger.submit(
                            push(services.toArray(DeclaredResource[]::new)),
                            Origin.request("git:ann", "c" + i))
                    .join();
            if (random.nextInt(4) == 0) {
                ledger.state().resources(GroupKind.SERVICE).stream()
                        .skip(random.nextInt(3))
                        .findFirst()
                        .ifPresent(service -> applied(withdraw(service.key())));
            }
            noneShared("seed " + seed + ", step " + i);
        }
        ClusterState replayed =
                ClusterState.EMPTY.evolve(
                        ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE));
        assertTrue(
                Arrays.equals(
                        StateCodec.stateHash(ledger.state()), StateCodec.stateHash(replayed)));
    }

    private void noneShared(String where) {
        Map<String, ResourceKey> holders = new TreeMap<>();
        for (Resource service : ledger.state().resources(GroupKind.SERVICE)) {
            JsonNode spec = service.body().toNode().path("spec");
            boolean addressed = !spec.path("type").asText().equals("ExternalName");
            assertEquals(addressed, spec.has("clusterIP"), () -> where + ": " + service.body());
            List<String> held = new ArrayList<>();
            if (addressed) {
                held.add(spec.path("clusterIP").asText());
            }
            if (spec.path("ports").path(0).has("nodePort")) {
                held.add(spec.path("ports").path(0).path("nodePort").asText());
            }
            for (String one : held) {
                ResourceKey other = holders.put(one, service.key());
                assertEquals(null, other, () -> where + ": two have " + one);
                assertEquals(Optional.of(service.key()), ledger.state().addressHolder(one), where);
            }
        }
    }

    private static ResourceKey key(String name) {
        return new ResourceKey(GroupKind.SERVICE, "default", name);
    }

    private JsonNode spec(String name) {
        return ledger.state().resource(key(name)).orElseThrow().body().toNode().path("spec");
    }

    private static DeclaredResource service(
            String name, String type, String address, int nodePort) {
        String ip =
                address.isEmpty()
                        ? ""
                        : "\"clusterIP\":\"%1$s\",\"clusterIPs\":[\"%1$s\"],".formatted(address);
        boolean exposed = type.equals("NodePort") || type.equals("LoadBalancer");
        String port = nodePort == 0 || !exposed ? "" : "\"nodePort\":" + nodePort + ",";
        return new DeclaredResource(
                "web.yaml",
                1,
                key(name),
                "v1",
                new TreeMap<>(),
                new TreeMap<>(),
                Json.parse(
                        "{\"spec\":{%s\"ports\":[{%s\"port\":80,\"protocol\":\"TCP\"}],\"type\":\"%s\"}}"
                                .formatted(ip, port, type)));
    }

    private Command push(DeclaredResource... services) {
        return commit(List.of(services), List.of());
    }

    private Command withdraw(ResourceKey key) {
        return commit(List.of(), List.of(key));
    }

    private Command commit(List<DeclaredResource> declared, List<ResourceKey> withdrawn) {
        CommitId id = new CommitId("%040x".formatted(commits.incrementAndGet()));
        return new SourceCommand.ApplyCommit(
                Samples.SOURCE,
                id,
                ledger.state()
                        .source(Samples.SOURCE)
                        .orElseThrow()
                        .applied()
                        .map(applied -> applied.commit()),
                new CommitInfo("Ann", "ann@example.org", NOW, "Change"),
                "user:ann",
                declared,
                withdrawn,
                true);
    }

    private void applied(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("git:ann", "test")).join();
        assertInstanceOf(Outcome.Applied.class, outcome, outcome::toString);
    }

    private String refused(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("git:ann", "test")).join();
        return assertInstanceOf(Outcome.Refused.class, outcome, outcome::toString).message();
    }

    private Command written(String name, String type, String address, int nodePort) {
        Resource live = ledger.state().resource(key(name)).orElseThrow();
        return new ResourceCommand.WriteResource(
                live.key(),
                live.uid(),
                live.version(),
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(),
                List.of(),
                service(name, type, address, nodePort).body(),
                Json.EMPTY);
    }

    @Test
    void aWriteTakesNoAddressOfAnotherAndKeepsItsOwn() {
        applied(push(service("one", "NodePort", "10.96.0.80", 30_080)));
        applied(push(service("two", "NodePort", "10.96.0.90", 30_090)));
        assertEquals(
                "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated",
                refused(written("two", "NodePort", "10.96.0.90", 30_080)));
        assertEquals(
                "spec.clusterIPs[0]: Invalid value: [\"10.96.0.80\"]: may not change once set",
                refused(written("two", "NodePort", "10.96.0.80", 30_090)));
        applied(written("two", "ClusterIP", "", 0));
        assertEquals("10.96.0.90", spec("two").path("clusterIP").asText());
        assertTrue(ledger.state().addressHolder("30090").isEmpty(), "port let go");
        applied(written("two", "NodePort", "", 0));
        assertTrue(spec("two").path("ports").path(0).has("nodePort"), "a port was given");
        noneShared("after writes");
    }
}
