package dev.shiplog.resource.schema;

import com.fasterxml.jackson.databind.JavaType;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What may stand at one place of a document. Derived from the classes of the Kubernetes model, one
 * class at a time, when a document first needs it, and kept.
 */
public sealed interface Shape {
    /** A value without members. */
    enum Scalar implements Shape {
        STRING("a string"),
        INT32("an integer"),
        INT64("an integer"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        QUANTITY("a quantity such as 500m or 64Mi"),
        INT_OR_STRING("an integer or a string"),
        ANY("anything");

        private final String words;

        Scalar(String words) {
            this.words = words;
        }

        @Override
        public String words() {
            return words;
        }
    }

    /**
     * A string out of a few.
     *
     * @param values sorted
     */
    record OneOf(List<String> values) implements Shape {
        @Override
        public String words() {
            return "a string";
        }
    }

    record Items(Shape item) implements Shape {
        @Override
        public String words() {
            return "a list";
        }
    }

    /** Members with names that the author chooses. */
    record Mapping(Shape value) implements Shape {
        @Override
        public String words() {
            return "a mapping";
        }
    }

    /** Members with names that Kubernetes chooses: one class of the model. */
    final class Fields implements Shape {
        private static final Map<Class<?>, Fields> KNOWN = new ConcurrentHashMap<>();

        private final Class<?> model;
        private volatile Map<String, Shape> members = Map.of();

        private Fields(Class<?> model) {
            this.model = model;
        }

        /** The class of the model. */
        public Class<?> model() {
            return model;
        }

        /** The shape of every member by name, sorted by name. */
        public Map<String, Shape> members() {
            Map<String, Shape> known = members;
            if (known.isEmpty()) {
                known = ModelClasses.members(model);
                members = known;
            }
            return known;
        }

        @Override
        public String words() {
            return "a mapping";
        }

        @Override
        public String toString() {
            return model.getSimpleName();
        }
    }

    /** What is expected, in words, with an article. */
    String words();

    /** Whether any document may stand where a class does. */
    static boolean isOpen(Class<?> model) {
        return ModelClasses.isOpen(model);
    }

    /** The shape of a class of the Kubernetes model. */
    static Fields of(Class<?> model) {
        return Fields.KNOWN.computeIfAbsent(model, Fields::new);
    }

    /** The shape of a property of the Kubernetes model. */
    static Shape of(JavaType type) {
        if (type.isMapLikeType()) {
            return new Mapping(of(type.getContentType()));
        }
        if (type.isCollectionLikeType()) {
            return new Items(of(type.getContentType()));
        }
        Class<?> raw = type.getRawClass();
        if (raw == String.class) {
            return Scalar.STRING;
        } else if (raw == Integer.class) {
            return Scalar.INT32;
        } else if (raw == Long.class) {
            return Scalar.INT64;
        } else if (raw == Boolean.class) {
            return Scalar.BOOLEAN;
        } else if (raw == Double.class || raw == Float.class) {
            return Scalar.NUMBER;
        } else if (raw == Quantity.class) {
            return Scalar.QUANTITY;
        } else if (raw == IntOrString.class) {
            return Scalar.INT_OR_STRING;
        }
        return ModelClasses.isOpen(raw) ? Scalar.ANY : of(raw);
    }
}
