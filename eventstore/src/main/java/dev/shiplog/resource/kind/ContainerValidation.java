package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Validates one container of a pod. */
final class ContainerValidation {
    private final String list;
    private final boolean hostNetwork;
    private final Set<String> volumes;
    private final Findings findings;

    /**
     * @param list which list of the pod the container is in
     * @param volumes the names of the pod's volumes
     */
    ContainerValidation(String list, boolean hostNetwork, Set<String> volumes, Findings findings) {
        this.list = list;
        this.hostNetwork = hostNetwork;
        this.volumes = volumes;
        this.findings = findings;
    }

    void validate(JsonNode container, FieldPath path) {
        Check.requiredText(container, "name", path, Names::label, findings);
        image(container, path);
        ports(container.path("ports"), path.child("ports"));
        environment(container.path("env"), path.child("env"));
        resources(container.path("resources"), path.child("resources"));
        VolumeValidation.mounts(container, path, volumes, findings);

        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.has(probe)) {
                boolean one = !probe.equals("readinessProbe");
                ProbeValidation.probe(container.path(probe), path.child(probe), one, findings);
            }
        }
        container
                .path("lifecycle")
                .properties()
                .forEach(hook -> {
                    if (hook.getValue().isObject()) {
                        ProbeValidation.handler(
                                hook.getValue(), path.child("lifecycle", hook.getKey()), findings);
                    }
                });
        if (container.has("restartPolicy") && list.equals("containers")) {
            findings.forbidden(
                    path.child("restartPolicy"), "may not be set for non-init containers");
        }
    }

    private void image(JsonNode container, FieldPath path) {
        String image = container.path("image").asText();
        if (image.isEmpty()) {
            findings.required(path.child("image"), "");
        } else if (!image.equals(image.strip())) {
            findings.invalid(
                    path.child("image"),
                    Check.quoted(image),
                    "must not have leading or trailing whitespace");
        }
    }

    private void ports(JsonNode ports, FieldPath path) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            FieldPath at = path.item(i);
            String name = port.path("name").asText();
            if (!name.isEmpty()) {
                Check.text(name, at.child("name"), Names::portName, findings);
                if (!names.add(name)) {
                    findings.duplicate(at.child("name"), Check.quoted(name));
                }
            }
            if (port.path("containerPort").asInt() == 0) {
                findings.required(at.child("containerPort"), "");
            } else {
                Check.port(port.path("containerPort"), at.child("containerPort"), findings);
            }
            if (port.path("hostPort").asInt() != 0) {
                hostPort(port, at.child("hostPort"));
            }
        }
    }

    private void hostPort(JsonNode port, FieldPath path) {
        Check.port(port.path("hostPort"), path, findings);
        if (hostNetwork && port.path("hostPort").asInt() != port.path("containerPort").asInt()) {
            findings.invalid(
                    path,
                    port.path("hostPort").toString(),
                    "must match `containerPort` when `hostNetwork` is true");
        }
    }

    private void environment(JsonNode variables, FieldPath path) {
        for (int i = 0; i < variables.size(); i++) {
            JsonNode variable = variables.get(i);
            FieldPath at = path.item(i);
            Check.requiredText(variable, "name", at, Names::environmentVariable, findings);
            JsonNode source = variable.path("valueFrom");
            if (source.isMissingNode()) {
                continue;
            }
            if (!variable.path("value").asText().isEmpty()) {
                findings.invalid(
                        at.child("valueFrom"),
                        "\"\"",
                        "may not be specified when `value` is not empty");
            }
            if (source.isEmpty()) {
                findings.invalid(
                        at.child("valueFrom"),
                        "\"\"",
                        "must specify one of: `configMapKeyRef`, `fieldRef`, `resourceFieldRef`, `secretKeyRef`");
            } else if (source.size() > 1) {
                findings.invalid(
                        at.child("valueFrom"),
                        "\"\"",
                        "may not have more than one field specified at a time");
            }
            fieldRef(source.path("fieldRef"), at.child("valueFrom", "fieldRef"));
        }
    }

    private void fieldRef(JsonNode reference, FieldPath path) {
        if (reference.isMissingNode()) {
            return;
        }
        String field = reference.path("fieldPath").asText();
        if (field.isEmpty()) {
            findings.required(path.child("fieldPath"), "");
        } else if (!FieldReferences.isSupported(field)) {
            findings.error(
                    path.child("fieldPath"),
                    "Unsupported value: \"%s\": supported values: %s"
                            .formatted(field, FieldReferences.supported()));
        }
    }

    private void resources(JsonNode resources, FieldPath path) {
        amounts(resources.path("limits"), path.child("limits"));
        amounts(resources.path("requests"), path.child("requests"));
        for (Map.Entry<String, JsonNode> request : resources.path("requests").properties()) {
            JsonNode limit = resources.path("limits").path(request.getKey());
            Optional<QuantityValue> most = QuantityValue.parse(limit.asText());
            Optional<QuantityValue> wanted = QuantityValue.parse(request.getValue().asText());
            if (most.isPresent() && wanted.isPresent() && wanted.get().compareTo(most.get()) > 0) {
                findings.invalid(
                        path.child("requests", request.getKey()),
                        request.getValue().toString(),
                        "must be less than or equal to %s limit of %s"
                                .formatted(request.getKey(), limit.asText()));
            }
        }
    }

    private void amounts(JsonNode amounts, FieldPath path) {
        for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
            FieldPath at = path.child(amount.getKey());
            Check.keyOf(amount.getKey(), path, at, findings);
            if (QuantityValue.parse(amount.getValue().asText())
                    .filter(QuantityValue::isNegative)
                    .isPresent()) {
                findings.invalid(
                        at, amount.getValue().toString(), "must be greater than or equal to 0");
            }
        }
    }
}
