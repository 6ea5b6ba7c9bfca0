package dev.shiplog.resource.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Checks a document strictly against the shape of its kind: no unknown field, no value of another
 * type. A member with the value {@code null} counts as left out, as in Kubernetes.
 */
public final class ShapeCheck {
    private final Findings findings;
    private boolean sound = true;

    private ShapeCheck(Findings findings) {
        this.findings = findings;
    }

    /**
     * Adds to {@code findings} every place in which {@code document} departs from the shape.
     *
     * @return whether the document can be worked with all the same: true if at most words are wrong
     *     that should be out of a vocabulary
     */
    public static boolean check(ObjectNode document, Shape.Fields shape, Findings findings) {
        ShapeCheck check = new ShapeCheck(findings);
        check.fields(FieldPath.ROOT, document, shape);
        return check.sound;
    }

    private void value(FieldPath path, JsonNode value, Shape shape) {
        switch (shape) {
            case Shape.Fields fields -> {
                if (value instanceof ObjectNode object) {
                    fields(path, object, fields);
                } else {
                    mismatch(path, value, shape);
                }
            }
            case Shape.Mapping mapping -> mapping(path, value, mapping);
            case Shape.Items items -> items(path, value, items);
            case Shape.OneOf oneOf -> oneOf(path, value, oneOf);
            case Shape.Scalar scalar -> scalar(path, value, scalar);
        }
    }

    private void fields(FieldPath path, ObjectNode object, Shape.Fields shape) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            Shape expected = shape.members().get(member.getKey());
            FieldPath at = path.child(member.getKey());
            if (expected == null) {
                sound = false;
                findings.errorAtKey(at, UnknownField.message(path, object, shape, member.getKey()));
            } else if (!member.getValue().isNull()) {
                value(at, member.getValue(), expected);
            }
        }
    }

    private void mapping(FieldPath path, JsonNode value, Shape.Mapping shape) {
        if (!value.isObject()) {
            mismatch(path, value, shape);
            return;
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!member.getValue().isNull()) {
                value(path.child(member.getKey()), member.getValue(), shape.value());
            }
        }
    }

    private void items(FieldPath path, JsonNode value, Shape.Items shape) {
        if (!value.isArray()) {
            mismatch(path, value, shape);
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            value(path.item(i), value.get(i), shape.item());
        }
    }

    private void oneOf(FieldPath path, JsonNode value, Shape.OneOf shape) {
        if (!value.isTextual()) {
            mismatch(path, value, shape);
        } else if (!value.textValue().isEmpty() && !shape.values().contains(value.textValue())) {
            String supported =
                    shape.values().stream()
                            .map(word -> "\"" + word + "\"")
                            .collect(Collectors.joining(", "));
            findings.error(
                    path,
                    "Unsupported value: %s: supported values: %s%s"
                            .formatted(
                                    value,
                                    supported,
                                    Spelling.hint(value.textValue(), shape.values())));
        }
    }

    private void scalar(FieldPath path, JsonNode value, Shape.Scalar shape) {
        boolean fits =
                switch (shape) {
                    case STRING -> value.isTextual();
                    case INT32 -> value.isIntegralNumber() && value.canConvertToInt();
                    case INT64 -> value.isIntegralNumber() && value.canConvertToLong();
                    case NUMBER -> value.isNumber();
                    case BOOLEAN -> value.isBoolean();
                    case QUANTITY -> value.isTextual() || value.isNumber();
                    case INT_OR_STRING ->
                            value.isTextual()
                                    || (value.isIntegralNumber() && value.canConvertToInt());
                    case ANY -> true;
                };
        if (!fits) {
            mismatch(path, value, shape);
        }
    }

    private void mismatch(FieldPath path, JsonNode value, Shape shape) {
        sound = false;
        findings.error(
                path, "expected " + shape.words() + ", found " + found(value) + hint(value, shape));
    }

    private static String found(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case STRING -> "the string " + value;
            case NUMBER -> "the number " + value;
            case BOOLEAN -> "the boolean " + value;
            case NULL -> "nothing (null)";
            case BINARY, MISSING, POJO -> value.toString();
        };
    }

    private static String hint(JsonNode value, Shape shape) {
        boolean text = shape == Shape.Scalar.STRING || shape instanceof Shape.OneOf;
        if (text && value.isNumber()) {
            return "; put it in quotes";
        }
        if (text && value.isBoolean()) {
            return "; put it in quotes (YAML reads true, yes, on, y and their opposites as"
                    + " booleans)";
        }
        if (value.isTextual()
                && value.textValue().matches("-?[0-9]+|true|false")
                && shape instanceof Shape.Scalar) {
            return "; leave out the quotes";
        }
        if (shape instanceof Shape.Items && !value.isArray()) {
            return "; begin each item with \"- \"";
        }
        return "";
    }
}
