package dev.shiplog.source;

/** Whom a commit is by. */
public record Author(String name, String email) {
    public Author {
        if (name.isBlank()) {
            throw new IllegalArgumentException("expected the name of an author, found none");
        }
    }
}
