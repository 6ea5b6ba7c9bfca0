package dev.shiplog.resource;

/**
 * The name of a Git source, unique in the cluster. The cluster's own repository is {@code cluster}.
 */
public record SourceName(String value) implements Comparable<SourceName> {
    public SourceName {
        Names.required("source name", value);
    }

    @Override
    public int compareTo(SourceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
