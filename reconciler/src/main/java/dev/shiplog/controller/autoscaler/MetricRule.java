package dev.shiplog.controller.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.controller.Pods;
import dev.shiplog.placement.Amounts;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One metric of an autoscaler: the processor or memory of the pods, as a share of what they request
 * or as an average, after Kubernetes' {@code replica_calculator.go}.
 *
 * @param resource {@code cpu} or {@code memory}
 * @param container whose; empty for all of a pod
 * @param utilization percent of the request, if that is the target
 * @param average the target otherwise, in thousandths of a core or bytes
 */
record MetricRule(String resource, String container, Optional<Integer> utilization, long average) {
    /** A ratio so near to 1 changes nothing. */
    static final double TOLERANCE = 0.1;

    /** A pod that young may use its processor to begin. */
    private static final Duration CPU_INITIALIZATION = Duration.ofMinutes(5);

    private static final long WHOLE = 100;

    /** What a metric asks for. */
    sealed interface Answer {
        /**
         * @param current the metric as {@code status.currentMetrics} shows it
         */
        record Replicas(int replicas, String name, Json current) implements Answer {}

        record Failed(String reason, String message) implements Answer {}
    }

    static Answer answer(JsonNode metric, int current, List<PodReading> pods, Instant now) {
        boolean whole = metric.path("type").asText().equals("Resource");
        if (!whole && !metric.path("type").asText().equals("ContainerResource")) {
            return new Answer.Failed(
                    "InvalidMetricSourceType",
                    "the HPA was unable to compute the replica count: unknown metric source type \""
                            + metric.path("type").asText()
                            + "\"");
        }
        JsonNode source = metric.path(whole ? "resource" : "containerResource");
        JsonNode target = source.path("target");
        String name = source.path("name").asText();
        if (!name.equals(Amounts.CPU) && !name.equals(Amounts.MEMORY)) {
            return failed(name, "no metrics of " + name + " are measured");
        }
        MetricRule rule =
                new MetricRule(
                        name,
                        source.path("container").asText(),
                        target.has("averageUtilization")
                                ? Optional.of(target.path("averageUtilization").asInt())
                                : Optional.empty(),
                        target.has("averageValue")
                                ? Amounts.of(name, target.path("averageValue").asText())
                                : 0);
        return rule.measure(metric, current, pods, now);
    }

    private static Answer failed(String name, String why) {
        return new Answer.Failed(
                "FailedGetResourceMetric",
                "the HPA was unable to compute the replica count: failed to get "
                        + name
                        + " utilization: "
                        + why);
    }

    /** What one pod uses of what it should. */
    private record Share(long used, long wanted) {}

    private Answer measure(JsonNode metric, int current, List<PodReading> pods, Instant now) {
        List<Share> measured = new ArrayList<>();
        List<Share> unready = new ArrayList<>();
        List<Share> missing = new ArrayList<>();
        for (PodReading reading : pods) {
            if (!Pods.active(reading.pod())) {
                continue;
            }
            Optional<Long> wanted = wanted(reading.pod());
            if (wanted.isEmpty()) {
                return failed(
                        resource,
                        "missing request for "
                                + resource
                                + " in a container of Pod "
                                + reading.pod().key().name());
            }
            Optional<Long> used = reading.used().flatMap(this::used);
            if (resource.equals(Amounts.CPU) && begins(reading.pod(), now)) {
                unready.add(new Share(0, wanted.get()));
            } else if (used.isEmpty()) {
                missing.add(new Share(0, wanted.get()));
            } else {
                measured.add(new Share(used.get(), wanted.get()));
            }
        }
        if (measured.isEmpty()) {
            return failed(
                    resource,
                    "did not receive metrics for targeted pods (pods might be unready)");
        }
        return new Answer.Replicas(
                replicas(current, measured, unready, missing),
                name(),
                current(metric, measured));
    }

