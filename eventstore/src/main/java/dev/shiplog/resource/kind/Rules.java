package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Findings;

import java.util.List;

/**
 * What is particular to the documents of one kind. The documents given here have the right shape
 * (see {@code resource.schema.ShapeCheck}) and no {@code null} in them.
 */
public interface Rules {
    /** Nothing beyond what all kinds have in common. */
    Rules NONE = new Rules() {};

    /**
     * The class of the Kubernetes model that documents of an API version bind to.
     *
     * @param own that of the storage version
     */
    default Class<?> model(String apiVersion, Class<?> own) {
        return own;
    }

    /**
     * What Kubernetes says of an API version that it gave up, as in {@code deprecated in v1.9+,
     * unavailable in v1.16+}; empty if it did not.
     *
     * @param apiVersion never the storage version
     */
    default String deprecation(String apiVersion) {
        return "deprecated in v1.9+, unavailable in v1.16+";
    }

    /**
     * Turns a document of the storage version into another version that is served: what {@link
     * #convert} does, backwards. {@code apiVersion} itself is changed by the caller.
     *
     * @param to never the storage version
     */
    default void serve(String to, ObjectNode document) {}

    /**
     * Turns a document of an older API version into the storage version: fields, and the defaults
     * in which the versions differ. {@code apiVersion} itself is changed by the caller.
     *
     * @param from the version that the document is written in, never the storage version
     */
    default void convert(String from, ObjectNode document) {}

    /** Fills in what Kubernetes fills in. Doing it twice is doing it once. */
    default void setDefaults(ObjectNode document) {}

    /** What is wrong with a name of this kind; empty if nothing is. */
    default List<String> nameObjections(String name) {
        return Names.subdomain(name);
    }

    /** Adds an error for every value that Kubernetes refuses. Defaults are filled in. */
    default void validate(ObjectNode document, Findings findings) {}

    /**
     * Adds an error for every change that Kubernetes refuses: of what is immutable. Both documents
     * are complete and valid; their metadata may be missing.
     *
     * @param before the live resource
     */
    default void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {}

    /**
     * Puts back what an update cannot change and Kubernetes passes over in silence, and takes away
     * what has no place any more beside what it changes.
     *
     * @param before the live resource
     */
    default void keep(ObjectNode before, ObjectNode after) {}

    /** Adds a warning for everything that is accepted and has no effect in this version. */
    default void warn(ObjectNode document, Findings findings) {}
}
