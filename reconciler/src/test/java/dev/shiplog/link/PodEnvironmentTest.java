package dev.shiplog.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.shiplog.event.EventCodec;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.runtime.simulated.Script;
import dev.shiplog.node.runtime.simulated.SimulatedHost;
import dev.shiplog.node.runtime.simulated.SimulatedRuntime;
import dev.shiplog.node.runtime.simulated.Timer;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.secret.ValuePlace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;

/** What containers find in their environment of ConfigMaps and Secrets. */
final class PodEnvironmentTest {
    private static final String POD =
            """
            {"containers":[{"name":"web","image":"busybox:1.37","command":["run"],
              "envFrom":[{"configMapRef":{"name":"settings"},"prefix":"S_"},
                         {"secretRef":{"name":"nothing","optional":true}}],
              "env":[{"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}},
                     {"name":"NONE","valueFrom":{"secretKeyRef":{"name":"db","key":"x","optional":true}}},
                     {"name":"URL","value":"db://$(PASSWORD)@$(S_host)"}]}]}
            """;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<Map<String, String>> started = new LinkedBlockingQueue<>();
    private final SimulatedHost host =
            new SimulatedHost(
                    Timer.real(timer),
                    Duration.ZERO,
                    spec -> {
                        started.add(spec.env());
                        return Script.of(spec);
                    });
    private final TestCluster cluster = new TestCluster();
    private final NodeAgent agent;

    PodEnvironmentTest() throws Exception {
        agent = cluster.startNode(new SimulatedRuntime(host, "n1"));
    }

    @AfterEach
    void stop() {
        agent.close();
        cluster.close();
        timer.shutdownNow();
    }

    private void awaitConfigError(ResourceKey pod, String message) {
        cluster.awaitContainer(
                message,
                pod,
                container ->
                        container
                                        .path("state")
                                        .path("waiting")
                                        .path("reason")
                                        .asText()
                                        .equals("CreateContainerConfigError")
                                && container
                                        .path("state")
                                        .path("waiting")
                                        .path("message")
                                        .asText()
                                        .equals(message));
    }

    @Test
    void aPodWaitsForWhatItNeedsAndGetsItInThePlain() throws Exception {
        Resource pod = cluster.createPod("web", POD);
        awaitConfigError(pod.key(), "configmap \"settings\" not found");
        cluster.create(
                new ResourceKey(GroupKind.CONFIG_MAP, "default", "settings"),
                "{\"data\":{\"host\":\"db.example\",\"port\":\"1\"}}");
        awaitConfigError(pod.key(), "secret \"db\" not found");
        ResourceKey secret = new ResourceKey(GroupKind.SECRET, "default", "db");
        String sealed =
                cluster.keys.seal(
                        "hunter2".getBytes(StandardCharsets.UTF_8),
                        ValuePlace.of(secret, "password"));
        cluster.create(secret, "{\"type\":\"Opaque\",\"data\":{\"password\":\"" + sealed + "\"}}");
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        Map<String, String> env = started.remove();
        assertEquals("hunter2", env.get("PASSWORD"));
        assertEquals("db://hunter2@db.example", env.get("URL"));
        assertEquals("1", env.get("S_port"));
        assertFalse(env.containsKey("NONE"));
        cluster.ledger
                .read(Position.ORIGIN, Optional.empty(), 10_000)
                .forEach(recorded ->
                        assertFalse(
                                new String(
                                                EventCodec.STANDARD.encode(recorded.event()),
                                                StandardCharsets.UTF_8)
                                        .contains("hunter2"),
                                () -> "the log shows it: " + recorded));
    }

