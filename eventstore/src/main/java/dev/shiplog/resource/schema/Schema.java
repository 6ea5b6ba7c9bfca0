package dev.shiplog.resource.schema;

/** What patches need to know of a kind's fields. */
public record Schema(Shape shape) {
    /** Of a document that no model describes. */
    public static final Schema OPEN = new Schema(Shape.Scalar.ANY);

    /** The schema of a class of the Kubernetes model. */
    public static Schema of(Class<?> model) {
        return new Schema(Shape.of(model));
    }
}
