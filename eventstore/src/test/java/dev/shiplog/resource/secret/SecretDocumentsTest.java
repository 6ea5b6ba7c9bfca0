package dev.shiplog.resource.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class SecretDocumentsTest {
    private static final String PLAIN =
            """
            {"apiVersion":"v1","kind":"Secret","type":"Opaque",
             "metadata":{"name":"db","namespace":"shop","annotations":{
               "kubectl.kubernetes.io/last-applied-configuration":"{\\"stringData\\":\\"hunter2\\"}"}},
             "data":{"password":"aHVudGVyMg==","user":"c2hvcA=="}}
            """;

    private final Keyring keys = new Keyring(SealingKey.generate(), List.of());
    private final SecretDocuments documents = new SecretDocuments(() -> keys);

    @Test
    void whatIsSealedOpensToWhatItWas() {
        ObjectNode plain = Json.parse(PLAIN).toObject();
        ObjectNode sealed = documents.seal(Optional.empty(), plain);
        assertFalse(sealed.toString().contains("aHVudGVyMg"), "a value in " + sealed);
        assertFalse(sealed.toString().contains("hunter2"), "the annotation in " + sealed);
        assertTrue(sealed.path("data").path("password").asText().startsWith("sealed:v1:"));
        assertEquals(Json.of(plain), documents.open(Json.of(sealed)));
    }

    @Test
    void onlyWhatChangesLooksChanged() {
        ObjectNode sealed = documents.seal(Optional.empty(), Json.parse(PLAIN).toObject());
        ObjectNode edited = documents.open(Json.of(sealed)).toObject();
        edited.withObjectProperty("data").put("user", "b3RoZXI=").put("more", "");
        ObjectNode after = documents.seal(Optional.of(sealed), edited);
        assertEquals(sealed.path("data").path("password"), after.path("data").path("password"));
        assertEquals(sealed.path("metadata"), after.path("metadata"));
        assertNotEquals(sealed.path("data").path("user"), after.path("data").path("user"));
        assertEquals(Json.of(edited), documents.open(Json.of(after)));
        assertEquals(after, documents.seal(Optional.of(after), after), "sealed already");
    }

    @Test
    void aValueThatDoesNotOpenIsNotLost() {
        ObjectNode sealed = documents.seal(Optional.empty(), Json.parse(PLAIN).toObject());
        SecretDocuments elsewhere =
                new SecretDocuments(() -> new Keyring(SealingKey.generate(), List.of()));
        Json served = elsewhere.open(Json.of(sealed));
        ObjectNode written = elsewhere.seal(Optional.of(sealed), served.toObject());
        assertEquals(sealed.path("data"), written.path("data"));
        ResourceKey key = new ResourceKey(GroupKind.SECRET, "shop", "db");
        assertEquals(Set.of("password", "user"), elsewhere.closed(key, Json.of(sealed)).keySet());
        assertTrue(elsewhere.values(key, Json.of(sealed)).isEmpty());
    }

    @Test
    void valuesAreForTheNodeOnly() {
        ObjectNode sealed = documents.seal(Optional.empty(), Json.parse(PLAIN).toObject());
        ResourceKey key = new ResourceKey(GroupKind.SECRET, "shop", "db");
        assertArrayEquals(
                "hunter2".getBytes(StandardCharsets.UTF_8),
                documents.values(key, Json.of(sealed)).get("password"));
        ResourceKey moved = new ResourceKey(GroupKind.SECRET, "other", "db");
        assertTrue(documents.values(moved, Json.of(sealed)).isEmpty(), "opened elsewhere");
    }
}
