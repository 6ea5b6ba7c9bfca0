package dev.shiplog.resource;

/**
 * Names one resource of the cluster at a time. Written {@code Pod/default/web-1}, or {@code
 * Node/n1} when the kind has no namespace. Sorted by kind, namespace, name, so that a list of one
 * kind or namespace is one range of keys.
 *
 * @param kind what it is
 * @param namespace where; empty for kinds without a namespace
 * @param name its name
 */
public record ResourceKey(GroupKind kind, String namespace, String name)
        implements Comparable<ResourceKey> {
    public ResourceKey {
        Names.required("name", name);
    }

    public static ResourceKey node(NodeName node) {
        return new ResourceKey(GroupKind.NODE, "", node.value());
    }

    public static ResourceKey namespace(String name) {
        return new ResourceKey(GroupKind.NAMESPACE, "", name);
    }

    public static ResourceKey pod(String namespace, String name) {
        return new ResourceKey(GroupKind.POD, namespace, name);
    }

    /** Reads what {@link #toString()} writes. */
    public static ResourceKey parse(String text) {
        String[] parts = text.split("/", -1);
        return switch (parts.length) {
            case 2 -> new ResourceKey(GroupKind.parse(parts[0]), "", parts[1]);
            case 3 -> new ResourceKey(GroupKind.parse(parts[0]), parts[1], parts[2]);
            default ->
                    throw new IllegalArgumentException(
                            "expected Kind/namespace/name or Kind/name, found \"" + text + "\"");
        };
    }

    @Override
    public int compareTo(ResourceKey other) {
        int order = kind.compareTo(other.kind);
        if (order == 0) {
            order = namespace.compareTo(other.namespace);
        }
        return order == 0 ? name.compareTo(other.name) : order;
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? kind + "/" + name : kind + "/" + namespace + "/" + name;
    }
}
