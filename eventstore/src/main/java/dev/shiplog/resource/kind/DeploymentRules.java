package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.IntOrPercent;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;


/** How a Deployment is converted, completed and validated. */
final class DeploymentRules implements Rules {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath ROLLING = SPEC.child("strategy", "rollingUpdate");
    private static final String QUARTER = "25%";

    @Override
    public void convert(String from, ObjectNode document) {
        ObjectNode spec = Defaults.object(document, "spec");
        switch (from) {
            case "extensions/v1beta1" -> {
                TemplateRules.labelsFromTemplate(document, "matchLabels");
                Defaults.put(spec, "revisionHistoryLimit", Integer.MAX_VALUE);
                Defaults.put(spec, "progressDeadlineSeconds", Integer.MAX_VALUE);
                ObjectNode strategy = Defaults.object(spec, "strategy");
                if (!strategy.path("type").asText().equals("Recreate")) {
                    ObjectNode rolling = Defaults.object(strategy, "rollingUpdate");
                    Defaults.put(rolling, "maxSurge", 1);
                    Defaults.put(rolling, "maxUnavailable", 1);
                }
            }
            case "apps/v1beta1" -> {
                TemplateRules.labelsFromTemplate(document, "matchLabels");
                Defaults.put(spec, "revisionHistoryLimit", 2);
            }
            default -> {
                // apps/v1beta2 is apps/v1 by another name.
            }
        }
    }

    @Override
    public void setDefaults(ObjectNode document) {
        TemplateRules.setDefaults(document);
        ObjectNode spec = Defaults.object(document, "spec");
        Defaults.put(spec, "revisionHistoryLimit", 10);
        Defaults.put(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Defaults.object(spec, "strategy");
        Defaults.put(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = Defaults.object(strategy, "rollingUpdate");
            Defaults.put(rolling, "maxSurge", QUARTER);
            Defaults.put(rolling, "maxUnavailable", QUARTER);
        }
    }

    @Override
    public void validate(ObjectNode document, Findings findings) {
        boolean matches = TemplateRules.validateSelector(document, "deployment", findings);
        TemplateRules.validate(document, matches, findings);
        JsonNode spec = document.path("spec");
        Check.notNegative(spec, "revisionHistoryLimit", SPEC, findings);
        Check.notNegative(spec, "progressDeadlineSeconds", SPEC, findings);
        JsonNode deadline = spec.path("progressDeadlineSeconds");
        if (deadline.asLong() <= spec.path("minReadySeconds").asLong()) {
            findings.invalid(
                    SPEC.child("progressDeadlineSeconds"),
                    deadline.toString(),
                    "must be greater than minReadySeconds");
        }
        strategy(spec.path("strategy"), findings);
    }

    @Override
    public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
        SelectorValidation.immutable(
                before.path("spec"), after.path("spec"), FieldPath.of("spec"), findings);
    }

    @Override
    public void warn(ObjectNode document, Findings findings) {
        TemplateRules.warn(document, findings);
    }

    private static void strategy(JsonNode strategy, Findings findings) {
        JsonNode rolling = strategy.path("rollingUpdate");
        if (strategy.path("type").asText().equals("Recreate")) {
            if (!rolling.isMissingNode()) {
                findings.forbidden(
                        ROLLING, "may not be specified when strategy `type` is 'Recreate'");
            }
            return;
        }
        JsonNode unavailable = rolling.path("maxUnavailable");
        for (String name : List.of("maxUnavailable", "maxSurge")) {
            Check.portion(rolling.path(name), ROLLING.child(name), findings);
        }
        Check.atMostAll(unavailable, ROLLING.child("maxUnavailable"), findings);
        if (isZero(unavailable) && isZero(rolling.path("maxSurge"))) {
            findings.invalid(
                    ROLLING.child("maxUnavailable"),
                    unavailable.toString(),
                    "may not be 0 when `maxSurge` is 0");
        }
    }

    private static boolean isZero(JsonNode value) {
        return IntOrPercent.amount(value).orElse(1) == 0;
    }
}