    @Test
    void servicesAreFoundByVariables() throws Exception {
        ResourceKey key = new ResourceKey(GroupKind.SERVICE, "default", "my-db");
        cluster.create(
                key,
                """
                {"spec":{"selector":{"app":"db"},"ports":[
                  {"name":"main-port","port":5432,"protocol":"TCP","targetPort":5432},
                  {"name":"beat","port":9,"protocol":"UDP","targetPort":9}]}}
                """);
        cluster.create(
                new ResourceKey(GroupKind.SERVICE, "default", "all"),
                "{\"spec\":{\"clusterIP\":\"None\",\"selector\":{\"app\":\"db\"}}}");
        String address =
                cluster.ledger
                        .state()
                        .resource(key)
                        .orElseThrow()
                        .body()
                        .toNode()
                        .path("spec")
                        .path("clusterIP")
                        .asText();
        Resource linked =
                cluster.createPod(
                        "linked",
                        """
                        {"containers":[{"name":"web","image":"busybox:1.37","command":["run"],
                          "env":[{"name":"URL","value":"db://$(MY_DB_SERVICE_HOST)"},
                                 {"name":"MY_DB_PORT_9_UDP_PORT","value":"mine"}]}]}
                        """);
        cluster.await("linked is ready", () -> cluster.ready(linked.key()));
        Map<String, String> env = started.remove();
        assertEquals(address, env.get("MY_DB_SERVICE_HOST"));
        assertEquals("5432", env.get("MY_DB_SERVICE_PORT"));
        assertEquals("5432", env.get("MY_DB_SERVICE_PORT_MAIN_PORT"));
        assertEquals("9", env.get("MY_DB_SERVICE_PORT_BEAT"));
        assertEquals("tcp://" + address + ":5432", env.get("MY_DB_PORT"));
        assertEquals("udp://" + address + ":9", env.get("MY_DB_PORT_9_UDP"));
        assertEquals("udp", env.get("MY_DB_PORT_9_UDP_PROTO"));
        assertEquals(address, env.get("MY_DB_PORT_9_UDP_ADDR"));
        assertEquals("mine", env.get("MY_DB_PORT_9_UDP_PORT"));
        assertEquals("db://" + address, env.get("URL"));
        assertFalse(env.containsKey("ALL_SERVICE_HOST"), "a headless Service has no address");

        Resource unlinked =
                cluster.createPod(
                        "unlinked",
                        """
                        {"enableServiceLinks":false,
                         "containers":[{"name":"web","image":"busybox:1.37","command":["run"]}]}
                        """);
        cluster.await("unlinked is ready", () -> cluster.ready(unlinked.key()));
        assertFalse(started.remove().containsKey("MY_DB_SERVICE_HOST"));
    }

    /** Orders are repeated for many reasons: Services are not looked through for each of them. */
    @Test
    void variablesAreMadeOnceForAllPodsUntilAServiceChanges() {
        ResourceKey key = new ResourceKey(GroupKind.SERVICE, "default", "db");
        cluster.create(key, "{\"spec\":{\"ports\":[{\"port\":1,\"protocol\":\"TCP\"}]}}");
        Resource one = cluster.createPod("one", POD);
        Resource two = cluster.createPod("two", POD);
        ServiceLinks links = new ServiceLinks();
        var first = links.of(cluster.ledger.state(), one);
        assertEquals("1", first.get("DB_SERVICE_PORT"));
        assertSame(first, links.of(cluster.ledger.state(), two));
        links.changed(
                List.of(
                        new ResourceKey(GroupKind.SERVICE, "other", "db"),
                        new ResourceKey(GroupKind.CONFIG_MAP, "default", "settings")));
        assertSame(first, links.of(cluster.ledger.state(), one));
        cluster.create(
                new ResourceKey(GroupKind.SERVICE, "default", "late"),
                "{\"spec\":{\"ports\":[{\"port\":2,\"protocol\":\"TCP\"}]}}");
        links.changed(List.of(new ResourceKey(GroupKind.SERVICE, "default", "late")));
        assertEquals("2", links.of(cluster.ledger.state(), two).get("LATE_SERVICE_PORT"));
    }

    /**
     * A Service that comes after the pod's first order is found by a container that starts then.
     */
    @Test
    void aContainerThatStartsAgainFindsServicesThatCameMeanwhile() throws Exception {
        Resource pod = cluster.createPod("web", POD);
        awaitConfigError(pod.key(), "configmap \"settings\" not found");
        cluster.create(
                new ResourceKey(GroupKind.SERVICE, "default", "late"),
                "{\"spec\":{\"ports\":[{\"port\":2,\"protocol\":\"TCP\"}]}}");
        ResourceKey secret = new ResourceKey(GroupKind.SECRET, "default", "db");
        cluster.create(
                secret,
                "{\"type\":\"Opaque\",\"data\":{\"password\":\""
                        + cluster.keys.seal(
                                "p".getBytes(StandardCharsets.UTF_8),
                                ValuePlace.of(secret, "password"))
                        + "\"}}");
        cluster.create(
                new ResourceKey(GroupKind.CONFIG_MAP, "default", "settings"),
                "{\"data\":{\"host\":\"h\"}}");
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        assertEquals("2", started.remove().get("LATE_SERVICE_PORT"));
    }

    @Test
    void aMissingKeyIsNamed() {
        cluster.create(
                new ResourceKey(GroupKind.CONFIG_MAP, "default", "settings"),
                "{\"data\":{\"host\":\"h\"}}");
        cluster.create(
                new ResourceKey(GroupKind.SECRET, "default", "db"),
                "{\"type\":\"Opaque\",\"data\":{}}");
        Resource pod = cluster.createPod("web", POD);
        awaitConfigError(pod.key(), "couldn't find key password in Secret default/db");
        assertEquals(List.of(), List.copyOf(started));
    }
}
