package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

/** What the kinds that make pods from a template have in common. */
final class TemplateRules {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath TEMPLATE = SPEC.child("template");

    private TemplateRules() {}

    /** The defaults of a kind that keeps a number of pods. */
    static void setDefaults(ObjectNode document) {
        Defaults.put(Defaults.object(document, "spec"), "replicas", 1);
        setTemplateDefaults(document);
    }

    static void setTemplateDefaults(ObjectNode document) {
        ObjectNode spec = Defaults.object(document, "spec");
        if (spec.path("template") instanceof ObjectNode template) {
            if (template.path("metadata") instanceof ObjectNode metadata) {
                metadata.remove("creationTimestamp");
            }
            PodDefaults.setSpec(Defaults.object(template, "spec"));
        }
    }

    /**
     * Takes the selector from the template's labels if there is none, and the labels of the
     * document as well: what the kinds did before {@code apps/v1beta2}.
     *
     * @param member where in the selector the labels go; empty for the selector itself
     */
    static void labelsFromTemplate(ObjectNode document, String member) {
        ObjectNode spec = Defaults.object(document, "spec");
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        if (labels.isEmpty()) {
            return;
        }
        if (spec.path("selector").isEmpty()) {
            ObjectNode selector = spec.putObject("selector");
            if (member.isEmpty()) {
                spec.set("selector", labels.deepCopy());
            } else {
                selector.set(member, labels.deepCopy());
            }
        }
        ObjectNode metadata = Defaults.object(document, "metadata");
        if (metadata.path("labels").isEmpty()) {
            metadata.set("labels", labels.deepCopy());
        }
    }

    /**
     * @param matches whether the selector matches the template's labels
     */
    static void validate(ObjectNode document, boolean matches, Findings findings) {
        JsonNode spec = document.path("spec");
        Check.notNegative(spec, "replicas", SPEC, findings);
        Check.notNegative(spec, "minReadySeconds", SPEC, findings);
        JsonNode template = spec.path("template");
        if (template.isEmpty()) {
            findings.required(TEMPLATE, "");
            return;
        }
        JsonNode metadata = template.path("metadata");
        if (!matches) {
            findings.invalid(
                    TEMPLATE.child("metadata", "labels"),
                    metadata.path("labels").isMissingNode()
                            ? "{}"
                            : metadata.path("labels").toString(),
                    "`selector` does not match template `labels`");
        }
        ObjectMetaRules.labelsAndAnnotations(metadata, TEMPLATE.child("metadata"), findings);
        String policy = template.path("spec").path("restartPolicy").asText();
        if (policy.equals("Never") || policy.equals("OnFailure")) {
            findings.error(
                    TEMPLATE.child("spec", "restartPolicy"),
                    "Unsupported value: \"%s\": supported values: \"Always\"".formatted(policy));
        }
        if (template.path("spec").has("activeDeadlineSeconds")) {
            findings.forbidden(
                    TEMPLATE.child("spec", "activeDeadlineSeconds"),
                    "activeDeadlineSeconds in a template that is run for ever is not supported");
        }
        PodValidation.validate(template.path("spec"), TEMPLATE.child("spec"), findings);
    }

    /** The selector of apps/v1: required, not empty, well formed. */
    static boolean validateSelector(ObjectNode document, String kind, Findings findings) {
        JsonNode spec = document.path("spec");
        FieldPath path = SPEC.child("selector");
        if (spec.path("selector").isMissingNode()) {
            findings.required(path, "");
            return true;
        }
        SelectorValidation.validate(spec.path("selector"), path, findings);
        if (SelectorValidation.isEmpty(spec.path("selector"))) {
            findings.invalid(path, "{}", "empty selector is invalid for " + kind);
            return true;
        }
        return SelectorValidation.matches(
                spec.path("selector"), spec.path("template").path("metadata").path("labels"));
    }

    static void warn(ObjectNode document, Findings findings) {
        NotYet.warn(
                document.path("spec").path("template").path("spec"),
                TEMPLATE.child("spec"),
                findings);
    }
}
