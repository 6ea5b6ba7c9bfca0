package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;

/** What may change of a pod once it is there: next to nothing. */
final class PodUpdates {
    private static final FieldPath SPEC = FieldPath.of("spec");

    private static final String ONLY =
            "pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                    + "`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                    + " previously negative)";

    private PodUpdates() {}

    static void validate(JsonNode before, JsonNode after, Findings findings) {
        for (String list : List.of("containers", "initContainers")) {
            if (before.path(list).size() != after.path(list).size()) {
                findings.forbidden(
                        SPEC.child(list), "pod updates may not add or remove containers");
                return;
            }
        }
        deadline(before, after, findings);
        tolerations(before.path("tolerations"), after.path("tolerations"), findings);
        if (!fixed(before).equals(fixed(after))) {
            findings.forbidden(SPEC, ONLY);
        }
    }

    private static void deadline(JsonNode before, JsonNode after, Findings findings) {
        JsonNode old = before.path("activeDeadlineSeconds");
        JsonNode value = after.path("activeDeadlineSeconds");
        FieldPath path = SPEC.child("activeDeadlineSeconds");
        if (old.isNumber() && value.isMissingNode()) {
            findings.invalid(path, "null", "must not update from a positive integer to nil value");
        } else if (old.isNumber() && value.longValue() > old.longValue()) {
            findings.invalid(
                    path, value.toString(), "must be less than or equal to previous value");
        }
    }

    private static void tolerations(JsonNode before, JsonNode after, Findings findings) {
        for (JsonNode toleration : before) {
            boolean kept = false;
            for (JsonNode candidate : after) {
                // Only how long it holds may change.
                kept |= without(toleration).equals(without(candidate));
            }
            if (!kept) {
                findings.forbidden(
                        SPEC.child("tolerations"),
                        "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static JsonNode without(JsonNode toleration) {
        JsonNode copy = toleration.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove("tolerationSeconds");
        }
        return copy;
    }

    /** What must stay as it is. */
    private static JsonNode fixed(JsonNode spec) {
        JsonNode copy = spec.deepCopy();
        if (copy instanceof ObjectNode object) {
            object.remove(List.of("activeDeadlineSeconds", "tolerations", "ephemeralContainers"));
            if (object.path("terminationGracePeriodSeconds").asLong() <= 1) {
                object.remove("terminationGracePeriodSeconds");
            }
            for (String list : List.of("containers", "initContainers")) {
                Defaults.objects(object, list)
                        // The default of the policy follows the image.
                        .forEach(
                                container -> container.remove(List.of("image", "imagePullPolicy")));
            }
        }
        return copy;
    }
}
