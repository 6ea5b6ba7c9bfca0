package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Writes a document the one way in which Kubernetes keeps it: members that are {@code null} or
 * empty are left out, quantities have their canonical text. So two manifests that mean the same are
 * the same.
 */
final class Normalizer {
    /** Fields whose empty value is a value: pointers in Kubernetes' own types, and one list. */
    private static final Set<String> EMPTY_MATTERS =
            Set.of(
                    "PodSpec.containers",
                    "HostPathVolumeSource.type",
                    "GRPCAction.service",
                    "PersistentVolumeClaimSpec.storageClassName");

    private Normalizer() {}

    /** Changes {@code document}, whose shape was checked before, in place. */
    static void normalize(ObjectNode document, Shape.Fields shape, Findings findings) {
        fields(FieldPath.ROOT, document, shape, findings);
    }

    private static void fields(
            FieldPath path, ObjectNode object, Shape.Fields shape, Findings findings) {
        removeIf(
                object,
                (name, value) -> {
                    Shape inner = shape.members().get(name);
                    return value.isNull()
                            || (inner != null && isNothing(shape + "." + name, value, inner));
                });
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            Shape inner = shape.members().get(member.getKey());
            if (inner != null) {
                value(path.child(member.getKey()), member.getValue(), inner, findings)
                        .ifPresent(member::setValue);
            }
        }
    }

    /** Whether Kubernetes does not tell a value from an absent one. */
    private static boolean isNothing(String field, JsonNode value, Shape shape) {
        return switch (shape) {
            case Shape.OneOf _ -> value.asText().isEmpty();
            case Shape.Scalar scalar ->
                    scalar == Shape.Scalar.STRING
                            && value.asText().isEmpty()
                            && !EMPTY_MATTERS.contains(field);
            case Shape.Items _, Shape.Mapping _ ->
                    value.isEmpty() && !EMPTY_MATTERS.contains(field);
            case Shape.Fields _ -> false;
        };
    }

    private static void removeIf(ObjectNode object, BiPredicate<String, JsonNode> nothing) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (nothing.test(member.getKey(), member.getValue())) {
                names.add(member.getKey());
            }
        }
        object.remove(names);
    }

    /** The value to put instead, if it is not changed in place. */
    private static Optional<JsonNode> value(
            FieldPath path, JsonNode value, Shape shape, Findings findings) {
        switch (shape) {
            case Shape.Fields fields -> fields(path, (ObjectNode) value, fields, findings);
            case Shape.Items items -> {
                ArrayNode list = (ArrayNode) value;
                for (int i = 0; i < list.size(); i++) {
                    int index = i;
                    value(path.item(i), list.get(i), items.item(), findings)
                            .ifPresent(changed -> list.set(index, changed));
                }
            }
            case Shape.Mapping mapping -> {
                removeIf((ObjectNode) value, (_, member) -> member.isNull());
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    value(path.child(member.getKey()), member.getValue(), mapping.value(), findings)
                            .ifPresent(member::setValue);
                }
            }
            case Shape.OneOf _ -> {}
            case Shape.Scalar scalar -> {
                if (scalar == Shape.Scalar.QUANTITY) {
                    return quantity(path, value.asText(), findings);
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> quantity(FieldPath path, String text, Findings findings) {
        Optional<QuantityValue> quantity = QuantityValue.parse(text);
        if (quantity.isEmpty()) {
            findings.invalid(path, Check.quoted(text), QuantityValue.SYNTAX);
        }
        return quantity.map(value -> TextNode.valueOf(value.toString()));
    }
}
