package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.InputPump;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.Terminal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Clients that talk with processes of containers. */
final class ContainerSessions {
    /** How long cleaning up after a client that left may hold its thread. */
    private static final Duration FAREWELL = Duration.ofSeconds(15);

    /** How long the Engine may take to see a container's end whose output it has closed. */
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** Exit codes that the Engine gives to what it could not start. */
    private static final List<Integer> NOT_STARTED = List.of(126, 127);

    private final Engine engine;
    private final Containers containers;

    ContainerSessions(Engine engine, Containers containers) {
        this.engine = engine;
        this.containers = containers;
    }

    int exec(String containerId, List<String> command, Terminal terminal)
            throws RuntimeFailure, InterruptedException {
        ExecProcess process =
                ExecProcess.create(
                        engine, containerId, command, terminal.stdin().isPresent(), terminal.tty());
        SessionOutput output = new SessionOutput(terminal);
        boolean over = false;
        try {
            talk(process, terminal, output);
            ExecProcess.End end = process.end();
            over = true;
            if (!end.started() && endedMeanwhile(containerId, output.held())) {
                return ExecProcess.KILLED;
            }
            if (!end.started() && NOT_STARTED.contains(end.code()) && !output.held().isEmpty()) {
                throw new RuntimeFailure(Kind.START_FAILED, Failures.cause(output.held()));
            }
            output.release();
            return end.code();
        } catch (DockerException refused) {
            if (!containers.runs(containerId)) {
                over = true;
                return ExecProcess.KILLED;
            }
            throw Failures.of("running a command in container " + containerId, refused);
        } catch (IOException lost) {
            throw lost("running a command in container " + containerId, lost);
        } finally {
            if (!over) {
                farewell(process);
            }
        }
    }

    /**
     * Whether the container ended while a command was on its way in. The Engine may not have seen
     * that end yet when it tells that it found no process to join.
     */
    private boolean endedMeanwhile(String containerId, String reason) throws RuntimeFailure {
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        boolean runs = containers.runs(containerId);
        while (runs && Failures.nothingToJoin(reason) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            runs = containers.runs(containerId);
        }
        return !runs;
    }

    /**
     * A client with a terminal never ends the input: the Engine would take that for the end of the
     * session.
     */
    private void talk(ExecProcess process, Terminal terminal, SessionOutput output)
            throws IOException {
        try (RawStream stream = process.start(terminal.tty());
                InputPump _ =
                        InputPump.begin(
                                "docker: input of " + process.execId(),
                                terminal.stdin(),
                                stream.out(),
                                terminal.tty() ? () -> {} : stream::endOutput);
                Resizing _ =
                        Resizing.begin(
                                engine,
                                terminal.tty() ? terminal.sizes() : Terminal.Sizes.NONE,
                                process::resize)) {
            output.copy(stream.in(), terminal.tty());
        }
    }

    /** Kills on a thread of its own: this one may be interrupted. */
    private static void farewell(ExecProcess process) {
        boolean interrupted = Thread.interrupted();
        FutureTask<Boolean> killing =
                new FutureTask<>(() -> {
                    process.kill();
                    return true;
                });
        Thread.ofVirtual().name("docker: killing " + process.execId()).start(killing);
        try {
            killing.get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (ExecutionException | TimeoutException unkilled) {
            System.getLogger(ContainerSessions.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "a command in container {0} may still run: its client left, and it"
                                    + " could not be killed",
                            process.containerId());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private RuntimeFailure lost(String doing, IOException lost) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return lost instanceof SessionOutput.ClientGone
                ? new RuntimeFailure(Kind.OTHER, doing + ": " + lost.getMessage(), lost)
                : engine.failure(doing, lost);
    }

    int attach(String containerId, Terminal terminal) throws RuntimeFailure, InterruptedException {
        String doing = "attaching to container " + containerId;
        Optional<InspectContainerResponse> seen = containers.inspect(containerId);
        if (seen.isEmpty() || !Observation.running(seen.get())) {
            throw new RuntimeFailure(
                    Kind.NOT_RUNNING, "container " + containerId + " is not running");
        }
        boolean tty = Boolean.TRUE.equals(seen.get().getConfig().getTty());
        boolean once = Boolean.TRUE.equals(seen.get().getConfig().getStdInOnce());
        Optional<InputStream> stdin =
                Boolean.TRUE.equals(seen.get().getConfig().getStdinOpen())
                        ? terminal.stdin()
                        : Optional.empty();
        String path =
                "/containers/"
                        + containerId
                        + "/attach?stream=1&stdout=1&stderr=1"
                        + (stdin.isPresent() ? "&stdin=1" : "")
                        + "&detachKeys="
                        + URLEncoder.encode(ExecProcess.DETACH_KEYS, StandardCharsets.UTF_8);
        try (RawStream stream = RawStream.post(engine, path, "");
                InputPump _ =
                        InputPump.begin(
                                "docker: input of " + containerId,
                                stdin,
                                stream.out(),
                                once && !tty ? stream::endOutput : () -> {});
                Resizing _ =
                        Resizing.begin(
                                engine,
                                tty ? terminal.sizes() : Terminal.Sizes.NONE,
                                (columns, rows) ->
                                        engine.client()
                                                .resizeContainerCmd(containerId)
                                                .withSize(rows, columns)
                                                .exec())) {
            SessionOutput output = new SessionOutput(terminal);
            output.copy(stream.in(), tty);
            output.release();
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        } catch (IOException lost) {
            throw lost(doing, lost);
        }
        return ended(doing, containerId);
    }

    private int ended(String doing, String containerId) throws RuntimeFailure {
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        while (true) {
            Optional<InspectContainerResponse> seen = containers.inspect(containerId);
            if (seen.isEmpty()) {
                return ExecProcess.KILLED;
            }
            Optional<ContainerStatus.Ended> end = Observation.container(seen.get()).ended();
            if (end.isPresent()) {
                return end.get().exitCode();
            }
            if (System.nanoTime() > deadline) {
                throw new RuntimeFailure(
                        Kind.UNAVAILABLE,
                        doing + ": Docker ended the session while the container runs");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}
