package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;

/** How a HorizontalPodAutoscaler is converted, completed and validated. */
final class AutoscalerRules implements Rules {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final String V1 = "autoscaling/v1";
    private static final int DEFAULT_UTILIZATION = 80;

    @Override
    public Class<?> model(String apiVersion, Class<?> own) {
        return apiVersion.equals(V1)
                ? io.fabric8.kubernetes.api.model.autoscaling.v1.HorizontalPodAutoscaler.class
                : own;
    }

    @Override
    public String deprecation(String apiVersion) {
        return apiVersion.equals(V1) ? "" : "deprecated in v1.23+, unavailable in v1.26+";
    }

    /** v1 knows one metric: the utilization of the processor. */
    @Override
    public void convert(String from, ObjectNode document) {
        if (!from.equals(V1)) {
            return;
        }
        ObjectNode spec = Defaults.object(document, "spec");
        JsonNode utilization = spec.remove("targetCPUUtilizationPercentage");
        if (utilization != null) {
            cpu(spec.putArray("metrics"), utilization.asInt());
        }
    }

    @Override
    public void serve(String to, ObjectNode document) {
        if (!to.equals(V1)) {
            return;
        }
        if (document.path("spec") instanceof ObjectNode spec) {
            JsonNode metrics = spec.remove("metrics");
            spec.remove("behavior");
            for (JsonNode metric : metrics == null ? spec.path("metrics") : metrics) {
                JsonNode value = cpuUtilization(metric.path("resource"), "target");
                if (value.isNumber()) {
                    spec.set("targetCPUUtilizationPercentage", value);
                }
            }
        }
        if (document.path("status") instanceof ObjectNode status) {
            JsonNode metrics = status.remove("currentMetrics");
            status.remove("conditions");
            for (JsonNode metric : metrics == null ? status.path("currentMetrics") : metrics) {
                JsonNode value = cpuUtilization(metric.path("resource"), "current");
                if (value.isNumber()) {
                    status.set("currentCPUUtilizationPercentage", value);
                }
            }
        }
    }

    private static JsonNode cpuUtilization(JsonNode resource, String member) {
        return resource.path("name").asText().equals("cpu")
                ? resource.path(member).path("averageUtilization")
                : resource.path("none");
    }

    private static void cpu(ArrayNode metrics, int utilization) {
        metrics.addObject()
                .put("type", "Resource")
                .putObject("resource")
                .put("name", "cpu")
                .putObject("target")
                .put("type", "Utilization")
                .put("averageUtilization", utilization);
    }

    @Override
    public void setDefaults(ObjectNode document) {
        ObjectNode spec = Defaults.object(document, "spec");
        Defaults.put(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            cpu(spec.putArray("metrics"), DEFAULT_UTILIZATION);
        }
    }

    @Override
    public void validate(ObjectNode document, Findings findings) {
        JsonNode spec = document.path("spec");
        FieldPath target = SPEC.child("scaleTargetRef");
        for (String name : List.of("kind", "name")) {
            if (spec.path("scaleTargetRef").path(name).asText().isEmpty()) {
                findings.required(target.child(name), "");
            }
        }
        Check.positive(spec, "minReplicas", SPEC, findings);
        long most = spec.path("maxReplicas").asLong();
        if (most < 1) {
            findings.invalid(
                    SPEC.child("maxReplicas"), Long.toString(most), "must be greater than 0");
        } else if (most < spec.path("minReplicas").asLong()) {
            findings.invalid(
                    SPEC.child("maxReplicas"),
                    Long.toString(most),
                    "must be greater than or equal to `minReplicas`");
        }
        JsonNode metrics = spec.path("metrics");
        for (int i = 0; i < metrics.size(); i++) {
            metric(metrics.get(i), SPEC.child("metrics").item(i), findings);
        }
    }

    private static void metric(JsonNode metric, FieldPath path, Findings findings) {
        String type = metric.path("type").asText();
        if (type.isEmpty()) {
            findings.required(path.child("type"), "must specify a metric source type");
            return;
        }
        Check.oneOf(
                metric.path("type"),
                path.child("type"),
                List.of("ContainerResource", "External", "Object", "Pods", "Resource"),
                findings);
        if (type.equals("Resource")) {
            FieldPath at = path.child("resource");
            if (!metric.has("resource")) {
                findings.required(at, "must populate information for the given metric source");
            } else if (metric.path("resource").path("name").asText().isEmpty()) {
                findings.required(at.child("name"), "must specify a resource name");
            }
        }
    }

    @Override
    public void warn(ObjectNode document, Findings findings) {
        JsonNode metrics = document.path("spec").path("metrics");
        for (int i = 0; i < metrics.size(); i++) {
            String type = metrics.get(i).path("type").asText();
            if (!type.equals("Resource") && !type.equals("ContainerResource")) {
                NotYet.member(SPEC.child("metrics").item(i), findings);
            }
        }
    }
}
