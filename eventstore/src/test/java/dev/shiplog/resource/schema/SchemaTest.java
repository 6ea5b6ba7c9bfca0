package dev.shiplog.resource.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class SchemaTest {
    private static Schema at(Class<?> model, String... steps) {
        Schema schema = Schema.of(model);
        for (String step : steps) {
            schema = step.equals("[]") ? schema.item() : schema.field(step);
        }
        return schema;
    }

    @Test
    void aListIsAtomicUnlessTheApiSaysOtherwise() {
        assertEquals(
                FieldFacts.ListType.ATOMIC,
                at(Pod.class, "spec", "containers", "[]", "args").facts().listType());
        assertEquals(
                FieldFacts.ListType.SET,
                at(Pod.class, "metadata", "finalizers").facts().listType());
        FieldFacts ports = at(Pod.class, "spec", "containers", "[]", "ports").facts();
        assertEquals(FieldFacts.ListType.MAP, ports.listType());
        assertEquals(
                List.of("containerPort", "protocol"),
                ports.keys().stream().map(FieldFacts.Key::name).toList());
        assertEquals("\"TCP\"", ports.keys().get(1).fallback().orElseThrow().toString());
        assertEquals(Optional.of("containerPort"), ports.mergeKey());
    }

    @Test
    void patchStrategiesComeFromTheApi() {
        FieldFacts volumes = at(Pod.class, "spec", "volumes").facts();
        assertTrue(volumes.merges());
        assertTrue(volumes.retainsKeys());
        assertTrue(at(Deployment.class, "spec", "strategy").facts().retainsKeys());
        assertFalse(at(Pod.class, "spec", "tolerations").facts().merges());
    }

    @Test
    void someMappingsAreReplacedAsAWhole() {
        assertTrue(at(Deployment.class, "spec", "selector").facts().atomic());
        assertTrue(at(Pod.class, "spec", "nodeSelector").facts().atomic());
        assertTrue(at(Pod.class, "spec", "imagePullSecrets", "[]").facts().atomic());
        assertFalse(at(Pod.class, "metadata", "labels").facts().atomic());
    }

    @Test
    void requiredFieldsAreKnownByType() {
        assertEquals(List.of("containers"), Schema.of(PodSpec.class).required());
        assertEquals(
                List.of("containerPort"),
                at(Pod.class, "spec", "containers", "[]", "ports", "[]").required());
        assertEquals(List.of("port"), Schema.of(EndpointPort.class).required());
    }

    @Test
    void typesHaveTheNamesThatKubernetesGivesThem() {
        assertEquals("io.k8s.api.core.v1.Pod", TypeName.of(Pod.class).schemaName());
        assertEquals("io.k8s.api.apps.v1.Deployment", TypeName.of(Deployment.class).schemaName());
        assertEquals(
                "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
                TypeName.of(io.fabric8.kubernetes.api.model.ObjectMeta.class).schemaName());
    }

    @Test
    void nothingIsKnownOfAnOpenPlace() {
        assertEquals(Schema.OPEN, Schema.of(GenericKubernetesResource.class).field("spec"));
        assertTrue(at(Pod.class, "metadata", "labels").declares("anything"));
        assertFalse(at(Pod.class, "spec").declares("anything"));
    }

    /** A slip in the table would silently make a list atomic. */
    @Test
    void everyFactOfTheModelsTypesNamesARealField() {
        for (Class<?> model : List.of(Pod.class, PodSpec.class, Deployment.class)) {
            Schema schema = Schema.of(model);
            for (String field : schema.required()) {
                assertTrue(schema.declares(field), model + "." + field);
            }
        }
    }
}
