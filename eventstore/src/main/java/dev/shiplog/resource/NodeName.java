package dev.shiplog.resource;

/** The name of a machine that runs pods; the name of its Node resource. */
public record NodeName(String value) implements Comparable<NodeName> {
    public NodeName {
        Names.required("node name", value);
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
