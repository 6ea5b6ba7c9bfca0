package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Comparing trees. */
final class Nodes {
    private Nodes() {}

    /** Whether two trees mean the same: numbers by their value, members in any order. */
    static boolean same(@Nullable JsonNode left, @Nullable JsonNode right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        return switch (left) {
            case ObjectNode object -> right instanceof ObjectNode other && same(object, other);
            case ArrayNode array -> right instanceof ArrayNode other && same(array, other);
            default ->
                    (left.isNumber() && right.isNumber())
                            ? left.decimalValue().compareTo(right.decimalValue()) == 0
                            : left.equals(right);
        };
    }

    private static boolean same(ObjectNode left, ObjectNode right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> member : left.properties()) {
            if (!same(member.getValue(), right.get(member.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(ArrayNode left, ArrayNode right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }
}
