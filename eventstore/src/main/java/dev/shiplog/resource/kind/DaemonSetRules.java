package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.IntOrPercent;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;

/** How a DaemonSet is converted, completed and validated. */
final class DaemonSetRules implements Rules {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STRATEGY = SPEC.child("updateStrategy");
    private static final FieldPath ROLLING = STRATEGY.child("rollingUpdate");

    @Override
    public void convert(String from, ObjectNode document) {
        if (from.equals("extensions/v1beta1")) {
            TemplateRules.labelsFromTemplate(document, "matchLabels");
            ObjectNode spec = Defaults.object(document, "spec");
            Defaults.put(Defaults.object(spec, "updateStrategy"), "type", "OnDelete");
        }
    }

    @Override
    public void setDefaults(ObjectNode document) {
        TemplateRules.setTemplateDefaults(document);
        ObjectNode spec = Defaults.object(document, "spec");
        Defaults.put(spec, "revisionHistoryLimit", 10);
        ObjectNode strategy = Defaults.object(spec, "updateStrategy");
        Defaults.put(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = Defaults.object(strategy, "rollingUpdate");
            Defaults.put(rolling, "maxUnavailable", 1);
            Defaults.put(rolling, "maxSurge", 0);
        }
    }

    @Override
    public void validate(ObjectNode document, Findings findings) {
        boolean matches = TemplateRules.validateSelector(document, "daemonset", findings);
        TemplateRules.validate(document, matches, findings);
        JsonNode spec = document.path("spec");
        Check.notNegative(spec, "revisionHistoryLimit", SPEC, findings);
        JsonNode rolling = spec.path("updateStrategy").path("rollingUpdate");
        if (!spec.path("updateStrategy").path("type").asText().equals("RollingUpdate")) {
            return;
        }
        JsonNode unavailable = rolling.path("maxUnavailable");
        JsonNode surge = rolling.path("maxSurge");
        for (String name : List.of("maxUnavailable", "maxSurge")) {
            Check.portion(rolling.path(name), ROLLING.child(name), findings);
            Check.atMostAll(rolling.path(name), ROLLING.child(name), findings);
        }
        boolean mayLack = IntOrPercent.amount(unavailable).orElse(0) > 0;
        boolean mayDouble = IntOrPercent.amount(surge).orElse(0) > 0;
        if (mayLack && mayDouble) {
            findings.invalid(
                    ROLLING.child("maxSurge"),
                    surge.toString(),
                    "may not be set when maxUnavailable is non-zero");
        } else if (!mayLack && !mayDouble) {
            findings.required(ROLLING.child("maxUnavailable"), "cannot be 0 when maxSurge is 0");
        }
    }

    @Override
    public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
        SelectorValidation.immutable(before.path("spec"), after.path("spec"), SPEC, findings);
    }

    @Override
    public void warn(ObjectNode document, Findings findings) {
        TemplateRules.warn(document, findings);
    }
}
