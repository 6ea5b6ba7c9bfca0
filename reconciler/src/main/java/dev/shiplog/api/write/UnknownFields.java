package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Shape;

import java.util.ArrayList;
import java.util.List;

/** Takes fields out of a document that its kind does not have. */
final class UnknownFields {
    private final List<String> found = new ArrayList<>();

    private UnknownFields() {}

    /** Takes them out; gives their paths in the order of the document. */
    static List<String> prune(ObjectNode document, Shape.Fields shape) {
        UnknownFields unknown = new UnknownFields();
        unknown.fields(FieldPath.ROOT, document, shape);
        return unknown.found;
    }

    private void fields(FieldPath path, ObjectNode object, Shape.Fields shape) {
        List<String> strangers = new ArrayList<>();
        for (var member : object.properties()) {
            Shape inner = shape.members().get(member.getKey());
            if (inner == null) {
                strangers.add(member.getKey());
                found.add(path.child(member.getKey()).toString());
            } else {
                value(path.child(member.getKey()), member.getValue(), inner);
            }
        }
        object.remove(strangers);
    }

    private void value(FieldPath path, JsonNode value, Shape shape) {
        switch (shape) {
            case Shape.Fields fields -> {
                if (value instanceof ObjectNode object) {
                    fields(path, object, fields);
                }
            }
            case Shape.Items items -> {
                for (int i = 0; value.isArray() && i < value.size(); i++) {
                    value(path.item(i), value.get(i), items.item());
                }
            }
            case Shape.Mapping mapping ->
                    value.properties()
                            .forEach(member ->
                                    value(
                                            path.child(member.getKey()),
                                            member.getValue(),
                                            mapping.value()));
            case Shape.OneOf _, Shape.Scalar _ -> {
                // Nothing is inside.
            }
        }
    }
}
