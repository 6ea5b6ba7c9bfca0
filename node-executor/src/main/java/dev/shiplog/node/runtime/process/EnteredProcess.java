package dev.shiplog.node.runtime.process;

import dev.shiplog.node.linux.Pty;
import dev.shiplog.node.runtime.InputPump;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.Terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A command that is run in a container beside its own process, for one client. */
final class EnteredProcess {
    private static final int CHUNK_BYTES = 1 << 15;
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int KILLED = 137;
    private static final int ENTERING_FAILED = 1;

    /** How long what a command leaves behind may still write after its end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** How long a kill may take. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private final Layout layout;
    private final ContainerRecord record;
    private final ProcessIdentity init;
    private final Entrance entrance;
    private final List<String> command;
    private final Terminal terminal;

    /** Completed by the end, or by a client that takes no more. */
    private final CompletableFuture<Integer> over = new CompletableFuture<>();

    EnteredProcess(
            Layout layout,
            ContainerRecord record,
            ProcessIdentity init,
            Entrance entrance,
            List<String> command,
            Terminal terminal) {
        this.layout = layout;
        this.record = record;
        this.init = init;
        this.entrance = entrance;
        this.command = command;
        this.terminal = terminal;
    }

    /** To its end; gives its exit code. */
    int run() throws IOException, RuntimeFailure, InterruptedException {
        Path failure = Files.createTempFile(layout.container(record.id()), "exec-", "");
        try {
            int code = terminal.tty() ? onTerminal(failure) : onPipes(failure);
            String error = Files.exists(failure) ? Files.readString(failure).strip() : "";
            if (!error.isEmpty()) {
                throw notStarted(Integer.parseInt(error));
            }
            // Whoever was still on the way in fails when the container ends; the rest are killed.
            return code == ENTERING_FAILED && !init.alive() ? KILLED : code;
        } finally {
            Files.deleteIfExists(failure);
        }
    }

    private RuntimeFailure notStarted(int error) {
        String why =
                switch (error) {
                    case ENOENT ->
                            command.getFirst().contains("/")
                                    ? "no such file or directory"
                                    : "executable file not found in $PATH";
                    case EACCES -> "permission denied";
                    default -> "error " + error;
                };
        return new RuntimeFailure(
                Kind.START_FAILED, "exec: \"" + command.getFirst() + "\": " + why);
    }

    private int onPipes(Path failure) throws IOException, InterruptedException, RuntimeFailure {
        Process process = start(failure, "");
        try (InputPump _ =
                InputPump.begin(
                        name("input"),
                        terminal.stdin(),
                        process.getOutputStream(),
                        process.getOutputStream()::close)) {
            OutputStream errors = terminal.stderr().orElse(terminal.stdout());
            Thread out = carry("output", process.getInputStream(), terminal.stdout());
            Thread err = carry("errors", process.getErrorStream(), errors);
            int code = await(process);
            long deadline = System.nanoTime() + LAST_WORDS.toNanos();
            for (Thread thread : List.of(out, err)) {
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
            return code;
        } finally {
            kill(process);
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }

    private String name(String what) {
        return "session " + what + " of " + record.id();
    }

    private Thread carry(String what, InputStream from, OutputStream to) {
        return Thread.ofVirtual()
                .name(name(what))
                .start(() -> {
                    byte[] chunk = new byte[CHUNK_BYTES];
                    try {
                        for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                            pass(to, chunk, count);
                        }
                    } catch (IOException ended) {
                        // It was closed under this thread, or the client left, which ended the
                        // session.
                    }
                });
    }

    private void pass(OutputStream to, byte[] chunk, int count) throws IOException {
        try {
            to.write(chunk, 0, count);
            to.flush();
        } catch (IOException gone) {
            over.completeExceptionally(
                    new IOException("the client left: " + gone.getMessage(), gone));
            throw gone;
        }
    }

    private int onTerminal(Path failure) throws IOException, InterruptedException, RuntimeFailure {
        // The container's own, so that what runs in it finds its terminal's name there.
        Path devices = Path.of("/proc", Long.toString(init.pid()), "root", "dev", "pts");
        AtomicBoolean ended = new AtomicBoolean();
        try (Pty pty = Pty.open(devices.resolve("ptmx"))) {
            terminal.sizes().listen((columns, rows) -> resize(pty, columns, rows));
            Process process =
                    start(failure, devices.resolve(Integer.toString(pty.number())).toString());
            Thread screen =
                    Thread.ofPlatform()
                            .daemon()
                            .name(name("screen"))
                            .start(() -> watch(pty, ended));
            try (InputPump _ =
                    InputPump.begin(name("input"), terminal.stdin(), pty.keyboard(), () -> {})) {
                int code = await(process);
                ended.set(true);
                screen.join(LAST_WORDS);
                return code;
            } finally {
                kill(process);
                ended.set(true);
                screen.join(LAST_WORDS);
            }
        }
    }

    private void watch(Pty pty, AtomicBoolean ended) {
        OutputStream passing =
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        pass(terminal.stdout(), new byte[] {(byte) one}, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) throws IOException {
                        byte[] chunk = new byte[length];
                        System.arraycopy(bytes, offset, chunk, 0, length);
                        pass(terminal.stdout(), chunk, length);
                    }
                };
        try {
            pty.copyTo(passing, ended::get);
        } catch (IOException gone) {
            // The client left, which ended the session.
        }
    }

    private static void resize(Pty pty, int columns, int rows) {
        try {
            pty.resize(columns, rows);
        } catch (IOException ended) {
            // There is nobody left to be told.
        }
    }

    /**
     * @param slave the terminal's file; empty for pipes
     */
    private Process start(Path failure, String slave) throws IOException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "setsid",
                                "sh",
                                layout.scripts().resolve("enter.sh").toString(),
                                layout.container(record.id()).toString(),
                                Long.toString(init.pid()),
                                Long.toString(init.begun()),
                                failure.toString(),
                                slave));
        words.addAll(entrance.words(rights(), terminal.tty()));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment()
                .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.directory(layout.root().toFile());
        Process process = builder.start();
        var _ = process.onExit().thenAccept(ended -> over.complete(ended.exitValue()));
        return process;
    }

    /** The capabilities that the container's processes may have at most. */
    private String rights() throws IOException {
        Path status = Path.of("/proc", Long.toString(init.pid()), "status");
        String mask =
                Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("CapBnd:"))
                        .map(line -> line.substring("CapBnd:".length()).strip())
                        .findFirst()
                        .orElseThrow(() -> new IOException("no CapBnd in " + status));
        return Long.toUnsignedString(Long.parseUnsignedLong(mask, 16));
    }

    /** A client may look for ever; an interrupt ends it. */
    private int await(Process process) throws IOException, InterruptedException, RuntimeFailure {
        try {
            return over.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException gone) {
                throw new RuntimeFailure(Kind.OTHER, String.valueOf(gone.getMessage()), gone);
            }
            throw new IllegalStateException("session with " + process, failed);
        }
    }

    /** It and all that it started, if it is not over by itself. */
    private static void kill(Process process) {
        boolean interrupted = Thread.interrupted();
        Optional<CompletableFuture<Process>> end = Optional.empty();
        if (process.isAlive()) {
            end = Optional.of(process.onExit());
            Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .toList()
                    .forEach(ProcessHandle::destroyForcibly);
        }
        try {
            if (end.isPresent()) {
                end.get().get(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
            // Waits in the kernel; its container's end will take it along.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
