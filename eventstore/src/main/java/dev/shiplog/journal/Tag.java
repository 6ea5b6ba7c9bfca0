package dev.shiplog.journal;

/**
 * What an event is about, for finding it and for append conditions. Written {@code name=value},
 * such as {@code resource=Pod/default/web-1} or {@code source=cluster}.
 */
public record Tag(String name, String value) implements Comparable<Tag> {
    public Tag {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "expected a tag name without '=', found \"" + name + "\"");
        }
    }

    @Override
    public int compareTo(Tag other) {
        int order = name.compareTo(other.name);
        return order == 0 ? value.compareTo(other.value) : order;
    }

    @Override
    public String toString() {
        return name + "=" + value;
    }
}
