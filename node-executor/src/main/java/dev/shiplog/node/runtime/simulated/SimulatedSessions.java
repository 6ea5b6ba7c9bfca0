package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.Terminal;
import dev.shiplog.node.runtime.Usage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sessions with containers in which nothing runs. A command {@code cat} gives back its input,
 * {@code forever} waits for the container's end, words of a {@link Script} are played without their
 * delays, then wait likewise unless they end, and any other command is printed.
 */
final class SimulatedSessions {
    private static final int CHUNK_BYTES = 1 << 13;
    private static final int KILLED = 137;
    private static final long NANOS_PER_MILLI_CORE = 1_000_000;
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final SimulatedHost host;

    SimulatedSessions(SimulatedHost host) {
        this.host = host;
    }

    int exec(String containerId, List<String> command, Terminal terminal)
            throws RuntimeFailure, InterruptedException {
        SimulatedContainer container = host.running(containerId);
        Script script = Script.of(command);
        if (script.noStart().isPresent()) {
            throw new RuntimeFailure(Kind.START_FAILED, script.noStart().get());
        }
        try {
            if (command.equals(List.of("cat"))) {
                echo(terminal);
                return 0;
            }
            if (command.equals(List.of("forever"))) {
                host.awaitExit(container);
                return KILLED;
            }
            if (script.steps().isEmpty()) {
                print(terminal, String.join(" ", command));
                return 0;
            }
            return play(script, container, terminal);
        } catch (IOException gone) {
            throw left(gone);
        }
    }

    /** An interrupt may come as a failure of what was read or written. */
    private static RuntimeFailure left(IOException gone) throws InterruptedException {
        if (Thread.interrupted() || gone instanceof InterruptedIOException) {
            throw new InterruptedException();
        }
        return new RuntimeFailure(Kind.OTHER, "the client left: " + gone.getMessage(), gone);
    }

    private int play(Script script, SimulatedContainer container, Terminal terminal)
            throws IOException, InterruptedException {
        for (Script.Step step : script.steps()) {
            switch (step) {
                case Script.Step.Print print -> print(terminal, print.line());
                case Script.Step.Exit exit -> {
                    return exit.code();
                }
                case Script.Step.Status _ -> {
                    // Nobody asks a command.
                }
            }
        }
        host.awaitExit(container);
        return KILLED;
    }

    private static void print(Terminal terminal, String line) throws IOException {
        terminal.stdout().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        terminal.stdout().flush();
    }

    private static void echo(Terminal terminal) throws IOException, InterruptedException {
        byte[] chunk = new byte[CHUNK_BYTES];
        InputStream in = terminal.stdin().orElse(InputStream.nullInputStream());
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            terminal.stdout().write(chunk, 0, count);
            terminal.stdout().flush();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Any container that keeps its input open gives it back, and one of {@code stdinOnce} ends. */
    int attach(String containerId, Terminal terminal) throws RuntimeFailure, InterruptedException {
        SimulatedContainer container = host.running(containerId);
        try {
            if (container.spec.stdin() && terminal.stdin().isPresent()) {
                echo(terminal);
                if (container.spec.stdinOnce()) {
                    host.end(containerId, 0);
                }
            }
        } catch (IOException gone) {
            throw left(gone);
        }
        return host.awaitExit(container);
    }

    PodConnection connect(String sandboxId, int port) throws RuntimeFailure {
        if (!host.listens(sandboxId, port)) {
            throw new RuntimeFailure(
                    Kind.REFUSED,
                    "failed to connect to localhost:%d inside sandbox %s: connection refused"
                            .formatted(port, sandboxId));
        }
        return new SimulatedConnection();
    }

    /** By the container's script. */
    Optional<Usage> usage(String containerId) {
        try {
            Script script = host.running(containerId).script;
            return Optional.of(
                    new Usage(
                            script.milliCores() * NANOS_PER_MILLI_CORE,
                            (long) script.mebibytes() << 20,
                            WINDOW));
        } catch (RuntimeFailure notRunning) {
            return Optional.empty();
        }
    }
}
