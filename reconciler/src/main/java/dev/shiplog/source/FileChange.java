package dev.shiplog.source;

import java.util.Optional;

/**
 * One path that differs between two commits.
 *
 * @param before empty if the file was added
 * @param after empty if the file was deleted
 */
public record FileChange(Optional<FileEntry> before, Optional<FileEntry> after) {
    public FileChange {
        if (before.isEmpty() && after.isEmpty()) {
            throw new IllegalArgumentException("expected a file before or after, found neither");
        }
    }

    /** The path, the same on both sides: a rename is one path deleted and one added. */
    public String path() {
        return after.or(() -> before).orElseThrow().path();
    }
}
