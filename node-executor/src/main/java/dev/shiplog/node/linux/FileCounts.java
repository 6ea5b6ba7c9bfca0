package dev.shiplog.node.linux;

import java.io.IOException;
import java.nio.file.Path;

/**
 * How many files a file system can hold; Linux only.
 *
 * @param total 0 where that is bound by nothing but space
 * @param free how many more we may make
 */
public record FileCounts(long total, long free) {
    /** Those of the file system that holds a path. */
    public static FileCounts of(Path path) throws IOException {
        return Kernel.files(path);
    }
}
