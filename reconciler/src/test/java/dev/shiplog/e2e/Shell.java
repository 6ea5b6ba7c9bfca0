package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs real programs as a user would, in one folder and environment, and keeps what they print. */
final class Shell {
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private final Path folder;
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> prefix;

    Shell(Path folder, Map<String, String> environment) {
        this(folder, environment, List.of());
    }

    /**
     * @param prefix what is put before every command
     */
    Shell(Path folder, Map<String, String> environment, List<String> prefix) {
        this.folder = folder;
        this.environment.putAll(environment);
        this.prefix = List.copyOf(prefix);
    }

    Shell in(Path other) {
        return new Shell(other, environment, prefix);
    }

    /** The same on another machine: every command begins with these words. */
    Shell through(List<String> words) {
        return new Shell(folder, environment, words);
    }

    Shell with(String name, String value) {
        Shell other = new Shell(folder, environment, prefix);
        other.environment.put(name, value);
        return other;
    }

    /** What a program printed, both streams as a terminal would mix them, and how it ended. */
    record Result(String command, int code, String output) {
        /** The output; the program must have ended with 0. */
        String ok() {
            assertEquals(0, code, () -> command + " ended with " + code + ":\n" + output);
            return output;
        }

        /** The output; the program must not have ended with 0. */
        String failed() {
            assertNotEquals(0, code, () -> command + " was expected to fail:\n" + output);
            return output;
        }
    }

    Result run(String... command) {
        return run(List.of(command));
    }

    /** Runs a line by the shell. */
    Result sh(String line) {
        return run("bash", "-c", line);
    }

    Result run(List<String> command) {
        String shown = String.join(" ", command);
        try {
            File output = Files.createTempFile("e2e", ".out").toFile();
            try {
                Process process = start(command, output);
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    fail(
                            shown
                                    + " did not end within "
                                    + PATIENCE
                                    + ":\n"
                                    + Files.readString(output.toPath()));
                }
                return new Result(
                        shown,
                        process.exitValue(),
                        Files.readString(output.toPath(), StandardCharsets.UTF_8));
            } finally {
                Files.delete(output.toPath());
            }
        } catch (IOException e) {
            throw new IllegalStateException(shown + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted during " + shown, e);
        }
    }

    /** Starts a program that goes on; the caller ends it. */
    Process start(List<String> command, File output) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(output)
                .redirectInput(new File("/dev/null"));
        return builder.start();
    }
}
