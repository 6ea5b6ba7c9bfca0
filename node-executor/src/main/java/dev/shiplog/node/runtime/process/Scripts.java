package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Trees;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The shell scripts that this package ships, put where a shell can read them. */
final class Scripts {
    private static final List<String> NAMES =
            List.of(
                    "supervise.sh",
                    "init.sh",
                    "hook.sh",
                    "copy-layers.sh",
                    "sandbox.sh",
                    "reaper.sh",
                    "enter.sh");

    private Scripts() {}

    /** Links of a container's {@code /dev}. */
    private static final Map<String, String> LINKS =
            Map.of(
                    "ptmx", "pts/ptmx",
                    "fd", "/proc/self/fd",
                    "stdin", "/proc/self/fd/0",
                    "stdout", "/proc/self/fd/1",
                    "stderr", "/proc/self/fd/2",
                    "core", "/proc/kcore");

    static void install(Path directory) throws IOException {
        Path links = Files.createDirectories(directory.resolve("dev"));
        for (Map.Entry<String, String> link : LINKS.entrySet()) {
            Path file = links.resolve(link.getKey());
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(file, Path.of(link.getValue()));
            }
        }
        for (String name : NAMES) {
            try (InputStream in = Scripts.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new FileNotFoundException("the program lacks its resource " + name);
                }
                // By rename: a shell that reads the old file goes on reading the old file.
                Trees.ensure(directory.resolve(name), in.readAllBytes());
            }
        }
    }

    /**
     * Puts the program that makes a process one of a container's where it can be executed.
     *
     * @return false if there is none for this machine's processor
     */
    static boolean installEnter(Path directory) throws IOException {
        String processor =
                switch (System.getProperty("os.arch", "")) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "aarch64";
                    default -> "";
                };
        try (InputStream in = Scripts.class.getResourceAsStream("enter-" + processor + ".hex")) {
            if (in == null) {
                return false;
            }
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            Path file = directory.resolve("enter");
            Trees.ensure(file, HexFormat.of().parseHex(text.replaceAll("\\s", "")));
            Files.setAttribute(file, "unix:mode", 0500);
            return true;
        }
    }

    /** A text as one word of a shell. */
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** Words as one command line of a shell. */
    static String line(List<String> words) {
        return String.join(" ", words.stream().map(Scripts::quote).toList());
    }
}
