package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.schema.FieldFacts;
import dev.shiplog.resource.schema.Schema;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Kubernetes' own patch: as a merge patch, and lists that have a merge key are merged item by item.
 * Its directives: {@code $patch: replace}, {@code delete} or {@code merge} in a mapping or an item;
 * {@code $deleteFromPrimitiveList/<field>} beside a list of scalars; {@code
 * $setElementOrder/<field>} beside a merged list; {@code $retainKeys} in a mapping, which drops all
 * members that it does not name.
 */
final class StrategicMergePatch {
    static final String PATCH = "$patch";
    static final String RETAIN_KEYS = "$retainKeys";
    static final String DELETE_FROM = "$deleteFromPrimitiveList/";
    static final String ORDER = "$setElementOrder/";

    private StrategicMergePatch() {}

    static ObjectNode apply(ObjectNode document, ObjectNode patch, Schema schema) {
        return merge(document.deepCopy(), patch.deepCopy(), schema);
    }

    /** Changes both, and returns the result. */
    private static ObjectNode merge(ObjectNode target, ObjectNode patch, Schema schema) {
        JsonNode directive = patch.remove(PATCH);
        if (directive != null) {
            switch (directive.asText()) {
                case "replace" -> {
                    return (ObjectNode) cleaned(patch);
                }
                case "delete" -> {
                    return JsonNodeFactory.instance.objectNode();
                }
                case "merge" -> {}
                default -> throw unknownDirective(directive, patch);
            }
        }
        retainKeys(target, patch);
        orderLists(target, patch, schema);
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            String name = member.getKey();
            if (name.startsWith(DELETE_FROM)) {
                deleteScalars(target, name.substring(DELETE_FROM.length()), member.getValue());
            } else {
                member(target, name, member.getValue(), schema.field(name));
            }
        }
        return target;
    }

    private static void member(ObjectNode target, String name, JsonNode value, Schema schema) {
        if (value.isNull()) {
            target.remove(name);
            return;
        }
        JsonNode present = target.get(name);
        if (present instanceof ObjectNode into
                && value instanceof ObjectNode patch
                && !schema.facts().replaces()) {
            target.set(name, merge(into, patch, schema));
        } else if (present instanceof ArrayNode into
                && value instanceof ArrayNode patch
                && schema.facts().merges()) {
            target.set(name, MergedList.of(into, patch, schema).merged());
        } else if (deletes(value)) {
            target.remove(name);
        } else {
            target.set(name, cleaned(value));
        }
    }

    /** Only the members that the patch names stay. */
    private static void retainKeys(ObjectNode target, ObjectNode patch) {
        JsonNode directive = patch.remove(RETAIN_KEYS);
        if (directive == null) {
            return;
        }
        if (!(directive instanceof ArrayNode list)) {
            throw bad("invalid patch format of retainKeys");
        }
        List<String> names = new ArrayList<>();
        list.forEach(name -> names.add(name.asText()));
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            boolean directed =
                    member.getKey().startsWith(DELETE_FROM) || member.getKey().startsWith(ORDER);
            if (!directed && !member.getValue().isNull() && !names.contains(member.getKey())) {
                throw bad("invalid patch format of retainKeys");
            }
        }
        target.retain(names);
    }

    private static void deleteScalars(ObjectNode target, String name, JsonNode gone) {
        if (!(gone instanceof ArrayNode scalars)) {
            throw bad("invalid patch format of primitive list");
        }
        if (target.get(name) instanceof ArrayNode present) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            for (JsonNode item : present) {
                if (MergedList.indexOf(scalars, item, null) < 0) {
                    kept.add(item);
                }
            }
            target.set(name, kept);
        }
    }

    /** Takes the ordering directives, and the lists that they order, out of the patch. */
    private static void orderLists(ObjectNode target, ObjectNode patch, Schema schema) {
        List<String> directives = new ArrayList<>();
        patch.fieldNames()
                .forEachRemaining(name -> {
                    if (name.startsWith(ORDER)) {
                        directives.add(name);
                    }
                });
        for (String directive : directives) {
            String name = directive.substring(ORDER.length());
            if (!(patch.remove(directive) instanceof ArrayNode order)) {
                throw bad("invalid patch format of setElementOrder list");
            }
            JsonNode change = patch.get(name);
            JsonNode present = target.get(name);
            boolean lists =
                    (change == null || change.isArray()) && (present == null || present.isArray());
            if (!lists) {
                throw bad("invalid patch format of setElementOrder list");
            }
            if (change == null && present == null) {
                continue;
            }
            patch.remove(name);
            deleteFirst(target, patch, name);
            target.set(name, ordered(target.get(name), change, order, schema.field(name)));
        }
    }

    /** Scalars that the same patch deletes do not take part in the ordering. */
    private static void deleteFirst(ObjectNode target, ObjectNode patch, String name) {
        JsonNode gone = patch.remove(DELETE_FROM + name);
        if (gone != null) {
            deleteScalars(target, name, gone);
        }
    }

    private static ArrayNode ordered(
            @Nullable JsonNode present, @Nullable JsonNode change, ArrayNode order, Schema schema) {
        ArrayNode live =
                present instanceof ArrayNode list ? list : JsonNodeFactory.instance.arrayNode();
        ArrayNode patch =
                change instanceof ArrayNode list ? list : JsonNodeFactory.instance.arrayNode();
        FieldFacts facts = schema.facts();
        String key = facts.mergeKey().orElse(null);
        checkOrder(patch, order, key);
        ArrayNode before = live.deepCopy();
        ArrayNode merged =
                facts.merges()
                        ? MergedList.of(live, patch, schema).merged()
                        : change == null ? live : (ArrayNode) cleaned(patch);
        return MergedList.arrange(merged, order, before, key);
    }

    /** The items of the patch have to be in the order that it asks for. */
    private static void checkOrder(ArrayNode patch, ArrayNode order, @Nullable String key) {
        int last = -1;
        for (JsonNode item : patch) {
            if (item.has(PATCH)) {
                continue;
            }
            int place = MergedList.indexOf(order, item, key);
            if (!order.isEmpty() && (place < 0 || place < last)) {
                throw bad(
                        "The order in patch list:\n"
                                + patch
                                + "\n doesn't match $setElementOrder list:\n"
                                + order
                                + "\n");
            }
            last = place;
        }
    }

    /** A value that is new: without nulls and without what only directs. */
    static JsonNode cleaned(JsonNode value) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode result = JsonNodeFactory.instance.objectNode();
                for (Map.Entry<String, JsonNode> member : object.properties()) {
                    String name = member.getKey();
                    JsonNode inner = member.getValue();
                    if (!name.equals(PATCH)
                            && !name.equals(RETAIN_KEYS)
                            && !name.startsWith(DELETE_FROM)
                            && !name.startsWith(ORDER)
                            && !inner.isNull()
                            && !deletes(inner)) {
                        result.set(name, cleaned(inner));
                    }
                }
                yield result;
            }
            case ArrayNode array -> {
                ArrayNode result = JsonNodeFactory.instance.arrayNode();
                for (JsonNode item : array) {
                    if (!deletes(item) && !item.path(PATCH).asText().equals("replace")) {
                        result.add(cleaned(item));
                    }
                }
                yield result;
            }
            default -> value;
        };
    }

    private static boolean deletes(JsonNode value) {
        return value.path(PATCH).asText().equals("delete");
    }

    static ObjectNode mergeItem(ObjectNode item, ObjectNode patch, Schema schema) {
        return merge(item, patch, schema);
    }

    static ApiFailure unknownDirective(JsonNode directive, ObjectNode patch) {
        return bad("unknown patch type: " + directive.asText() + " in map: " + patch);
    }

    static ApiFailure bad(String message) {
        return new ApiFailure(Status.badRequest(message));
    }
}
