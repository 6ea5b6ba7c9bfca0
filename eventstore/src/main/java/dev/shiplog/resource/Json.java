package dev.shiplog.resource;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import io.fabric8.kubernetes.api.model.ObjectMeta;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An immutable JSON value in canonical form: members sorted by name, no white space, UTF-8.
 *
 * <p>Invariant: two values that mean the same have the same bytes, so {@link #equals} compares
 * bytes and a hash of the bytes is a hash of the meaning. Sorting follows RFC 8785 section 3.2.3
 * for the ASCII names that Kubernetes uses; numbers keep the text that they were written with.
 */
public final class Json {
    /** The one mapper of the project: JSON in and out, nothing discovered, nothing guessed. */
    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                    .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
                    .build();

    /** The longest part of a document, and nobody reads it through the model. */
    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}

    /** {@code {}}. */
    public static final Json EMPTY = new Json(new byte[] {'{', '}'});

    private final byte[] bytes;
    private int hash;

    private Json(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The canonical form of a tree. The tree is read, not kept. */
    public static Json of(JsonNode node) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder();
                JsonGenerator out = MAPPER.getFactory().createGenerator(bytes)) {
            write(node, out);
            out.flush();
            return new Json(bytes.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    /** The canonical form of a value that Jackson can write, such as a Kubernetes model object. */
    public static Json from(Object value) {
        return of(MAPPER.valueToTree(value));
    }

    /**
     * Reads JSON text in any form.
     *
     * @throws IllegalArgumentException if the text is not one JSON value; the message says where
     */
    public static Json parse(String text) {
        try {
            return of(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "expected JSON, found: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Takes bytes that {@link #bytes()} gave earlier, without looking at them again. The caller
     * hands the array over and never writes to it.
     */
    public static Json canonical(byte[] bytes) {
        return bytes.length == 2 && bytes[0] == '{' ? EMPTY : new Json(bytes);
    }

    /** A fresh, mutable tree of this value; changing it changes nothing here. */
    public JsonNode toNode() {
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("canonical JSON could not be read: " + this, e);
        }
    }

    /** A fresh, mutable object tree; an {@link IllegalStateException} if this is not an object. */
    public ObjectNode toObject() {
        if (toNode() instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalStateException("expected a JSON object, found " + this);
    }

    /**
     * Binds this value to a type of the Kubernetes model; unknown members are ignored, and so is
     * {@code managedFields}.
     */
    public <T> T as(Class<T> type) {
        try {
            return MAPPER.readValue(bytes, type);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "expected " + type.getSimpleName() + ", found " + this, e);
        }
    }

    /** The canonical bytes. Shared, not copied: never write to them. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether this is {@code {}}. */
    public boolean isEmpty() {
        return bytes.length == 2 && bytes[0] == '{';
    }

    /** A streaming parser over the canonical bytes. */
    public JsonParser parser() throws IOException {
        return MAPPER.getFactory().createParser(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Arrays.equals(bytes, json.bytes);
    }

    @Override
    public int hashCode() {
        int value = hash;
        if (value == 0) {
            value = Arrays.hashCode(bytes);
            hash = value;
        }
        return value;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Writes a tree with the members of each object sorted by name. */
    private static void write(JsonNode node, JsonGenerator out) throws IOException {
        if (node instanceof ObjectNode object) {
            write(object, out);
        } else if (node instanceof ArrayNode array) {
            write(array, out);
        } else {
            writeValue(node, out);
        }
    }

    private static void write(ObjectNode object, JsonGenerator out) throws IOException {
        out.writeStartObject();
        for (Map.Entry<String, JsonNode> member : sorted(object)) {
            out.writeFieldName(member.getKey());
            write(member.getValue(), out);
        }
        out.writeEndObject();
    }

    private static void write(ArrayNode array, JsonGenerator out) throws IOException {
        out.writeStartArray();
        for (JsonNode item : array) {
            write(item, out);
        }
        out.writeEndArray();
    }

    private static void writeValue(JsonNode node, JsonGenerator out) throws IOException {
        switch (node) {
            case TextNode text -> out.writeString(text.textValue());
            case BooleanNode bool -> out.writeBoolean(bool.booleanValue());
            case IntNode number -> out.writeNumber(number.intValue());
            case NullNode _ -> out.writeNull();
            default -> MAPPER.writeTree(out, node);
        }
    }

    /** Most objects were canonical once, and are in order still. */
    private static Collection<Map.Entry<String, JsonNode>> sorted(ObjectNode object) {
        Set<Map.Entry<String, JsonNode>> members = object.properties();
        String last = "";
        for (Map.Entry<String, JsonNode> member : members) {
            if (member.getKey().compareTo(last) < 0) {
                List<Map.Entry<String, JsonNode>> sorted = new ArrayList<>(members);
                sorted.sort(Map.Entry.comparingByKey());
                return sorted;
            }
            last = member.getKey();
        }
        return members;
    }
}
