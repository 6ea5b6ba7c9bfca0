package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Shape;
import dev.shiplog.resource.schema.ShapeCheck;

/**
 * Takes a document in: checks its fields, brings it to the storage version, completes it and
 * validates it. The same for a manifest in Git and for a body that kubectl sends.
 */
public final class Admission {
    private Admission() {}

    /**
     * Takes a document in. It is changed in place, and complete only if {@code findings} has no
     * errors afterwards.
     *
     * @param kind what {@code apiVersion} and {@code kind} of the document mean
     * @param defaultNamespace where it belongs if its kind has namespaces and it names none
     */
    public static void admit(
            Kind kind, ObjectNode document, String defaultNamespace, Findings findings) {
        Shape.Fields shape =
                Shape.of(kind.rules().model(document.path("apiVersion").asText(), kind.model()));
        if (!ShapeCheck.check(document, shape, findings)) {
            return;
        }
        Normalizer.normalize(document, shape, findings);
        ObjectMetaRules.complete(kind, document, defaultNamespace, findings);
        dropStatus(document, findings);
        finish(kind, document, findings);
    }

    /**
     * Takes in a document that a client of the API sent: its fields were checked, it has a name
     * and, if its kind has namespaces, a namespace, and neither a status nor what only the cluster
     * sets in {@code metadata}. It is changed in place, and complete only if {@code findings} has
     * no errors afterwards.
     */
    public static void complete(Kind kind, ObjectNode document, Findings findings) {
        Normalizer.normalize(document, Shape.of(kind.model()), findings);
        finish(kind, document, findings);
    }

    private static void finish(Kind kind, ObjectNode document, Findings findings) {
        convert(kind, document, findings);
        kind.rules().setDefaults(document);
        ObjectMetaRules.validate(kind, document, kind.rules()::nameObjections, findings);
        kind.rules().validate(document, findings);
        if (!findings.hasErrors()) {
            kind.rules().warn(document, findings);
        }
    }

    private static void dropStatus(ObjectNode document, Findings findings) {
        var status = document.remove("status");
        if (status != null && !status.isEmpty()) {
            findings.warning(FieldPath.of("status"), "status is ignored: only the cluster sets it");
        }
    }

    private static void convert(Kind kind, ObjectNode document, Findings findings) {
        String from = document.path("apiVersion").asText();
        if (from.equals(kind.storageVersion())) {
            return;
        }
        kind.rules().convert(from, document);
        document.put("apiVersion", kind.storageVersion());
        String name = kind.groupKind().kind();
        String deprecation = kind.rules().deprecation(from);
        if (!deprecation.isEmpty()) {
            findings.warning(
                    FieldPath.of("apiVersion"),
                    "%s %s is %s; use %s %s"
                            .formatted(from, name, deprecation, kind.storageVersion(), name));
        }
    }
}
