package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The few files in {@code /etc} that a pod's containers share in content. */
final class PodFiles {
    private static final Path RESOLV = Path.of("/etc/resolv.conf");

    /** Where systemd-resolved keeps the real servers when the other names only itself. */
    private static final Path REAL_RESOLV = Path.of("/run/systemd/resolve/resolv.conf");

    private PodFiles() {}

    static String hosts(SandboxRecord sandbox) {
        String text =
                """
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                """;
        return text + sandbox.ip() + "\t" + sandbox.hostname() + "\n";
    }

    /** The machine's, without servers that only the machine itself reaches. */
    static String resolv() throws IOException {
        List<String> lines = lines(RESOLV);
        if (lines.stream().allMatch(PodFiles::unreachable)) {
            lines = lines(REAL_RESOLV);
        }
        return lines.stream()
                .filter(line -> !line.startsWith("nameserver") || !unreachable(line))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static boolean unreachable(String line) {
        String stripped = line.strip();
        return !stripped.startsWith("nameserver")
                || stripped.matches("nameserver\\s+(127\\.|::1).*");
    }
}
