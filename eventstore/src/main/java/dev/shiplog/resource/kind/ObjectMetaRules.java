package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
                    "managedFields");

    /** Finalizers that Kubernetes knows without a domain. */
    private static final Set<String> STANDARD_FINALIZERS =
            new TreeSet<>(List.of("foregroundDeletion", "kubernetes", "orphan"));

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
        dropMakers(kind, metadata, findings);
        if (kind.namespaced() && metadata.path("namespace").asText().isEmpty()) {
            metadata.put("namespace", defaultNamespace);
        }
    }

    /** What a controller made is its, not Git's: a copy of such an object is one of its own. */
    private static void dropMakers(Kind kind, ObjectNode metadata, Findings findings) {
        if (!(metadata.path("ownerReferences") instanceof ArrayNode owners)) {
            return;
        }
        for (int i = owners.size() - 1; i >= 0; i--) {
            JsonNode owner = owners.get(i);
            if (owner.path("controller").asBoolean()
                    && OwnerReference.makes(owner.path("kind").asText(), kind.groupKind().kind())) {
                owners.remove(i);
                findings.warning(
                        METADATA.child("ownerReferences").item(i),
                        "metadata.ownerReferences[%d] is ignored: what a controller made is not"
                                        .formatted(i)
                                + " declared");
            }
        }
        if (owners.isEmpty()) {
            metadata.remove("ownerReferences");
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
        finalizers(metadata.path("finalizers"), findings);
        owners(metadata.path("ownerReferences"), findings);
    }

    private static void finalizers(JsonNode finalizers, Findings findings) {
        for (int i = 0; i < finalizers.size(); i++) {
            String name = finalizers.get(i).asText();
            FieldPath path = METADATA.child("finalizers").item(i);
            Check.text(name, path, Names::qualified, findings);
            if (!name.contains("/") && !STANDARD_FINALIZERS.contains(name)) {
                findings.invalid(
                        path,
                        Check.quoted(name),
                        "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    private static void owners(JsonNode owners, Findings findings) {
        int controllers = 0;
        for (int i = 0; i < owners.size(); i++) {
            FieldPath path = METADATA.child("ownerReferences").item(i);
            for (String name : List.of("apiVersion", "kind", "name", "uid")) {
                if (owners.get(i).path(name).asText().isEmpty()) {
                    findings.invalid(
                            path.child(name),
                            "\"\"",
                            name.equals("apiVersion")
                                    ? "version must not be empty"
                                    : "must not be empty");
                }
            }
            controllers += owners.get(i).path("controller").asBoolean() ? 1 : 0;
        }
        if (controllers > 1) {
            findings.invalid(
                    METADATA.child("ownerReferences"),
                    owners.toString(),
                    "Only one reference can have Controller set to true. Found " + controllers);
        }
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
