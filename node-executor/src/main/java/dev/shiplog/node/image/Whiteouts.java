package dev.shiplog.node.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Deletions in a layer: in archives, files whose name begins with {@code .wh.}; on disk, character
 * devices 0/0, which overlayfs reads as "nothing here, nor below".
 */
final class Whiteouts {
    /** In front of the deleted name. */
    static final String PREFIX = ".wh.";

    /** Alone in a directory: nothing of the layers below is in it. */
    static final String OPAQUE = ".wh..wh..opq";

    private static final long LIMIT_SECONDS = 60;

    private Whiteouts() {}

    static boolean isWhiteout(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:rdev", LinkOption.NOFOLLOW_LINKS))
                        .longValue()
                == 0;
    }

    /** Makes one for each path; one process for all, since Java cannot make devices. */
    static void make(List<Path> paths) throws IOException {
        if (paths.isEmpty()) {
            return;
        }
        ProcessBuilder builder =
                new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "while IFS= read -r path; do mknod -- \"$path\" c 0 0 || exit 1; done");
        builder.redirectErrorStream(true);
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            for (Path path : paths) {
                in.write((path + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(
                        "could not mark deleted files of an image layer (this needs root): "
                                + said.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unpacking a layer", e);
        }
    }
}
