package dev.shiplog.node.linux;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Gives back the space of a file's beginning, while others go on writing at its end: positions in
 * the file stay what they are.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/fallocate.2.html">fallocate(2)</a>
 */
public final class Holes {
    private Holes() {}

    /**
     * @param bytes how much of the beginning; what is given back reads as zeros
     * @throws IOException if the file system cannot
     */
    public static void punch(Path file, long bytes) throws IOException {
        int fd = Kernel.open(file, Kernel.O_RDWR | Kernel.O_CLOEXEC);
        try {
            Kernel.punchHole(fd, 0, bytes);
        } finally {
            Kernel.close(fd);
        }
    }
}
