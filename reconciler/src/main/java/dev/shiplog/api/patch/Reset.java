package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Set;

/** The fields that a request cannot write, and those that nobody owns. */
final class Reset {
    private static final String STATUS = "status";

    /** What identifies a document or is the server's own. */
    private static final FieldSet UNOWNED =
            FieldSet.ofFields(
                    "apiVersion",
                    "kind",
                    "metadata",
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.creationTimestamp",
                    "metadata.selfLink",
                    "metadata.uid",
                    "metadata.clusterName",
                    "metadata.generation",
                    "metadata.managedFields",
                    "metadata.resourceVersion");

    private Reset() {}

    /**
     * Without what a request to a subresource leaves alone: the resource itself leaves the status,
     * the status leaves the specification and the labels.
     */
    static FieldSet filter(FieldSet set, String subresource) {
        return switch (subresource) {
            case "" -> set.without(Set.of(STATUS));
            case STATUS -> set.without(Set.of("spec")).minus(labels(set));
            default -> set;
        };
    }

    static Comparison filter(Comparison comparison, String subresource) {
        return new Comparison(
                filter(comparison.added(), subresource),
                filter(comparison.modified(), subresource),
                filter(comparison.removed(), subresource));
    }

    /** Takes out of a configuration what the request leaves alone. */
    static void filter(ObjectNode configuration, String subresource) {
        switch (subresource) {
            case "" -> configuration.remove(STATUS);
            case STATUS -> {
                configuration.remove("spec");
                if (configuration.get("metadata") instanceof ObjectNode metadata) {
                    metadata.remove("labels");
                }
            }
            default -> {}
        }
    }

    /** Without what nobody owns. */
    static FieldSet owned(FieldSet set) {
        return set.minus(UNOWNED);
    }

    private static FieldSet labels(FieldSet set) {
        FieldSet.Builder labels = new FieldSet.Builder();
        set.paths().stream()
                .filter(path -> path.size() > 1)
                .filter(path -> path.get(0).equals(PathElement.field("metadata")))
                .filter(path -> path.get(1).equals(PathElement.field("labels")))
                .forEach(labels::add);
        return labels.build();
    }
}
