package dev.shiplog.node.linux;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this machine: whether they are there, and running one to its end. */
public final class Programs {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final List<String> SYSTEM_PATH =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private Programs() {}

    /** Whether a program of this name can be run. */
    public static boolean installed(String program) {
        List<String> directories = new ArrayList<>(SYSTEM_PATH);
        String path = System.getenv("PATH");
        if (path != null) {
            directories.addAll(List.of(path.split(File.pathSeparator, -1)));
        }
        return directories.stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** As {@link #run(String, List)}, with nothing to read. */
    public static String run(String... words) throws IOException {
        return run("", List.of(words));
    }

    /**
     * Runs a program and gives what it wrote.
     *
     * @param input what it reads
     * @throws IOException if it cannot be started, ends with another code than 0, or takes longer
     *     than 20 s; the message has what it wrote
     */
    public static String run(String input, List<String> words) throws IOException {
        return run(input, words, Map.of());
    }

    /**
     * As {@link #run(String, List)}.
     *
     * @param environment what its variables are besides this program's
     */
    public static String run(String input, List<String> words, Map<String, String> environment)
            throws IOException {
        ProcessBuilder program = new ProcessBuilder(words).redirectErrorStream(true);
        program.environment().putAll(environment);
        Process process = program.start();
        try {
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading; its exit code says why.
            }
            var killer =
                    process.onExit()
                            .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                            .whenComplete((ended, late) -> {
                                if (late != null) {
                                    process.destroyForcibly();
                                }
                            });
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            killer.cancel(false);
            if (code != 0) {
                throw new IOException(
                        words.getFirst() + " ended with " + code + ": " + said.strip());
            }
            return said;
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + words.getFirst(), e);
        }
    }
}
