package dev.shiplog.node.runtime.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A command that the Engine runs in a container, beside the container's own. */
record ExecProcess(Engine engine, String containerId, String execId) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What ends with its container. */
    static final int KILLED = 137;

    /** How long the Engine may take to see an end whose output it has already closed. */
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** How long killing what a client left behind may take. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    /**
     * No client types these: the Engine leaves a session at the keys that it is told here, and
     * holds back the first of them until it sees the next. Its own would be Ctrl-P.
     */
    static final String DETACH_KEYS = "ctrl-^,ctrl-],ctrl-^,ctrl-_,ctrl-^";

    /** How it ended. */
    record End(int code, boolean started) {}

    static ExecProcess create(
            Engine engine, String containerId, List<String> command, boolean stdin, boolean tty)
            throws RuntimeFailure {
        ObjectNode request = JSON.createObjectNode();
        request.put("AttachStdin", stdin).put("AttachStdout", true).put("AttachStderr", true);
        request.put("Tty", tty).put("DetachKeys", DETACH_KEYS);
        command.forEach(request.withArray("Cmd")::add);
        return create(engine, containerId, request);
    }

    private static ExecProcess create(Engine engine, String containerId, ObjectNode request)
            throws RuntimeFailure {
        String doing = "running a command in container " + containerId;
        try {
            String answer =
                    engine.ask(
                            doing,
                            () ->
                                    RawStream.ask(
                                            engine,
                                            "/containers/" + containerId + "/exec",
                                            request.toString()));
            return new ExecProcess(engine, containerId, JSON.readTree(answer).path("Id").asText());
        } catch (NotFoundException | ConflictException notRunning) {
            throw new RuntimeFailure(Kind.NOT_RUNNING, Failures.message(notRunning), notRunning);
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        } catch (IOException unreadable) {
            throw engine.failure(doing, unreadable);
        }
    }

    RawStream start(boolean tty) throws IOException {
        return RawStream.post(
                engine,
                "/exec/" + execId + "/start",
                JSON.createObjectNode().put("Detach", false).put("Tty", tty).toString());
    }

    void resize(int columns, int rows) {
        engine.client().resizeExecCmd(execId).withSize(rows, columns).exec();
    }

    /** Empty when the Engine has forgotten it, which it does with its container. */
    private Optional<InspectExecResponse> look() throws RuntimeFailure {
        try {
            return Optional.of(
                    engine.ask(
                            "looking at a command in container " + containerId,
                            () -> engine.client().inspectExecCmd(execId).exec()));
        } catch (NotFoundException | ConflictException gone) {
            return Optional.empty();
        } catch (DockerException refused) {
            throw Failures.of("looking at a command in container " + containerId, refused);
        }
    }

    /** After its output has ended: waits until the Engine has seen its end too. */
    End end() throws RuntimeFailure {
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        Optional<InspectExecResponse> seen = look();
        while (seen.isPresent() && running(seen.get()) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            seen = look();
        }
        if (seen.isEmpty() || seen.get().getExitCodeLong() == null) {
            return new End(KILLED, true);
        }
        return new End((int) (seen.get().getExitCodeLong() & 0xff), pid(seen.get()) > 0);
    }

    private static boolean running(InspectExecResponse seen) {
        return Boolean.TRUE.equals(seen.isRunning());
    }

    private static long pid(InspectExecResponse seen) {
        return Optional.ofNullable(seen.getPidLong()).orElse(0L);
    }

    /**
     * Ends it and what it started, as its client has left. The Engine has no word for that: it is
     * killed as a process of this machine, or from inside the container with its {@code kill}.
     * Where the Engine's processes are not this machine's, only the end of its input tells it.
     */
    void kill() throws RuntimeFailure {
        long deadline = System.nanoTime() + KILL_LIMIT.toNanos();
        Optional<InspectExecResponse> seen = look();
        while (seen.isPresent() && running(seen.get()) && System.nanoTime() < deadline) {
            if (pid(seen.get()) > 0 && !kill(pid(seen.get()))) {
                return;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            seen = look();
        }
    }

    /** Whether there was a way. */
    private boolean kill(long pid) throws RuntimeFailure {
        Optional<ProcessHandle> process = local(pid);
        if (process.isEmpty()) {
            return false;
        }
        List<ProcessHandle> all =
                Stream.concat(process.stream(), process.get().descendants()).toList();
        boolean killed = false;
        for (ProcessHandle one : all) {
            killed |= one.destroyForcibly();
        }
        return killed || killInside(pid);
    }

    /** The process of that number, if this machine's numbers are the Engine's. */
    private Optional<ProcessHandle> local(long pid) {
        try {
            String groups = Files.readString(Path.of("/proc", Long.toString(pid), "cgroup"));
            return groups.contains(containerId) ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException notHere) {
            return Optional.empty();
        }
    }

    /** For one who may not kill the process himself, but may use the Engine. */
    private boolean killInside(long pid) throws RuntimeFailure {
        try {
            Optional<String> inner =
                    Files.readAllLines(
                                    Path.of("/proc", Long.toString(pid), "status"),
                                    StandardCharsets.ISO_8859_1)
                            .stream()
                            .filter(line -> line.startsWith("NSpid:"))
                            .map(line -> line.substring(line.lastIndexOf('\t') + 1).strip())
                            .findFirst();
            if (inner.isEmpty()) {
                return false;
            }
            ObjectNode request = JSON.createObjectNode().put("User", "0");
            List.of("kill", "-9", inner.get()).forEach(request.withArray("Cmd")::add);
            ExecProcess killer = create(engine, containerId, request);
            try (RawStream stream = killer.start(false)) {
                stream.in().readAllBytes();
            }
            return killer.end().code() == 0;
        } catch (IOException gone) {
            return false;
        }
    }
}
