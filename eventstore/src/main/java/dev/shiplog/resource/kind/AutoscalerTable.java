package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;

import java.util.ArrayList;
import java.util.List;

/** HorizontalPodAutoscaler: how many replicas there shall be, by what they use. */
final class AutoscalerTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.AUTOSCALER,
                    "horizontalpodautoscalers",
                    "horizontalpodautoscaler",
                    List.of("hpa"),
                    List.of("all"),
                    true,
                    "autoscaling/v2",
                    List.of("autoscaling/v2", "autoscaling/v1", "autoscaling/v2beta2"),
                    true,
                    HorizontalPodAutoscaler.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Reference",
                                    "scaleTargetRef points to the target resource to scale, and is"
                                            + " used to the pods for which metrics should be"
                                            + " collected, as well as to actually change the replica"
                                            + " count.",
                                    AutoscalerTable::reference),
                            Cells.text(
                                    "Targets",
                                    "metrics contains the specifications for which to use to calculate"
                                            + " the desired replica count (the maximum replica count"
                                            + " across all metrics will be used).",
                                    AutoscalerTable::targets),
                            Cells.text(
                                    "MinPods",
                                    "minReplicas is the lower limit for the number of replicas to"
                                            + " which the autoscaler can scale down. It defaults to 1"
                                            + " pod.",
                                    hpa ->
                                            Cells.orElse(
                                                    spec(hpa).path("minReplicas").asText(),
                                                    "<unset>")),
                            Cells.text(
                                    "MaxPods",
                                    "maxReplicas is the upper limit for the number of replicas to"
                                            + " which the autoscaler can scale up. It cannot be less"
                                            + " that minReplicas.",
                                    hpa -> spec(hpa).path("maxReplicas").asText()),
                            Cells.text(
                                    "Replicas",
                                    "currentReplicas is current number of replicas of pods managed by"
                                            + " this autoscaler, as last seen by the autoscaler.",
                                    hpa ->
                                            hpa.status()
                                                    .toNode()
                                                    .path("currentReplicas")
                                                    .asText("0")),
                            Cells.age()),
                    new AutoscalerRules());

    private AutoscalerTable() {}

    private static JsonNode spec(Resource hpa) {
        return hpa.body().toNode().path("spec");
    }

    private static String reference(Resource hpa) {
        JsonNode target = spec(hpa).path("scaleTargetRef");
        return target.path("kind").asText() + "/" + target.path("name").asText();
    }

    /** {@code cpu: <unknown>/80%}, two at most. */
    private static String targets(Resource hpa) {
        JsonNode metrics = spec(hpa).path("metrics");
        JsonNode current = hpa.status().toNode().path("currentMetrics");
        if (metrics.isEmpty()) {
            return Cells.NONE;
        }
        List<String> shown = new ArrayList<>();
        int most = Math.min(metrics.size(), 2);
        for (int i = 0; i < most; i++) {
            shown.add(target(metrics.get(i), current.path(i)));
        }
        int more = metrics.size() - most;
        return String.join(", ", shown) + (more > 0 ? " + " + more + " more..." : "");
    }

    private static String target(JsonNode metric, JsonNode current) {
        boolean resource = metric.path("type").asText().equals("Resource");
        String member = member(metric.path("type").asText());
        JsonNode target = metric.path(member).path("target");
        JsonNode now = current.path(member).path("current");
        boolean percent = target.has("averageUtilization");
        String wanted =
                percent
                        ? target.path("averageUtilization").asText() + "%"
                        : Cells.orElse(
                                target.path("averageValue").asText(),
                                target.path("value").asText());
        String found =
                percent
                        ? now.path("averageUtilization").asText()
                        : Cells.orElse(
                                now.path("averageValue").asText(), now.path("value").asText());
        String shown = found.isEmpty() ? Cells.UNKNOWN : percent ? found + "%" : found;
        return (resource ? metric.path(member).path("name").asText() + ": " : "")
                + shown
                + "/"
                + wanted;
    }

    private static String member(String type) {
        return type.isEmpty() ? "" : Character.toLowerCase(type.charAt(0)) + type.substring(1);
    }
}
