package dev.shiplog.autoscaler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.controller.autoscaler.PodReading;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.scenario.Simulation;
import dev.shiplog.scenario.VirtualTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A Deployment whose size follows what its pods use, in a cluster of which the clock is ours. */
class AutoscalingTest {
    private static final ResourceKey WEB = new ResourceKey(GroupKind.DEPLOYMENT, "default", "web");
    private static final ResourceKey AUTOSCALER =
            new ResourceKey(GroupKind.AUTOSCALER, "default", "web");

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector:
                matchLabels: {app: web}
              template:
                metadata:
                  labels: {app: web}
                spec:
                  containers:
                    - name: c
                      image: web:1
                      resources: {requests: {cpu: 100m, memory: 64Mi}}
            """;

    private static final String POLICY =
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              minReplicas: 2
              maxReplicas: 8
              metrics:
                - type: Resource
                  resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
            """;

    private final VirtualTime time = new VirtualTime();
    private final Simulation cluster =
            new Simulation(
                    time,
                    ledger -> ledger,
                    () -> Duration.ofSeconds(1),
                    () -> Duration.ofSeconds(1),
                    _ -> {});

    private long cpuMillis = 50;
    private long memoryMebibytes = 32;
    private final Autoscaling autoscaling =
            Autoscaling.stepped(cluster.ledger, this::measured, time);

    @AfterEach
    void close() {
        autoscaling.close();
    }

    private List<PodReading> measured(List<Resource> pods) {
        return pods.stream()
                .map(pod -> {
                    TreeMap<String, PodReading.Usage> usage = new TreeMap<>();
                    usage.put("c", new PodReading.Usage(cpuMillis, memoryMebibytes << 20));
                    return new PodReading(pod, Optional.of(usage));
                })
                .toList();
    }

    private void begin(String policy) throws Exception {
        cluster.node("n1").register("64", "64Gi", 110, true, false);
        cluster.push("web.yaml", DEPLOYMENT);
        cluster.push("hpa.yaml", policy);
        pass(Duration.ofSeconds(15));
    }

    /** Lets time go by, with a look every 15 s. */
    private void pass(Duration duration) throws Exception {
        for (long at = 0; at < duration.toSeconds(); at += 15) {
            cluster.tick(Duration.ofSeconds(15));
            autoscaling.pass();
            cluster.tick(Duration.ofMillis(1));
        }
    }

    private int replicas() {
        return resource(WEB).body().toNode().path("spec").path("replicas").asInt();
    }

    private Resource resource(ResourceKey key) {
        return cluster.ledger.state().resource(key).orElseThrow();
    }

    private JsonNode condition(String type) {
        for (JsonNode condition : resource(AUTOSCALER).status().toNode().path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        throw new AssertionError("no condition " + type + " in " + resource(AUTOSCALER).status());
    }

    private List<String> scalings() {
        return cluster.ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE).stream()
                .map(Recorded::event)
                .filter(ResourceEvent.ReplicasScaled.class::isInstance)
                .map(event -> (ResourceEvent.ReplicasScaled) event)
                .map(event -> event.replicas() + ": " + event.reason())
                .toList();
    }

    @Test
    void growsWithWhatItsPodsUseAndSaysWhy() throws Exception {
        begin(POLICY);
        assertEquals(2, replicas());
        assertEquals("ReadyForNewScale", condition("AbleToScale").path("reason").asText());

        cpuMillis = 100;
        pass(Duration.ofSeconds(15));

        assertEquals(4, replicas());
        assertEquals(
                List.of("4: cpu resource utilization (percentage of request) above target"),
                scalings());
        JsonNode status = resource(AUTOSCALER).status().toNode();
        assertEquals(4, status.path("desiredReplicas").asInt());
        assertEquals(
                "{\"averageUtilization\":100,\"averageValue\":\"100m\"}",
                status.at("/currentMetrics/0/resource/current").toString());
        assertEquals("SucceededRescale", condition("AbleToScale").path("reason").asText());
        assertEquals("ValidMetricFound", condition("ScalingActive").path("reason").asText());
        assertTrue(
                cluster.ledger.state().resources(GroupKind.EVENT).stream()
                        .map(event -> event.body().toNode())
                        .anyMatch(event ->
                                event.path("reason").asText().equals("SuccessfulRescale")
                                        && event.path("message")
                                                .asText()
                                                .startsWith("New size: 4; reason: cpu")));
    }

    @Test
    void aLittleMoreOrLessChangesNothing() throws Exception {
        begin(POLICY);
        cpuMillis = 54;
        pass(Duration.ofSeconds(60));
        cpuMillis = 46;
        pass(Duration.ofSeconds(60));
        assertEquals(List.of(), scalings());
    }

