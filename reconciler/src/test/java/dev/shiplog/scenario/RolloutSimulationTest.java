package dev.shiplog.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.controller.Pods;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Cause;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Rollouts at random, with the limits of the update checked at every single event. */
class RolloutSimulationTest {
    private static final int ROLLOUTS = 6;
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(5);

    private static final String MANIFEST =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
            spec:
              replicas: %d
              minReadySeconds: %d
              strategy:
                rollingUpdate:
                  maxSurge: %s
                  maxUnavailable: %s
              selector:
                matchLabels:
                  app: web
              template:
                metadata:
                  labels:
                    app: web
                spec:
                  containers:
                    - name: web
                      image: web:%d
            """;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void staysWithinItsLimits(long seed) {
        Random random = new Random(seed);
        int replicas = 1 + random.nextInt(8);
        int minReady = random.nextInt(3);
        int surge = random.nextInt(4);
        int unavailable = surge == 0 ? 1 + random.nextInt(replicas) : random.nextInt(replicas + 1);
        VirtualTime time = new VirtualTime();
        Simulation simulation =
                new Simulation(
                        time,
                        ledger -> ledger,
                        () -> Duration.ofMillis(100 + random.nextInt(5000)),
                        () -> Duration.ofMillis(100 + random.nextInt(9000)),
                        _ -> {});
        for (int i = 1; i <= 3; i++) {
            simulation.node("n" + i).register("64", "64Gi", 110, true, false);
        }
        simulation.push("web.yaml", MANIFEST.formatted(replicas, minReady, surge, unavailable, 0));
        simulation.tick(LONG_ENOUGH);
        List<String> initial = pods(simulation.ledger.state());
        assertEquals(replicas, available(simulation.ledger.state(), time, minReady));

        List<String> violations = new ArrayList<>();
        simulation.ledger.subscribe(
                simulation.ledger.head(),
                (state, events) -> {
                    long live = live(state);
                    int serving = available(state, time, minReady);
                    if (live > replicas + surge || serving < replicas - unavailable) {
                        violations.add(events + ": " + live + " live, " + serving + " available");
                    }
                });
        for (int i = 1; i <= ROLLOUTS; i++) {
            simulation.push(
                    "web.yaml",
                    MANIFEST.formatted(replicas, minReady, surge, unavailable, random.nextInt(3)));
            simulation.tick(Duration.ofMillis(random.nextInt(20_000)));
        }
        simulation.push("web.yaml", MANIFEST.formatted(replicas, minReady, surge, unavailable, 0));
        simulation.tick(LONG_ENOUGH);

        assertEquals(List.of(), violations);
        assertEquals(initial, pods(simulation.ledger.state()));
        assertEveryChainLeadsToACommit(simulation);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web.yaml", "two"})
    void aRevertLeavesTheClusterAsBefore(String file) {
        Simulation simulation =
                new Simulation(
                        new VirtualTime(),
                        ledger -> ledger,
                        () -> Duration.ofSeconds(1),
                        () -> Duration.ofSeconds(1),
                        _ -> {});
        simulation.node("n1").register("64", "64Gi", 110, true, false);
        simulation.push("web.yaml", MANIFEST.formatted(3, 0, 1, 0, 1));
        simulation.tick(LONG_ENOUGH);
        Map<String, ObjectNode> before = documents(simulation.ledger.state());

        String other = MANIFEST.formatted(5, 1, 1, 0, 2);
        simulation.push(
                file, file.equals("two") ? other.replace("name: web\n", "name: two\n") : other);
        simulation.tick(LONG_ENOUGH);
        simulation.revert();
        simulation.tick(LONG_ENOUGH);

        assertEquals(before, documents(simulation.ledger.state()));
    }

    private static void assertEveryChainLeadsToACommit(Simulation simulation) {
        List<Recorded> log =
                simulation.ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE);
        for (Recorded event : log) {
            if (event.origin().correlation().equals("boot")
                    || event.origin().actor().equals("system:boot")
                    || event.origin().correlation().startsWith("register")
                    || event.origin().correlation().startsWith("acknowledge")) {
                continue;
            }
            Recorded root = event;
            while (root.origin().cause() instanceof Cause.At(var position)) {
                root = log.get((int) position.value() - 1);
            }
            assertTrue(root.origin().correlation().startsWith("push"), event + " from " + root);
            assertTrue(event.origin().commit().isPresent(), event.toString());
        }
    }

    /** The documents without what tells one life from another. */
    private static Map<String, ObjectNode> documents(ClusterState state) {
        Map<String, ObjectNode> documents = new TreeMap<>();
        int pod = 0;
        for (Resource resource : state.resources()) {
            ObjectNode document = resource.document().toObject();
            boolean old =
                    resource.key().kind().equals(GroupKind.REPLICA_SET)
                            && document.path("spec").path("replicas").asInt() == 0;
            if (resource.key().kind().equals(GroupKind.EVENT) || old) {
                continue;
            }
            ObjectNode metadata = (ObjectNode) document.path("metadata");
            metadata.remove(
                    List.of(
                            "uid",
                            "resourceVersion",
                            "generation",
                            "creationTimestamp",
                            "ownerReferences",
                            "annotations"));
            String name = resource.key().toString();
            if (resource.key().kind().equals(GroupKind.POD)) {
                name = "pod " + pod++;
                metadata.remove("name");
                document.remove("status");
            } else {
                ObjectNode status = document.withObject("/status");
                status.remove("observedGeneration");
                status.path("conditions")
                        .forEach(condition ->
                                ((ObjectNode) condition)
                                        .remove(List.of("lastTransitionTime", "lastUpdateTime")));
            }
            documents.put(name, document);
        }
        return documents;
    }

    private static List<String> pods(ClusterState state) {
        return state.resources(GroupKind.POD).stream()
                .map(pod -> pod.metadata().labels() + " " + Pods.phase(pod))
                .toList();
    }

    private static long live(ClusterState state) {
        return state.resources(GroupKind.POD).stream().filter(Pods::active).count();
    }

    private static int available(ClusterState state, VirtualTime time, int minReady) {
        return (int)
                state.resources(GroupKind.POD).stream()
                        .filter(Pods::active)
                        .filter(pod ->
                                Pods.availableAt(pod, minReady)
                                        .filter(at -> !at.isAfter(time.get()))
                                        .isPresent())
                        .count();
    }
}
