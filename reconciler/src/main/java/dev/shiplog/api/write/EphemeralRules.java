package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a debugging container may be: added to a pod, never changed or taken away. */
final class EphemeralRules {
    private static final FieldPath PATH = FieldPath.of("spec", "ephemeralContainers");

    private static final List<String> NOT_ALLOWED =
            List.of("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle");

    private EphemeralRules() {}

    /**
     * @param live the spec of the live pod
     * @param after that of the wanted one, complete
     */
    static void validate(JsonNode live, JsonNode after, Findings findings) {
        JsonNode containers = after.path("ephemeralContainers");
        Set<String> taken = new TreeSet<>();
        Set<String> targets = new TreeSet<>();
        live.path("containers").forEach(container -> targets.add(name(container)));
        taken.addAll(targets);
        live.path("initContainers").forEach(container -> taken.add(name(container)));
        for (int i = 0; i < containers.size(); i++) {
            JsonNode container = containers.get(i);
            FieldPath path = PATH.item(i);
            for (String field : List.of("name", "image")) {
                if (container.path(field).asText().isEmpty()) {
                    findings.required(path.child(field), "");
                }
            }
            if (!name(container).isEmpty() && !taken.add(name(container))) {
                findings.duplicate(path.child("name"), "\"" + name(container) + "\"");
            }
            String target = container.path("targetContainerName").asText();
            if (!target.isEmpty() && !targets.contains(target)) {
                findings.error(path.child("targetContainerName"), "Not found: \"" + target + "\"");
            }
            for (String field : NOT_ALLOWED) {
                if (!container.path(field).isEmpty()) {
                    findings.forbidden(
                            path.child(field), "cannot be set for an Ephemeral Container");
                }
            }
            if (!container.path("resources").isEmpty()) {
                findings.forbidden(
                        path.child("resources"), "cannot be set for an Ephemeral Container");
            }
        }
        for (JsonNode before : live.path("ephemeralContainers")) {
            unchanged(before, containers, findings);
        }
    }

    private static void unchanged(JsonNode before, JsonNode containers, Findings findings) {
        for (int i = 0; i < containers.size(); i++) {
            if (name(containers.get(i)).equals(name(before))) {
                if (!containers.get(i).equals(before)) {
                    findings.forbidden(
                            PATH.item(i),
                            "existing ephemeral containers \""
                                    + name(before)
                                    + "\" may not be changed");
                }
                return;
            }
        }
        findings.forbidden(
                PATH, "existing ephemeral containers \"" + name(before) + "\" may not be removed");
    }

    private static String name(JsonNode container) {
        return container.path("name").asText();
    }
}
