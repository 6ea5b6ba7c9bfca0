package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;

import java.util.List;

/** PodDisruptionBudget: how many pods of a set evictions must leave. */
final class DisruptionBudgetTable {
    private static final FieldPath SPEC = FieldPath.of("spec");

    static final Kind KIND =
            new Kind(
                    GroupKind.DISRUPTION_BUDGET,
                    "poddisruptionbudgets",
                    "poddisruptionbudget",
                    List.of("pdb"),
                    List.of(),
                    true,
                    "policy/v1",
                    List.of("policy/v1"),
                    true,
                    PodDisruptionBudget.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Min Available",
                                    "The minimum number of pods that must be available.",
                                    budget -> amount(budget.body().toNode(), "minAvailable")),
                            Cells.text(
                                    "Max Unavailable",
                                    "The maximum number of pods that can be unavailable.",
                                    budget -> amount(budget.body().toNode(), "maxUnavailable")),
                            new Column(
                                    "Allowed Disruptions",
                                    "integer",
                                    "",
                                    "Calculated number of pods that may be disrupted at this time.",
                                    0,
                                    (budget, _) ->
                                            LongNode.valueOf(
                                                    budget.status()
                                                            .toNode()
                                                            .path("disruptionsAllowed")
                                                            .asLong())),
                            Cells.age()),
                    new DisruptionBudgetRules());

    private DisruptionBudgetTable() {}

    private static String amount(JsonNode body, String name) {
        JsonNode value = body.path("spec").path(name);
        return value.isMissingNode() ? "N/A" : value.asText();
    }

    private static final class DisruptionBudgetRules implements Rules {
        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode spec = document.path("spec");
            if (spec.has("minAvailable") && spec.has("maxUnavailable")) {
                findings.invalid(
                        SPEC,
                        spec.toString(),
                        "minAvailable and maxUnavailable cannot be both set");
            }
            for (String name : List.of("minAvailable", "maxUnavailable")) {
                Check.portion(spec.path(name), SPEC.child(name), findings);
            Check.atMostAll(spec.path(name), SPEC.child(name), findings);
            }
            if (spec.has("selector")) {
                SelectorValidation.validate(
                        spec.path("selector"), SPEC.child("selector"), findings);
            }
            Check.oneOf(
                    spec.path("unhealthyPodEvictionPolicy"),
                    SPEC.child("unhealthyPodEvictionPolicy"),
                    List.of("AlwaysAllow", "IfHealthyBudget"),
                    findings);
        }
    }
}
