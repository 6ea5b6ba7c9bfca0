package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** Checks and completes {@code metadata}, the same for every kind. */
final class ObjectMetaRules {
    /** All annotations of one resource, keys and values, in bytes. */
    static final int MAX_ANNOTATIONS_BYTES = 256 * 1024;

    private static final FieldPath METADATA = FieldPath.of("metadata");

    /** What only the cluster sets. A copy of a live object has it; it means nothing in Git. */
    private static final List<String> SET_BY_THE_CLUSTER =
            List.of(
                    "uid",
                    "resourceVersion",
                    "generation",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "selfLink",
                    "managedFields",
                    "ownerReferences");

    private ObjectMetaRules() {}

    static void complete(
            Kind kind, ObjectNode document, String defaultNamespace, Findings findings) {
        ObjectNode metadata = document.withObjectProperty("metadata");
        for (String name : SET_BY_THE_CLUSTER) {
            JsonNode value = metadata.remove(name);
            if (value != null && !(value.isContainerNode() && value.isEmpty())) {
                findings.warning(
                        METADATA.child(name),
                        "metadata.%s is ignored: only the cluster sets it".formatted(name));
            }
        }
        if (metadata.remove("finalizers") != null) {
            findings.warning(
                    METADATA.child("finalizers"),
                    "metadata.finalizers is not acted on yet in this version");
        }
        if (kind.namespaced() && metadata.path("namespace").asText().isEmpty()) {
            metadata.put("namespace", defaultNamespace);
        }
    }

    static void validate(
            Kind kind,
            ObjectNode document,
            Function<String, List<String>> nameSyntax,
            Findings findings) {
        JsonNode metadata = document.path("metadata");
        if (metadata.path("name").asText().isEmpty()) {
            boolean generated = metadata.has("generateName");
            findings.required(
                    METADATA.child(generated ? "generateName" : "name"),
                    generated
                            ? "a declared resource needs metadata.name: a generated name would be"
                                    + " another one at every commit"
                            : "");
        } else {
            Check.text(
                    metadata.path("name").asText(), METADATA.child("name"), nameSyntax, findings);
        }
        JsonNode namespace = metadata.path("namespace");
        if (kind.namespaced()) {
            Check.text(namespace.asText(), METADATA.child("namespace"), Names::label, findings);
        } else if (!namespace.asText().isEmpty()) {
            findings.forbidden(
                    METADATA.child("namespace"),
                    "not allowed on this type: a %s does not live in a namespace"
                            .formatted(kind.groupKind().kind()));
        }
        labelsAndAnnotations(metadata, METADATA, findings);
    }

    static void labelsAndAnnotations(JsonNode metadata, FieldPath path, Findings findings) {
        Check.labels(metadata.path("labels"), path.child("labels"), findings);
        FieldPath annotations = path.child("annotations");
        int bytes = 0;
        for (var annotation : metadata.path("annotations").properties()) {
            Check.keyOf(
                    annotation.getKey(),
                    annotations,
                    annotations.child(annotation.getKey()),
                    findings);
            bytes += annotation.getKey().length();
            bytes += annotation.getValue().asText().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_ANNOTATIONS_BYTES) {
            findings.error(
                    annotations,
                    "Too long: may not be more than " + MAX_ANNOTATIONS_BYTES + " bytes");
        }
    }
}
