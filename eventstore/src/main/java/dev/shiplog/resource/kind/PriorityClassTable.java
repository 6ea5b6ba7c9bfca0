package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;

import java.util.List;

/** PriorityClass: how much a pod matters beside others. */
final class PriorityClassTable {
    /** What users may go up to; above are the system's own. */
    static final int HIGHEST_OF_USERS = 1_000_000_000;

    private static final String SYSTEM = "system-";

    static final Kind KIND =
            new Kind(
                    GroupKind.PRIORITY_CLASS,
                    "priorityclasses",
                    "priorityclass",
                    List.of("pc"),
                    List.of(),
                    false,
                    "scheduling.k8s.io/v1",
                    List.of("scheduling.k8s.io/v1"),
                    true,
                    PriorityClass.class,
                    List.of(
                            Cells.name(0),
                            new Column(
                                    "Value",
                                    "integer",
                                    "",
                                    "value represents the integer value of this priority class. This"
                                            + " is the actual priority that pods receive when they"
                                            + " have the name of this class in their pod spec.",
                                    0,
                                    (resource, _) ->
                                            LongNode.valueOf(
                                                    resource.body()
                                                            .toNode()
                                                            .path("value")
                                                            .asLong())),
                            new Column(
                                    "Global-Default",
                                    "boolean",
                                    "",
                                    "globalDefault specifies whether this PriorityClass should be"
                                            + " considered as the default priority for pods that do"
                                            + " not have any priority class. Only one PriorityClass"
                                            + " can be marked as `globalDefault`. However, if more"
                                            + " than one PriorityClasses exists with their"
                                            + " `globalDefault` field set to true, the smallest value"
                                            + " of such global default PriorityClasses will be used"
                                            + " as the default priority.",
                                    0,
                                    (resource, _) ->
                                            BooleanNode.valueOf(
                                                    resource.body()
                                                            .toNode()
                                                            .path("globalDefault")
                                                            .asBoolean())),
                            Cells.age(),
                            Cells.text(
                                    "PreemptionPolicy",
                                    "preemptionPolicy is the Policy for preempting pods with lower"
                                            + " priority. One of Never, PreemptLowerPriority. Defaults"
                                            + " to PreemptLowerPriority if unset.",
                                    resource ->
                                            resource.body()
                                                    .toNode()
                                                    .path("preemptionPolicy")
                                                    .asText())),
                    new PriorityClassRules());

    private PriorityClassTable() {}

    private static final class PriorityClassRules implements Rules {
        @Override
        public void setDefaults(ObjectNode document) {
            Defaults.put(document, "preemptionPolicy", "PreemptLowerPriority");
            Defaults.put(document, "value", 0);
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            String name = document.path("metadata").path("name").asText();
            if (name.startsWith(SYSTEM)) {
                findings.forbidden(
                        FieldPath.of("metadata", "name"),
                        "priority class names with 'system-' prefix are reserved for system use only");
            }
            if (document.path("value").asLong() > HIGHEST_OF_USERS) {
                findings.forbidden(
                        FieldPath.of("value"),
                        "maximum allowed value of a user defined priority is " + HIGHEST_OF_USERS);
            }
            Check.oneOf(
                    document.path("preemptionPolicy"),
                    FieldPath.of("preemptionPolicy"),
                    List.of("Never", "PreemptLowerPriority"),
                    findings);
        }

        @Override
        public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
            for (String name : List.of("value", "preemptionPolicy")) {
                JsonNode value = after.path(name);
                if (!before.path(name).equals(value)) {
                    findings.forbidden(FieldPath.of(name), "may not be changed in an update.");
                }
            }
        }
    }
}
