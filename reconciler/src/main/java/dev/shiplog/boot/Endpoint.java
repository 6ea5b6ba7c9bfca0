package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Where a running server answers. Written once it does, deleted when it ends.
 *
 * @param pid the server's process
 * @param startedMillis when that process began, milliseconds since 1970: a process id alone may be
 *     another's by now
 * @param apiServer such as {@code https://127.0.0.1:6443}
 * @param git such as {@code https://127.0.0.1:6443/git/cluster.git}
 * @param runtime {@code docker}, {@code process} or {@code simulated}
 */
public record Endpoint(long pid, long startedMillis, String apiServer, String git, String runtime) {
    /** The endpoint of the process that calls this. */
    static Endpoint ofThisProcess(String apiServer, String git, String runtime) {
        ProcessHandle self = ProcessHandle.current();
        return new Endpoint(self.pid(), started(self), apiServer, git, runtime);
    }

    /** Reads an endpoint; empty if there is none, or if its process is gone. */
    public static Optional<Endpoint> read(Path file) {
        try {
            JsonNode node = Json.parse(Files.readString(file)).toNode();
            Endpoint endpoint =
                    new Endpoint(
                            node.path("pid").asLong(),
                            node.path("startedMillis").asLong(),
                            node.path("apiServer").asText(),
                            node.path("git").asText(),
                            node.path("runtime").asText());
            return endpoint.process().isPresent() ? Optional.of(endpoint) : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The server's process, if it is alive. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(handle -> handle.isAlive() && started(handle) == startedMillis)
                .filter(handle -> !ended(handle));
    }

    /**
     * Whether a process has ended, and is there only until its parent asks after it: in a container
     * without a proper init that may be never. By Linux's account, proc_pid_stat(5).
     */
    private static boolean ended(ProcessHandle handle) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException _) {
            // Gone by now, or no Linux.
            return !handle.isAlive();
        }
    }

    void write(Path file) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("pid", pid);
        node.put("startedMillis", startedMillis);
        node.put("apiServer", apiServer);
        node.put("git", git);
        node.put("runtime", runtime);
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, node.toPrettyString() + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long started(ProcessHandle handle) {
        return handle.info().startInstant().map(java.time.Instant::toEpochMilli).orElse(0L);
    }
}
