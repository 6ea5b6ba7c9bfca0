package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of this machine to its end. */
final class Command {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Command() {}

    /** As {@link #run(String, List)}, with nothing to read. */
    static String run(String... words) throws IOException {
        return run("", List.of(words));
    }

    /**
     * Runs it and gives what it wrote.
     *
     * @param input what it reads
     * @throws IOException if it cannot be started, ends with another code than 0, or takes longer
     *     than 20 s; the message has what it wrote
     */
    static String run(String input, List<String> words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
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
