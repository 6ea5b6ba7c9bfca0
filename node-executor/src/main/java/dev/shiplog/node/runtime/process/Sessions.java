package dev.shiplog.node.runtime.process;

import dev.shiplog.node.linux.FifoWriter;
import dev.shiplog.node.linux.Pty;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.InputPump;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.Terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Clients that talk with processes of containers. */
final class Sessions {
    private static final LogOptions FROM_NOW_ON =
            new LogOptions(true, OptionalInt.of(0), Optional.empty(), false, OptionalLong.empty());

    /** By this its holder is told from another process that got its number. */
    private static final String HOLDER_SECONDS = "2147483647";

    private final Layout layout;
    private final Containers containers;
    private final ContainerState state;
    private final LogTimes times;
    private final LogSpace space;
    private final Bell logs;
    private final boolean enter;

    /**
     * @param enter whether there is a program for entering on this machine's processor
     */
    Sessions(
            Layout layout,
            Containers containers,
            ContainerState state,
            LogTimes times,
            LogSpace space,
            Bell logs,
            boolean enter) {
        this.layout = layout;
        this.containers = containers;
        this.state = state;
        this.times = times;
        this.space = space;
        this.logs = logs;
        this.enter = enter;
    }

    /** A container that runs, and its first process. */
    private record Running(ContainerRecord record, ProcessIdentity init) {}

    private Running running(String containerId) throws RuntimeFailure {
        try {
            Optional<ContainerRecord> record = containers.withId(containerId);
            Optional<ProcessIdentity> init =
                    record.isEmpty() ? Optional.empty() : state.init(containerId);
            if (record.isPresent()
                    && init.filter(ProcessIdentity::alive).isPresent()
                    && state.read(record.get()).running()) {
                return new Running(record.get(), init.get());
            }
        } catch (IOException unreadable) {
            throw failed(containerId, unreadable);
        }
        throw new RuntimeFailure(Kind.NOT_RUNNING, "container " + containerId + " is not running");
    }

    private static RuntimeFailure failed(String containerId, IOException cause) {
        return new RuntimeFailure(
                Kind.OTHER,
                "a session with container " + containerId + " failed: " + cause.getMessage(),
                cause);
    }

    int exec(String containerId, List<String> command, Terminal terminal)
            throws RuntimeFailure, InterruptedException {
        Running target = running(containerId);
        if (!enter) {
            throw new RuntimeFailure(
                    Kind.OTHER,
                    "expected a processor of x86_64 or aarch64 for entering containers, found "
                            + System.getProperty("os.arch", ""));
        }
        if (command.isEmpty() || command.getFirst().isEmpty()) {
            throw new RuntimeFailure(Kind.START_FAILED, "expected a command, found none");
        }
        try {
            return new EnteredProcess(
                            layout,
                            target.record,
                            target.init,
                            Entrance.read(layout.container(containerId)),
                            command,
                            terminal)
                    .run();
        } catch (IOException failure) {
            throw failed(containerId, failure);
        }
    }

    /**
     * What a container writes goes through its log, and only there: its two outputs are one, and
     * what a client sees is what {@code logs -f} shows from now on.
     */
    int attach(String containerId, Terminal terminal) throws RuntimeFailure, InterruptedException {
        Running target = running(containerId);
        try {
            String settings = Files.readString(layout.container(containerId).resolve("settings"));
            Optional<InputStream> stdin =
                    settings.contains("STDIN='yes'") ? terminal.stdin() : Optional.empty();
            if (settings.contains("TTY='yes'")) {
                Path slave = Path.of("/proc", Long.toString(target.init.pid()), "fd", "0");
                terminal.sizes().listen((columns, rows) -> resize(slave, columns, rows));
            }
            boolean once = settings.contains("STDIN_ONCE='yes'");
            try (AttachedInput _ = new AttachedInput(layout.container(containerId), stdin, once)) {
                new LogReader(containerId, layout, times, space, FROM_NOW_ON, terminal.stdout())
                        .run(logs, () -> state.read(target.record).ended().isPresent());
            }
            Optional<ContainerStatus.Ended> end = state.read(target.record).ended();
            return end.orElseThrow(() -> new IOException("it has not ended")).exitCode();
        } catch (ClosedByInterruptException interrupted) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException failure) {
            throw failed(containerId, failure);
        }
    }

    private static void resize(Path terminal, int columns, int rows) {
        try {
            Pty.resize(terminal, columns, rows);
        } catch (IOException ended) {
            // It has no terminal any more.
        }
    }

    /** A client's input on its way to a container's own process. */
    private static final class AttachedInput implements AutoCloseable {
        private final Path container;
        private final boolean once;
        private final Optional<FifoWriter> fifo;
        private final Optional<InputPump> pump;

        AttachedInput(Path container, Optional<InputStream> stdin, boolean once)
                throws IOException {
            this.container = container;
            this.once = once && stdin.isPresent();
            this.fifo =
                    stdin.isEmpty()
                            ? Optional.empty()
                            : Optional.of(FifoWriter.open(container.resolve("input")));
            this.pump =
                    stdin.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    InputPump.begin(
                                            "session input of " + container.getFileName(),
                                            stdin,
                                            fifo.orElseThrow(),
                                            this::end));
        }

        private void end() throws IOException {
            fifo.ifPresent(FifoWriter::close);
            if (once) {
                release();
            }
        }

        /** Ends what keeps the input open for the first client. */
        private void release() throws IOException {
            Path file = container.resolve("holder");
            if (!Files.exists(file)) {
                return;
            }
            String pid = Files.readString(file).strip();
            Path words = Path.of("/proc", pid, "cmdline");
            if (Files.exists(words) && Files.readString(words).contains(HOLDER_SECONDS)) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }

        @Override
        public void close() throws IOException {
            pump.ifPresent(InputPump::close);
            end();
        }
    }
}
