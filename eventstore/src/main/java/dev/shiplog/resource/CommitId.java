package dev.shiplog.resource;

/** A full Git commit id: 40 or 64 lower-case hexadecimal digits. */
public record CommitId(String value) implements Comparable<CommitId> {
    public CommitId {
        Names.required("commit id", value);
    }

    @Override
    public int compareTo(CommitId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
