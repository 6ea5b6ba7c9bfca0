package dev.shiplog.api.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Runs the real kubectl. */
final class Kubectl {
    private static final int TIMEOUT_SECONDS = 60;

    private final Path folder;
    private final Map<String, String> environment;

    /**
     * @param folder holds {@code kubeconfig}; its caches go there too
     */
    Kubectl(Path folder) {
        this(folder, Map.of());
    }

    /** One with more in its environment. */
    Kubectl(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
    }

    /** What a run gave. */
    record Result(int exit, String out, String err) {}

    Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "kubectl", ".out");
        Path err = Files.createTempFile(folder, "kubectl", ".err");
        Process process =
                builder(arguments).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            throw new AssertionError(
                    "kubectl did not end: "
                            + List.of(arguments)
                            + "\n"
                            + Files.readString(out)
                            + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** The exit code of a run that reads one file and writes another. */
    int run(Path in, Path out, String... arguments) throws IOException, InterruptedException {
        Process process =
                builder(arguments)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            throw new AssertionError("kubectl did not end: " + List.of(arguments));
        }
        return process.exitValue();
    }

    /** The output of a run that must succeed. */
    String ok(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        if (result.exit() != 0) {
            throw new AssertionError(List.of(arguments) + " failed: " + result);
        }
        return result.out();
    }

    /** The complaint of a run that must fail. */
    String fails(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        if (result.exit() == 0) {
            throw new AssertionError(List.of(arguments) + " succeeded: " + result);
        }
        return result.err().strip();
    }

    /** A run under way, read line by line. */
    static final class Running implements AutoCloseable {
        private final Process process;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        private Running(Process process) {
            this.process = process;
            Thread.ofVirtual()
                    .start(() -> {
                        try (BufferedReader reader =
                                new BufferedReader(
                                        new InputStreamReader(
                                                process.getInputStream(),
                                                StandardCharsets.UTF_8))) {
                            reader.lines().forEach(lines::add);
                        } catch (IOException | UncheckedIOException e) {
                            lines.add("unreadable: " + e);
                        }
                    });
        }

        /** Waits for a line that contains a text; fails with what came instead. */
        String awaitLine(String text) throws InterruptedException {
            List<String> seen = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new AssertionError("expected a line with " + text + ", found " + seen);
                }
                if (line.contains(text)) {
                    return line;
                }
                seen.add(line);
            }
        }

        int awaitExit() throws InterruptedException {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("kubectl did not end");
            }
            return process.exitValue();
        }

        /** Ends it as a crash would. */
        void kill() {
            process.destroyForcibly();
        }

        @Override
        public void close() {
            kill();
        }
    }

    Running start(String... arguments) throws IOException {
        return new Running(builder(arguments).redirectErrorStream(true).start());
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add("kubectl");
        command.add("--kubeconfig=" + folder.resolve("kubeconfig"));
        command.add("--cache-dir=" + folder.resolve("cache"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TZ", "UTC");
        builder.environment().put("KUBECTL_KUBERC", "false");
        builder.environment().putAll(environment);
        return builder;
    }
}
