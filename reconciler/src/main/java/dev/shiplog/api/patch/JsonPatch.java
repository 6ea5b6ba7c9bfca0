package dev.shiplog.api.patch;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;

import java.util.regex.Pattern;

/**
 * JSON patch, RFC 6902. As in Kubernetes, an index may be negative: {@code -1} is the last item.
 *
 * <p>Written here and not taken from a library because what copies may add to a document has to be
 * bounded while they are made.
 */
final class JsonPatch {
    /** The most operations in one patch. */
    static final int MAX_OPERATIONS = 10_000;

    /** The most bytes that all copies of one patch may add to the document. */
    static final int MAX_COPIED_BYTES = 3 << 20;

    private static final Pattern INDEX = Pattern.compile("0|-?[1-9][0-9]{0,8}");

    private JsonNode root;
    private long copiedBytes;

    private JsonPatch(JsonNode root) {
        this.root = root;
    }

    static ObjectNode apply(ObjectNode document, ArrayNode operations) {
        if (operations.size() > MAX_OPERATIONS) {
            throw new ApiFailure(
                    Status.of(
                            413,
                            "RequestEntityTooLarge",
                            "Request entity is too large: The allowed maximum operations in a JSON"
                                    + " patch is %d, got %d"
                                            .formatted(MAX_OPERATIONS, operations.size())));
        }
        JsonPatch patch = new JsonPatch(document.deepCopy());
        for (int i = 0; i < operations.size(); i++) {
            try {
                patch.operate(operations.get(i));
            } catch (Unfit e) {
                throw new ApiFailure(unprocessable("patch[" + i + "]", e.getMessage()), e);
            }
        }
        if (patch.root instanceof ObjectNode object) {
            return object;
        }
        throw new ApiFailure(unprocessable("patch", "the patched document is no object"));
    }

    /** Kubernetes' words, with what is wrong as a cause, which kubectl prints. */
    private static Status unprocessable(String field, String why) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ObjectNode cause = details.putArray("causes").addObject();
        cause.put("message", why);
        cause.put("field", field);
        return new Status(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request",
                Json.of(details));
    }

    private void operate(JsonNode operation) throws Unfit {
        String name = operation.path("op").asText();
        JsonPointer path = pointer(operation, "path", name);
        switch (name) {
            case "add" -> add(name, path, value(operation, name));
            case "remove" -> remove(name, path);
            case "replace" -> {
                JsonNode value = value(operation, name);
                at(name, path);
                put(name, path, value);
            }
            case "move" -> {
                JsonPointer from = pointer(operation, "from", name);
                if (path.toString().startsWith(from + "/")) {
                    throw new Unfit(
                            "move operation does not apply: " + path + " is inside " + from);
                }
                add(name, path, remove(name, from));
            }
            case "copy" -> {
                JsonNode value = at(name, pointer(operation, "from", name)).deepCopy();
                copiedBytes += value.toString().length();
                if (copiedBytes > MAX_COPIED_BYTES) {
                    throw new Unfit(
                            "Unable to complete the copy, the accumulated size increase of copy is"
                                    + " %d, exceeding the limit %d"
                                            .formatted(copiedBytes, MAX_COPIED_BYTES));
                }
                add(name, path, value);
            }
            case "test" -> {
                if (!Nodes.same(at(name, path), value(operation, name))) {
                    throw new Unfit("testing value " + path + " failed: test failed");
                }
            }
            default -> throw new Unfit("Unexpected kind: " + name);
        }
    }

    private static JsonPointer pointer(JsonNode operation, String member, String name)
            throws Unfit {
        JsonNode text = operation.path(member);
        if (!text.isTextual()) {
            throw new Unfit(name + " operation is missing its \"" + member + "\"");
        }
        try {
            return JsonPointer.compile(text.textValue());
        } catch (IllegalArgumentException e) {
            throw new Unfit(
                    name
                            + " operation: \""
                            + member
                            + "\" has to begin with a slash, found "
                            + text);
        }
    }

    private static JsonNode value(JsonNode operation, String name) throws Unfit {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw new Unfit(name + " operation is missing its \"value\"");
        }
        return value.deepCopy();
    }

    private JsonNode at(String name, JsonPointer path) throws Unfit {
        JsonNode node = root;
        for (JsonPointer rest = path; !rest.matches(); rest = rest.tail()) {
            String step = rest.getMatchingProperty();
            JsonNode next =
                    switch (node) {
                        case ObjectNode object -> object.get(step);
                        case ArrayNode array -> array.get(index(name, step, array.size() - 1));
                        default -> null;
                    };
            if (next == null) {
                throw missing(name, path);
            }
            node = next;
        }
        return node;
    }

    private void add(String name, JsonPointer path, JsonNode value) throws Unfit {
        if (path.matches()) {
            root = value;
            return;
        }
        String last = path.last().getMatchingProperty();
        switch (at(name, path.head())) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> {
                if (last.equals("-")) {
                    array.add(value);
                } else {
                    array.insert(index(name, last, array.size()), value);
                }
            }
            default -> throw missing(name, path);
        }
    }

    /** Replaces what is there. */
    private void put(String name, JsonPointer path, JsonNode value) throws Unfit {
        if (path.matches()) {
            root = value;
            return;
        }
        String last = path.last().getMatchingProperty();
        switch (at(name, path.head())) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.set(index(name, last, array.size() - 1), value);
            default -> throw missing(name, path);
        }
    }

    private JsonNode remove(String name, JsonPointer path) throws Unfit {
        if (path.matches()) {
            throw new Unfit(name + " operation does not apply: the whole document cannot go");
        }
        JsonNode gone = at(name, path);
        String last = path.last().getMatchingProperty();
        switch (at(name, path.head())) {
            case ObjectNode object -> object.remove(last);
            case ArrayNode array -> array.remove(index(name, last, array.size() - 1));
            default -> throw missing(name, path);
        }
        return gone;
    }

    private static int index(String name, String step, int last) throws Unfit {
        if (!INDEX.matcher(step).matches()) {
            throw new Unfit(
                    name + " operation does not apply: expected an index of a list, found " + step);
        }
        int index = Integer.parseInt(step);
        int place = index < 0 ? index + last + 1 : index;
        if (place < 0 || place > last) {
            throw new Unfit(
                    name
                            + " operation does not apply: Unable to access invalid index: "
                            + index
                            + ": invalid index referenced");
        }
        return place;
    }

    private static Unfit missing(String name, JsonPointer path) {
        return new Unfit(
                name
                        + " operation does not apply: doc is missing path: \""
                        + path
                        + "\": missing value");
    }

    /** An operation does not fit the document. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
