package dev.shiplog.node.probe;

import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.Terminal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a command in a container, and kills it if it takes too long. */
final class ExecProbe {
    private final PodRuntime runtime;

    ExecProbe(PodRuntime runtime) {
        this.runtime = runtime;
    }

    Answer ask(String containerId, List<String> command, Duration timeout)
            throws InterruptedException {
        FirstBytes output = new FirstBytes();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Thread thread =
                Thread.ofVirtual()
                        .name("probe-exec")
                        .start(() -> run(containerId, command, output, answer));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            return Answer.unwell(
                    "command timed out: \"%s\" timed out after %s"
                            .formatted(String.join(" ", command), seconds(timeout)));
        } catch (ExecutionException e) {
            return Answer.notAsked(String.valueOf(e.getCause()));
        } finally {
            thread.interrupt();
        }
    }

    private void run(
            String containerId,
            List<String> command,
            FirstBytes output,
            CompletableFuture<Answer> answer) {
        Terminal terminal =
                new Terminal(
                        Optional.empty(), output, Optional.of(output), false, Terminal.Sizes.NONE);
        try {
            int code = runtime.exec(containerId, command, terminal);
            answer.complete(code == 0 ? Answer.WELL : Answer.unwell(output.text()));
        } catch (RuntimeFailure failure) {
            answer.complete(Answer.notAsked(String.valueOf(failure.getMessage())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            answer.complete(Answer.notAsked("interrupted"));
        } catch (RuntimeException fault) {
            answer.completeExceptionally(fault);
        }
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "s";
    }

    /** The first bytes of what a command writes; the rest is dropped. */
    private static final class FirstBytes extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            if (bytes.size() < Answer.LONGEST_MESSAGE) {
                bytes.write(value);
            }
        }

        @Override
        public synchronized void write(byte[] source, int from, int count) {
            bytes.write(source, from, Math.clamp(Answer.LONGEST_MESSAGE - bytes.size(), 0, count));
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
