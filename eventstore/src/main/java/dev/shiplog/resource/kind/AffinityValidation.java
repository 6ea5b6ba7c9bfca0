package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Validates what a pod wants of nodes and of other pods around it. */
final class AffinityValidation {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final int MAX_WEIGHT = 100;

    private AffinityValidation() {}

    static void affinity(JsonNode affinity, FieldPath path, Findings findings) {
        nodes(affinity.path("nodeAffinity"), path.child("nodeAffinity"), findings);
        for (String name : List.of("podAffinity", "podAntiAffinity")) {
            pods(affinity.path(name), path.child(name), findings);
        }
    }

    private static void nodes(JsonNode affinity, FieldPath path, Findings findings) {
        if (affinity.has(REQUIRED)) {
            JsonNode terms = affinity.path(REQUIRED).path("nodeSelectorTerms");
            FieldPath at = path.child(REQUIRED).child("nodeSelectorTerms");
            if (terms.isEmpty()) {
                findings.required(at, "must have at least one node selector term");
            }
            for (int i = 0; i < terms.size(); i++) {
                nodeTerm(terms.get(i), at.item(i), findings);
            }
        }
        JsonNode preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            FieldPath at = path.child(PREFERRED).item(i);
            weight(preferred.get(i), at, findings);
            nodeTerm(preferred.get(i).path("preference"), at.child("preference"), findings);
        }
    }

    private static void nodeTerm(JsonNode term, FieldPath path, Findings findings) {
        JsonNode expressions = term.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            expression(expressions.get(i), path.child("matchExpressions").item(i), findings);
        }
        JsonNode fields = term.path("matchFields");
        for (int i = 0; i < fields.size(); i++) {
            field(fields.get(i), path.child("matchFields").item(i), findings);
        }
    }

    private static void expression(JsonNode expression, FieldPath path, Findings findings) {
        Check.requiredText(expression, "key", path, Names::qualified, findings);
        SelectorValidation.presence(expression, path, findings);
        switch (expression.path("operator").asText()) {
            case "In", "NotIn", "Exists", "DoesNotExist" -> {
                // Nothing more is asked of these.
            }
            case "Gt", "Lt" -> {
                if (expression.path("values").size() != 1) {
                    findings.required(
                            path.child("values"),
                            "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default ->
                    findings.invalid(
                            path.child("operator"),
                            Check.quoted(expression.path("operator").asText()),
                            "not a valid selector operator");
        }
    }

    private static void field(JsonNode field, FieldPath path, Findings findings) {
        String operator = field.path("operator").asText();
        if (!operator.equals("In") && !operator.equals("NotIn")) {
            findings.invalid(
                    path.child("operator"),
                    Check.quoted(operator),
                    "not a valid selector operator");
        } else if (field.path("values").size() != 1) {
            findings.required(
                    path.child("values"),
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field"
                            + " selector");
        }
        if (!field.path("key").asText().equals("metadata.name")) {
            findings.invalid(
                    path.child("key"),
                    Check.quoted(field.path("key").asText()),
                    "not a valid field selector key");
        }
    }

    private static void pods(JsonNode affinity, FieldPath path, Findings findings) {
        JsonNode required = affinity.path(REQUIRED);
        for (int i = 0; i < required.size(); i++) {
            podTerm(required.get(i), path.child(REQUIRED).item(i), findings);
        }
        JsonNode preferred = affinity.path(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            FieldPath at = path.child(PREFERRED).item(i);
            weight(preferred.get(i), at, findings);
            podTerm(
                    preferred.get(i).path("podAffinityTerm"),
                    at.child("podAffinityTerm"),
                    findings);
        }
    }

    private static void podTerm(JsonNode term, FieldPath path, Findings findings) {
        topologyKey(term, path, findings);
        for (String name : List.of("labelSelector", "namespaceSelector")) {
            SelectorValidation.validate(term.path(name), path.child(name), findings);
        }
    }

    private static void topologyKey(JsonNode object, FieldPath path, Findings findings) {
        String key = object.path("topologyKey").asText();
        if (key.isEmpty()) {
            findings.required(path.child("topologyKey"), "can not be empty");
        } else {
            Check.text(key, path.child("topologyKey"), Names::qualified, findings);
        }
    }

    private static void weight(JsonNode object, FieldPath path, Findings findings) {
        long weight = object.path("weight").asLong();
        if (weight < 1 || weight > MAX_WEIGHT) {
            findings.invalid(
                    path.child("weight"), Long.toString(weight), "must be in the range 1-100");
        }
    }

    static void spread(JsonNode constraints, FieldPath path, Findings findings) {
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < constraints.size(); i++) {
            JsonNode constraint = constraints.get(i);
            FieldPath at = path.item(i);
            if (constraint.path("maxSkew").asLong() <= 0) {
                findings.invalid(
                        at.child("maxSkew"),
                        Long.toString(constraint.path("maxSkew").asLong()),
                        "must be greater than zero");
            }
            topologyKey(constraint, at, findings);
            String otherwise = constraint.path("whenUnsatisfiable").asText();
            if (otherwise.isEmpty()) {
                findings.required(at.child("whenUnsatisfiable"), "can not be empty");
            }
            JsonNode least = constraint.path("minDomains");
            if (!least.isMissingNode()) {
                if (least.asLong() <= 0) {
                    findings.invalid(
                            at.child("minDomains"), least.toString(), "must be greater than 0");
                }
                if (!otherwise.equals("DoNotSchedule")) {
                    findings.invalid(
                            at.child("minDomains"),
                            least.toString(),
                            "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not "
                                    + otherwise);
                }
            }
            String pair = "{%s, %s}".formatted(constraint.path("topologyKey").asText(), otherwise);
            if (!seen.add(pair)) {
                findings.duplicate(at.child("{topologyKey, whenUnsatisfiable}"), pair);
            }
            SelectorValidation.validate(
                    constraint.path("labelSelector"), at.child("labelSelector"), findings);
        }
    }
}
