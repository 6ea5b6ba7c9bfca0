package dev.shiplog.resource;

/**
 * The identity of one life of a resource: unchanged from creation to removal, never used again. A
 * UUID as text.
 */
public record Uid(String value) implements Comparable<Uid> {
    public Uid {
        Names.required("uid", value);
    }

    @Override
    public int compareTo(Uid other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
