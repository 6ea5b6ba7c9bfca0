package dev.shiplog.source;

/**
 * Who brings commits in: an authenticated user of the API.
 *
 * @param name as in the client certificate or token, such as {@code admin}
 * @param rights what this user may declare
 */
public record Pusher(String name, Rights rights) {
    public Pusher {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("expected the name of a pusher, found none");
        }
    }

    /** One who may declare everything, or who was asked already. */
    public Pusher(String name) {
        this(name, Rights.ALL);
    }
}
