package dev.shiplog.source;

/**
 * Who brings commits in: an authenticated user of the API.
 *
 * @param name as in the client certificate or token, such as {@code admin}
 */
public record Pusher(String name) {
    public Pusher {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("expected the name of a pusher, found none");
        }
    }
}
