package dev.shiplog.resource.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Shape;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

class AdmissionTest {
    private static final String DEPLOYMENT =
            """
            {"apiVersion": "apps/v1beta1", "kind": "Deployment", "metadata": {"name": "a"},
             "spec": {"template": {"metadata": {"labels": {"app": "a"}}, "spec": {
               "containers": [{"name": "a", "image": "a", "ports": [{"containerPort": 80}],
                 "resources": {"limits": {"cpu": "0.50", "memory": 1073741824}},
                 "livenessProbe": {"httpGet": {"port": "http"}}}]}}}}
            """;

    /** What was taken in once is taken in again unchanged, and needs no more warnings of age. */
    @Test
    void takingInTwiceIsTakingInOnce() {
        ObjectNode document = Json.parse(DEPLOYMENT).toObject();
        Kind kind = Kinds.of(GroupKind.DEPLOYMENT).orElseThrow();
        Findings first = new Findings();
        Admission.admit(kind, document, "team", first);
        assertFalse(first.hasErrors(), first.errors().toString());
        assertEquals("apps/v1", document.path("apiVersion").asText());
        assertEquals("team", document.path("metadata").path("namespace").asText());
        Json once = Json.of(document);

        ObjectNode copy = once.toObject();
        Findings second = new Findings();
        Admission.admit(kind, copy, "other", second);
        assertFalse(second.hasErrors(), second.errors().toString());
        assertEquals(once, Json.of(copy));
        assertEquals(1, first.warnings().size() - second.warnings().size());
    }

    /** A member that is written out with its default means the same as one that is left out. */
    @Test
    void nullAndAbsentAreTheSame() {
        Kind kind = Kinds.of(GroupKind.NAMESPACE).orElseThrow();
        ObjectNode plain =
                Json.parse(
                                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"a\"}}")
                        .toObject();
        ObjectNode verbose = plain.deepCopy();
        verbose.putNull("spec");
        verbose.withObjectProperty("metadata").putNull("labels").putNull("creationTimestamp");
        Admission.admit(kind, plain, "default", new Findings());
        Admission.admit(kind, verbose, "default", new Findings());
        assertEquals(Json.of(plain), Json.of(verbose));
    }

    /** So that such a difference rolls nothing out. */
    @Test
    void emptyAndAbsentAreTheSame() {
        Kind kind = Kinds.of(GroupKind.POD).orElseThrow();
        String pod =
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"%s},"
                        + "\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"a\"%s}]%s}}";
        ObjectNode plain = Json.parse(pod.formatted("", "", "")).toObject();
        ObjectNode verbose =
                Json.parse(
                                pod.formatted(
                                        ",\"labels\":{}",
                                        ",\"args\":[],\"workingDir\":\"\",\"resources\":{\"limits\":{}}",
                                        ",\"nodeName\":\"\",\"restartPolicy\":\"\",\"volumes\":[]"))
                        .toObject();
        Admission.admit(kind, plain, "default", new Findings());
        Admission.admit(kind, verbose, "default", new Findings());
        assertEquals(Json.of(plain), Json.of(verbose));
    }

    /** Every class that a served kind reaches is understood: none is empty by mistake. */
    @Test
    void theShapeOfEveryServedKindIsComplete() {
        Set<Shape> seen = new HashSet<>();
        Deque<Shape> open = new ArrayDeque<>();
        Kinds.all().forEach(kind -> open.add(Shape.of(kind.model())));
        while (!open.isEmpty()) {
            Shape shape = open.remove();
            if (!seen.add(shape)) {
                continue;
            }
            switch (shape) {
                case Shape.Fields fields -> {
                    assertFalse(fields.members().containsKey("additionalProperties"), "" + fields);
                    open.addAll(fields.members().values());
                }
                case Shape.Items items -> open.add(items.item());
                case Shape.Mapping mapping -> open.add(mapping.value());
                case Shape.OneOf oneOf -> assertTrue(oneOf.values().size() > 1);
                case Shape.Scalar _ -> {}
            }
        }
        assertTrue(seen.size() > 100, "only " + seen.size() + " shapes");
    }

    @Test
    void imagesAreLatestWithoutTagOrDigest() {
        assertTrue(PodDefaults.isLatest("busybox"));
        assertTrue(PodDefaults.isLatest("busybox:latest"));
        assertTrue(PodDefaults.isLatest("localhost:5000/busybox"));
        assertFalse(PodDefaults.isLatest("busybox:1.37"));
        assertFalse(PodDefaults.isLatest("localhost:5000/busybox:1.37"));
        assertFalse(PodDefaults.isLatest("busybox@sha256:00"));
        assertFalse(PodDefaults.isLatest("busybox:latest@sha256:00"));
    }
}
