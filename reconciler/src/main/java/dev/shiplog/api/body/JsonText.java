package dev.shiplog.api.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads JSON and remembers which members stood there twice, which a tree does not show. */
final class JsonText {
    /** How deep objects and lists may nest. */
    private static final int MAX_DEPTH = 200;

    /**
     * How many values, from the largest list to the smallest text: a tree of them takes up to a
     * hundred bytes for each, where two bytes were sent.
     */
    static final int MAX_VALUES = 200_000;

    /** The most duplicates that are told. */
    private static final int MAX_DUPLICATES = 50;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                    .build();

    private final List<String> duplicates = new ArrayList<>();

    private int values;

    private JsonText() {}

    /**
     * @throws IllegalArgumentException if it is not one JSON object; the message says where
     */
    static Body read(byte[] bytes) {
        JsonText reader = new JsonText();
        return new Body(Bodies.object(reader.root(bytes)), reader.duplicates);
    }

    /** As {@link #read}, of any value. */
    static JsonNode tree(byte[] bytes) {
        return new JsonText().root(bytes);
    }

    private JsonNode root(byte[] bytes) {
        try (JsonParser in = FACTORY.createParser(bytes)) {
            if (in.nextToken() == null) {
                throw new IllegalArgumentException("expected JSON, found nothing");
            }
            JsonNode root = value(in, FieldPath.ROOT);
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("expected one JSON value, found more after it");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not JSON: " + e.getOriginalMessage() + place(e.getLocation()), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("not UTF-8: " + e.getMessage(), e);
        }
    }

    /** Where; nothing for a limit of the reader, such as of depth, which has no place. */
    private static String place(@Nullable JsonLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private JsonNode value(JsonParser in, FieldPath path) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (++values > MAX_VALUES) {
            throw new IllegalArgumentException(
                    "expected at most " + MAX_VALUES + " values, found more");
        }
        return switch (in.currentToken()) {
            case START_OBJECT -> object(in, path);
            case START_ARRAY -> {
                ArrayNode list = nodes.arrayNode();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(in, path.item(list.size())));
                }
                yield list;
            }
            case VALUE_STRING -> nodes.textNode(in.getText());
            case VALUE_NUMBER_INT -> integer(in, nodes);
            case VALUE_NUMBER_FLOAT -> nodes.numberNode(in.getDecimalValue());
            case VALUE_TRUE -> nodes.booleanNode(true);
            case VALUE_FALSE -> nodes.booleanNode(false);
            case VALUE_NULL -> nodes.nullNode();
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    throw new IllegalArgumentException("not JSON: unexpected " + in.currentToken());
        };
    }

    private static JsonNode integer(JsonParser in, JsonNodeFactory nodes) throws IOException {
        return switch (in.getNumberType()) {
            case INT -> nodes.numberNode(in.getIntValue());
            case LONG -> nodes.numberNode(in.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                    nodes.numberNode(in.getBigIntegerValue());
        };
    }

    private ObjectNode object(JsonParser in, FieldPath path) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            if (object.has(name) && duplicates.size() < MAX_DUPLICATES) {
                duplicates.add(path.child(name).toString());
            }
            object.set(name, value(in, path.child(name)));
        }
        return object;
    }
}
