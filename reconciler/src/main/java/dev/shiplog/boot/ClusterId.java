package dev.shiplog.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Tells a cluster apart from every other on its machine: 12 hexadecimal digits, made once. */
final class ClusterId {
    private static final int BYTES = 6;

    private ClusterId() {}

    /** The id in a file; made and written first if there is none. */
    static String ensure(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, id + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        return id;
    }
}
