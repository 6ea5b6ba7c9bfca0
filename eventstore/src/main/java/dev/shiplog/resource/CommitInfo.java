package dev.shiplog.resource;

import java.time.Instant;

/**
 * What a commit says of itself.
 *
 * @param authorName as in the commit
 * @param authorEmail as in the commit
 * @param authoredAt when it was written, by the author's clock
 * @param message the whole message
 */
public record CommitInfo(
        String authorName, String authorEmail, Instant authoredAt, String message) {
    /** The first line of the message. */
    public String subject() {
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).strip();
    }
}
