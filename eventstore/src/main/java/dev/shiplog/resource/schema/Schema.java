package dev.shiplog.resource.schema;

import java.util.List;
import java.util.Map;

/**
 * What one place of a document takes, and how changes of it are merged: its {@link Shape}, which
 * follows from the Kubernetes model, and the {@link FieldFacts}, which the API states besides.
 *
 * <p>All API versions that a kind is served in share the fields of its storage version.
 *
 * @param shape what may stand here
 * @param facts how it merges
 */
public record Schema(Shape shape, FieldFacts facts) {
    /** A place of which nothing is known: lists are replaced, mappings are merged. */
    public static final Schema OPEN = new Schema(Shape.Scalar.ANY, FieldFacts.PLAIN);

    /** The documents that bind to a class of the Kubernetes model. */
    public static Schema of(Class<?> model) {
        boolean open =
                Shape.isOpen(model) || model.getSimpleName().equals("GenericKubernetesResource");
        return plain(open ? Shape.Scalar.ANY : Shape.of(model), FieldFacts.PLAIN);
    }

    /** A member of a mapping; {@link #OPEN} if nothing is known of it. */
    public Schema field(String name) {
        return switch (shape) {
            case Shape.Fields fields -> {
                Shape member = fields.members().get(name);
                yield member == null
                        ? OPEN
                        : plain(member, Facts.of(TypeName.of(fields.model()), name));
            }
            case Shape.Mapping mapping -> plain(mapping.value(), FieldFacts.PLAIN);
            case Shape.Items _, Shape.OneOf _, Shape.Scalar _ -> OPEN;
        };
    }

    /** An item of a list; {@link #OPEN} if nothing is known of it. */
    public Schema item() {
        return shape instanceof Shape.Items(Shape item) ? plain(item, FieldFacts.PLAIN) : OPEN;
    }

    /** Whether a member of that name is declared: any is where the author chooses the names. */
    public boolean declares(String name) {
        return switch (shape) {
            case Shape.Fields fields -> fields.members().containsKey(name);
            case Shape.Mapping _ -> true;
            case Shape.Scalar scalar -> scalar == Shape.Scalar.ANY;
            case Shape.Items _, Shape.OneOf _ -> false;
        };
    }

    /** Whether members have names that Kubernetes chooses. */
    public boolean hasNamedFields() {
        return shape instanceof Shape.Fields;
    }

    /** The members with names that Kubernetes chooses, sorted by name. */
    public Map<String, Shape> fields() {
        return shape instanceof Shape.Fields fields ? fields.members() : Map.of();
    }

    /** The members that must be there, sorted. */
    public List<String> required() {
        return shape instanceof Shape.Fields fields
                ? Facts.required(TypeName.of(fields.model()))
                : List.of();
    }

    private static Schema plain(Shape shape, FieldFacts facts) {
        return new Schema(
                shape,
                shape instanceof Shape.Fields fields && Facts.isAtomic(TypeName.of(fields.model()))
                        ? facts.withAtomic()
                        : facts);
    }
}
