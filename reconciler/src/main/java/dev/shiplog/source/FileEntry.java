package dev.shiplog.source;

/**
 * A file in a commit.
 *
 * @param path from the root of the repository, separated by {@code /}
 * @param blob the id of its content: the same id is the same content
 */
public record FileEntry(String path, String blob, Type type) {
    /** What stands at a path. */
    public enum Type {
        /** A file with content. */
        REGULAR,
        /** A symbolic link; never followed, because it can point out of the repository. */
        SYMLINK,
        /** Another repository; never fetched. */
        SUBMODULE
    }
}
