package dev.shiplog.resource.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Seals and opens the documents of Secrets. Sealed are the values under {@code data}, and the
 * annotation in which {@code kubectl apply} keeps what was applied last, since it repeats them.
 *
 * <p>A value that this cluster cannot open is served as the base64 of its sealed text, so that a
 * document that is read and written again does not lose it.
 */
public final class SecretDocuments {
    /** Where {@code kubectl apply} keeps a copy of the manifest, plain values and all. */
    public static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final Supplier<Keyring> keys;

    /**
     * @param keys asked at each use, since keys can be rotated while the cluster runs
     */
    public SecretDocuments(Supplier<Keyring> keys) {
        this.keys = keys;
    }

    /** The whole document of a Secret with its values in the plain, as the API serves it. */
    public Json open(Json document) {
        ObjectNode root = document.toObject();
        JsonNode metadata = root.path("metadata");
        ResourceKey key = key(root);
        openData(key, root);
        if (metadata.path("annotations") instanceof ObjectNode annotations
                && annotations.has(LAST_APPLIED)) {
            String text = annotations.path(LAST_APPLIED).asText();
            if (opened(text, ValuePlace.of(key, LAST_APPLIED))
                    instanceof Keyring.Opened.Plain plain) {
                annotations.put(LAST_APPLIED, new String(plain.value(), StandardCharsets.UTF_8));
            } else {
                annotations.remove(LAST_APPLIED);
            }
        }
        return Json.of(root);
    }

    /**
     * The whole document of a Secret with its values sealed. A value that is as it was keeps its
     * sealed text, so that only what changes looks changed. Values that are sealed already stay.
     *
     * @param before the document as it is kept, sealed; empty for a new Secret
     * @param after the document as it shall be, its values in base64 or sealed
     * @throws IllegalArgumentException if a value is neither; the message does not show it
     */
    public ObjectNode seal(Optional<ObjectNode> before, ObjectNode after) {
        ObjectNode sealed = after.deepCopy();
        ResourceKey key = key(after);
        sealData(key, before.map(old -> old.path("data")), sealed);
        if (sealed.path("metadata").path("annotations") instanceof ObjectNode annotations
                && annotations.has(LAST_APPLIED)) {
            annotations.put(
                    LAST_APPLIED,
                    sealedText(
                            annotations
                                    .path(LAST_APPLIED)
                                    .asText()
                                    .getBytes(StandardCharsets.UTF_8),
                            before.map(old ->
                                            old.path("metadata")
                                                    .path("annotations")
                                                    .path(LAST_APPLIED)
                                                    .asText())
                                    .filter(SealedText::claimed),
                            ValuePlace.of(key, LAST_APPLIED)));
        }
        return sealed;
    }

    /** As {@link #seal}, of a body without metadata. */
    public Json sealBody(ResourceKey key, Optional<Json> before, Json after) {
        ObjectNode body = after.toObject();
        sealData(key, before.map(old -> old.toNode().path("data")), body);
        return Json.of(body);
    }

    /** As {@link #open}, of a body without metadata. */
    public Json openBody(ResourceKey key, Json body) {
        ObjectNode root = body.toObject();
        openData(key, root);
        return Json.of(root);
    }

    /** The plain values of a Secret by key; those that cannot be opened are not among them. */
    public SortedMap<String, byte[]> values(ResourceKey key, Json body) {
        SortedMap<String, byte[]> values = new TreeMap<>();
        body.toNode()
                .path("data")
                .properties()
                .forEach(entry ->
                        plain(entry.getValue().asText(), ValuePlace.of(key, entry.getKey()))
                                .ifPresent(value -> values.put(entry.getKey(), value)));
        return values;
    }

    /** Why the values of a Secret do not open here, by key; empty if all do. */
    public SortedMap<String, String> closed(ResourceKey key, Json body) {
        SortedMap<String, String> closed = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : body.toNode().path("data").properties()) {
            String text = entry.getValue().asText();
            if (SealedText.claimed(text)
                    && opened(text, ValuePlace.of(key, entry.getKey()))
                            instanceof Keyring.Opened.Closed(String why)) {
                closed.put(entry.getKey(), why);
            }
        }
        return closed;
    }

    /** Whether a Secret's body holds a value that is not sealed. */
    public static boolean holdsPlain(Json body) {
        for (JsonNode value : body.toNode().path("data")) {
            if (!SealedText.claimed(value.asText())) {
                return true;
            }
        }
        return false;
    }

    private void openData(ResourceKey key, ObjectNode root) {
        if (!(root.path("data") instanceof ObjectNode data)) {
            return;
        }
        for (Map.Entry<String, JsonNode> entry : data.properties()) {
            String text = entry.getValue().asText();
            if (SealedText.claimed(text)) {
                byte[] value =
                        plain(text, ValuePlace.of(key, entry.getKey()))
                                .orElseGet(() -> text.getBytes(StandardCharsets.UTF_8));
                data.put(entry.getKey(), Base64.getEncoder().encodeToString(value));
            }
        }
    }

    private void sealData(ResourceKey key, Optional<JsonNode> before, ObjectNode after) {
        if (!(after.path("data") instanceof ObjectNode data)) {
            return;
        }
        for (Map.Entry<String, JsonNode> entry : data.properties()) {
            String text = entry.getValue().asText();
            if (!SealedText.claimed(text)) {
                data.put(
                        entry.getKey(),
                        sealedText(
                                decoded(entry.getKey(), text),
                                before.map(old -> old.path(entry.getKey()).asText())
                                        .filter(SealedText::claimed),
                                ValuePlace.of(key, entry.getKey())));
            }
        }
    }

    private String sealedText(byte[] value, Optional<String> before, ValuePlace place) {
        String itself = new String(value, StandardCharsets.UTF_8);
        if (SealedText.parse(itself).isPresent()) {
            return itself; // Served so because it could not be opened, or pasted so.
        }
        boolean same =
                before.flatMap(old -> plain(old, place))
                        .filter(old -> Arrays.equals(old, value))
                        .isPresent();
        return same ? before.get() : keys.get().seal(value, place);
    }

    private static byte[] decoded(String key, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "data[" + key + "]: expected base64 or a sealed value, found neither", e);
        }
    }

    /** The value of base64 or sealed text; empty if it does not open or is neither. */
    private Optional<byte[]> plain(String text, ValuePlace place) {
        if (SealedText.claimed(text)) {
            return switch (opened(text, place)) {
                case Keyring.Opened.Plain plain -> Optional.of(plain.value());
                case Keyring.Opened.Closed _ -> Optional.empty();
            };
        }
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Keyring.Opened opened(String text, ValuePlace place) {
        return keys.get().open(text, place);
    }

    private static ResourceKey key(JsonNode document) {
        JsonNode metadata = document.path("metadata");
        return new ResourceKey(
                GroupKind.SECRET,
                metadata.path("namespace").asText(),
                metadata.path("name").asText());
    }
}
