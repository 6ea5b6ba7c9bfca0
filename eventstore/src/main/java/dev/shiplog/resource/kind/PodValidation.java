package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.Set;
import java.util.TreeSet;

/** Validates the spec of a pod, alone or in a template. */
final class PodValidation {
    private static final long MAX_SECONDS = Integer.MAX_VALUE;

    private PodValidation() {}

    static void validate(JsonNode spec, FieldPath path, Findings findings) {
        Set<String> volumes = VolumeValidation.validate(spec.path("volumes"), path, findings);
        containers(spec, path, volumes, findings);
        if (!spec.path("ephemeralContainers").isEmpty()) {
            findings.forbidden(path.child("ephemeralContainers"), "cannot be set on create");
        }
        Check.notNegative(spec, "terminationGracePeriodSeconds", path, findings);
        JsonNode deadline = spec.path("activeDeadlineSeconds");
        if (deadline.isNumber()
                && (deadline.longValue() < 1 || deadline.longValue() > MAX_SECONDS)) {
            findings.invalid(
                    path.child("activeDeadlineSeconds"),
                    deadline.toString(),
                    "must be between 1 and 2147483647, inclusive");
        }
        Check.labels(spec.path("nodeSelector"), path.child("nodeSelector"), findings);
        optionalName(spec, "nodeName", path, findings);
        optionalName(spec, "serviceAccountName", path, findings);
        optionalName(spec, "priorityClassName", path, findings);
        PodNamesValidation.validate(spec, path, findings);
        tolerations(spec.path("tolerations"), path.child("tolerations"), findings);
        AffinityValidation.affinity(spec.path("affinity"), path.child("affinity"), findings);
        AffinityValidation.spread(
                spec.path("topologySpreadConstraints"),
                path.child("topologySpreadConstraints"),
                findings);
    }

    private static void containers(
            JsonNode spec, FieldPath path, Set<String> volumes, Findings findings) {
        if (spec.path("containers").isEmpty()) {
            findings.required(path.child("containers"), "");
        }
        boolean hostNetwork = spec.path("hostNetwork").asBoolean();
        Set<String> names = new TreeSet<>();
        Set<String> hostPorts = new TreeSet<>();
        for (String list : new String[] {"containers", "initContainers"}) {
            FieldPath at = path.child(list);
            ContainerValidation validation =
                    new ContainerValidation(list, hostNetwork, volumes, findings);
            JsonNode containers = spec.path(list);
            Check.uniqueNames(containers, at, names, findings);
            for (int i = 0; i < containers.size(); i++) {
                validation.validate(containers.get(i), at.item(i));
                if (list.equals("containers")) {
                    hostPorts(containers.get(i), at.item(i), hostPorts, findings);
                }
            }
        }
    }

    private static void hostPorts(
            JsonNode container, FieldPath path, Set<String> taken, Findings findings) {
        JsonNode ports = container.path("ports");
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            String text =
                    "%s/%s/%s"
                            .formatted(
                                    port.path("protocol").asText(),
                                    port.path("hostIP").asText(),
                                    port.path("hostPort").asText());
            if (port.path("hostPort").asInt() > 0 && !taken.add(text)) {
                findings.duplicate(
                        path.child("ports").item(i).child("hostPort"), Check.quoted(text));
            }
        }
    }

    private static void optionalName(
            JsonNode spec, String name, FieldPath path, Findings findings) {
        String value = spec.path(name).asText();
        if (!value.isEmpty()) {
            Check.text(value, path.child(name), Names::subdomain, findings);
        }
    }

    private static void tolerations(JsonNode tolerations, FieldPath path, Findings findings) {
        for (int i = 0; i < tolerations.size(); i++) {
            JsonNode toleration = tolerations.get(i);
            FieldPath at = path.item(i);
            String key = toleration.path("key").asText();
            boolean exists = toleration.path("operator").asText().equals("Exists");
            if (!key.isEmpty()) {
                Check.text(key, at.child("key"), Names::qualified, findings);
            } else if (!exists) {
                findings.invalid(
                        at.child("operator"),
                        Check.quoted(toleration.path("operator").asText("Equal")),
                        "operator must be Exists when `key` is empty, which means \"match all"
                                + " values and all keys\"");
            }
            if (exists && !toleration.path("value").asText().isEmpty()) {
                findings.invalid(
                        at.child("operator"),
                        toleration.path("value").toString(),
                        "value must be empty when `operator` is 'Exists'");
            }
        }
    }
}
