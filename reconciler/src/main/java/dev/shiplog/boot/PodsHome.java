package dev.shiplog.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The runtime in which a profile's pods are, kept in a file from the first start on. They outlive
 * the program, so a start that took another one would run each of them twice.
 */
final class PodsHome {
    /** Runtimes whose pods outlive the program. */
    private static final List<String> LASTING = List.of("docker", "process");

    private final Path file;

    PodsHome(Path file) {
        this.file = file;
    }

    /** The runtime in which there may be pods; empty before the first start. */
    Optional<String> now() throws IOException {
        return Files.exists(file)
                ? Optional.of(Files.readString(file).strip()).filter(LASTING::contains)
                : Optional.empty();
    }

    /** What a choice means here: {@code auto} means where the pods are, once they are somewhere. */
    String meant(String choice) throws IOException {
        return choice.equals("auto") ? now().orElse(choice) : choice;
    }

    /** The runtime that a choice leaves, with pods in it. */
    Optional<String> left(String choice) throws IOException {
        String meant = meant(choice);
        return now().filter(runtime -> !runtime.equals(meant));
    }

    void keep(String runtime) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, runtime + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