    @Test
    void stopsAtItsMaximum() throws Exception {
        begin(POLICY);
        cpuMillis = 500;
        pass(Duration.ofSeconds(60));
        assertEquals(8, replicas());
        pass(Duration.ofSeconds(15));
        assertEquals("TooManyReplicas", condition("ScalingLimited").path("reason").asText());
    }

    @Test
    void shrinksOnlyWhenNothingSpokeForMoreInFiveMinutes() throws Exception {
        begin(POLICY);
        cpuMillis = 100;
        pass(Duration.ofSeconds(15));
        assertEquals(4, replicas());
        cpuMillis = 10;
        pass(Duration.ofMinutes(4));
        assertEquals(4, replicas());
        assertEquals("ScaleDownStabilized", condition("AbleToScale").path("reason").asText());
        pass(Duration.ofMinutes(2));
        assertEquals(2, replicas());
        assertEquals("2: All metrics below target", scalings().getLast());
    }

    @Test
    void aNewProgramShrinksNothingAtOnceEither() throws Exception {
        begin(POLICY);
        cpuMillis = 100;
        pass(Duration.ofSeconds(15));
        assertEquals(4, replicas());
        cpuMillis = 10;

        try (Autoscaling next = Autoscaling.stepped(cluster.ledger, this::measured, time)) {
            for (int look = 0; look < 8; look++) {
                cluster.tick(Duration.ofSeconds(30));
                next.pass();
            }
            assertEquals(4, replicas(), "after four minutes");
            for (int look = 0; look < 4; look++) {
                cluster.tick(Duration.ofSeconds(30));
                next.pass();
            }
            assertEquals(2, replicas(), "after six");
        }
    }

    @Test
    void growsNoFasterThanItsPolicyAllows() throws Exception {
        begin(
                POLICY
                        + """
                          behavior:
                            scaleUp:
                              policies: [{type: Pods, value: 1, periodSeconds: 60}]
                        """);
        cpuMillis = 400;
        pass(Duration.ofSeconds(15));
        assertEquals(3, replicas());
        assertEquals("ScaleUpLimit", limited());
        pass(Duration.ofSeconds(30));
        assertEquals(3, replicas());
        pass(Duration.ofSeconds(30));
        assertEquals(4, replicas());
    }

    private String limited() {
        return condition("ScalingLimited").path("reason").asText();
    }

    @Test
    void takesTheMetricThatAsksForMost() throws Exception {
        begin(
                POLICY
                        + """
                            - type: Resource
                              resource: {name: memory, target: {type: AverageValue, averageValue: 16Mi}}
                        """);
        assertEquals(4, replicas());
        assertEquals("4: memory resource above target", scalings().getLast());
    }

    @Test
    void whatIsNotRequestedCannotBeAShare() throws Exception {
        cluster.node("n1").register("64", "64Gi", 110, true, false);
        cluster.push("web.yaml", DEPLOYMENT.replace("cpu: 100m, ", ""));
        cluster.push("hpa.yaml", POLICY);
        cpuMillis = 500;
        pass(Duration.ofSeconds(60));
        assertEquals(2, replicas());
        assertEquals("FailedGetResourceMetric", condition("ScalingActive").path("reason").asText());
        assertEquals(
                1,
                cluster.ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE).stream()
                        .filter(event ->
                                event.event() instanceof ResourceEvent.Noted noted
                                        && noted.reason().equals("FailedGetResourceMetric"))
                        .count());
    }

    @Test
    void aTargetThatIsNotThereIsTold() throws Exception {
        cluster.push("hpa.yaml", POLICY);
        pass(Duration.ofSeconds(15));
        assertEquals("FailedGetScale", condition("AbleToScale").path("reason").asText());
    }

    @Test
    void whatGitDeclaresIsWhereItBegins() throws Exception {
        begin(POLICY);
        cpuMillis = 100;
        pass(Duration.ofSeconds(15));
        assertEquals(4, replicas());

        cluster.push("web.yaml", DEPLOYMENT.replace("web:1", "web:2"));
        assertEquals(4, replicas());
        assertTrue(resource(WEB).body().toString().contains("web:2"));

        cluster.push("web.yaml", DEPLOYMENT.replace("replicas: 2", "replicas: 3"));
        assertEquals(4, replicas());

        cluster.remove("hpa.yaml");
        cluster.push("web.yaml", DEPLOYMENT.replace("replicas: 2", "replicas: 5"));
        assertEquals(5, replicas());
    }

    @Test
    void aQuietClusterWritesNothing() throws Exception {
        begin(POLICY);
        pass(Duration.ofSeconds(15));
        Position before = cluster.ledger.head();
        pass(Duration.ofMinutes(2));
        assertEquals(before, cluster.ledger.head());
    }
}