    private int replicas(
            int current, List<Share> measured, List<Share> unready, List<Share> missing) {
        double ratio = ratio(measured);
        boolean withUnready = !unready.isEmpty() && ratio > 1;
        if (!withUnready && missing.isEmpty()) {
            return tolerable(ratio) ? current : ceil(ratio * measured.size());
        }
        List<Share> all = new ArrayList<>(measured);
        // What is not known speaks against the change: full when shrinking, idle when growing.
        for (Share one : missing) {
            all.add(ratio < 1 ? new Share(full(one), one.wanted()) : one);
        }
        if (withUnready) {
            all.addAll(unready);
        }
        double careful = ratio(all);
        boolean turned = (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1);
        if (tolerable(careful) || turned) {
            return current;
        }
        int replicas = ceil(careful * all.size());
        boolean against =
                (careful < 1 && replicas > current) || (careful > 1 && replicas < current);
        return against ? current : replicas;
    }

    private long full(Share share) {
        return utilization
                .map(target -> share.wanted() * Math.max(WHOLE, target) / WHOLE)
                .orElse(average);
    }

    /** How much is used of what should be. */
    private double ratio(List<Share> shares) {
        double used = shares.stream().mapToLong(Share::used).sum();
        if (utilization.isEmpty()) {
            return used / shares.size() / Math.max(1, average);
        }
        double wanted = shares.stream().mapToLong(Share::wanted).sum();
        double percent = Math.floor(WHOLE * used / Math.max(1, wanted));
        return percent / utilization.get();
    }

    private static boolean tolerable(double ratio) {
        return Math.abs(1 - ratio) <= TOLERANCE;
    }

    private static int ceil(double value) {
        return (int) Math.ceil(value);
    }

    /** Whether a pod is not yet what it will be. */
    private static boolean begins(Resource pod, Instant now) {
        boolean young = pod.metadata().created().plus(CPU_INITIALIZATION).isAfter(now);
        return !Pods.phase(pod).equals("Running") || (young && !Pods.ready(pod));
    }

    /** What a pod requests; empty if that is asked for and not said. */
    private Optional<Long> wanted(Resource pod) {
        if (utilization.isEmpty()) {
            return Optional.of(1L);
        }
        long sum = 0;
        for (JsonNode one : pod.body().toNode().path("spec").path("containers")) {
            if (container.isEmpty() || container.equals(one.path("name").asText())) {
                JsonNode request = one.path("resources").path("requests").path(resource);
                if (request.isMissingNode()) {
                    return Optional.empty();
                }
                sum += Amounts.of(resource, request.asText());
            }
        }
        return Optional.of(sum);
    }

    private Optional<Long> used(SortedMap<String, PodReading.Usage> usage) {
        if (!container.isEmpty() && !usage.containsKey(container)) {
            return Optional.empty();
        }
        return Optional.of(
                usage.entrySet().stream()
                        .filter(one -> container.isEmpty() || container.equals(one.getKey()))
                        .map(one ->
                                resource.equals(Amounts.CPU)
                                        ? one.getValue().cpuMillis()
                                        : one.getValue().memoryBytes())
                        .reduce(0L, Long::sum));
    }

    private String name() {
        String subject = container.isEmpty() ? resource + " resource" : resource + " container";
        return utilization.isPresent()
                ? subject + " utilization (percentage of request)"
                : subject;
    }

    private Json current(JsonNode metric, List<Share> measured) {
        long used = measured.stream().mapToLong(Share::used).sum();
        ObjectNode root = Json.EMPTY.toObject();
        root.put("type", metric.path("type").asText());
        ObjectNode source =
                root.putObject(container.isEmpty() ? "resource" : "containerResource");
        source.put("name", resource);
        if (!container.isEmpty()) {
            source.put("container", container);
        }
        ObjectNode now = source.putObject("current");
        if (utilization.isPresent()) {
            long wanted = Math.max(1, measured.stream().mapToLong(Share::wanted).sum());
            now.put("averageUtilization", (int) (WHOLE * used / wanted));
        }
        now.put("averageValue", Amounts.text(resource, used / measured.size()));
        return Json.of(root);
    }
}
