package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Whose endpoint still counts. */
class EndpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    private Optional<Endpoint> read(ProcessHandle of) throws Exception {
        Path file = folder.resolve("server.json");
        long started = of.info().startInstant().orElseThrow().toEpochMilli();
        new Endpoint(of.pid(), started, "https://127.0.0.1:1", "", "simulated").write(file);
        return Endpoint.read(file);
    }

    /** Killed, and its parent does not ask after it: nobody answers, so it is not there. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessThatOnlyWaitsForItsParentIsGone() throws Exception {
        Process parent =
                new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec sleep 60").start();
        try (BufferedReader said = parent.inputReader()) {
            ProcessHandle child = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            assertTrue(read(child).isPresent());
            // A shell would ask after it.
            Path program = Path.of("/proc", Long.toString(parent.pid()), "comm");
            Instant deadline = Instant.now().plus(PATIENCE);
            while (!Files.readString(program).strip().equals("sleep")
                    && Instant.now().isBefore(deadline)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }

            child.destroyForcibly();

            while (read(child).isPresent() && Instant.now().isBefore(deadline)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertEquals(Optional.empty(), read(child));
            assertTrue(
                    Files.exists(Path.of("/proc", Long.toString(child.pid()))),
                    "it is there as long as its parent does not ask");
        } finally {
            parent.destroyForcibly();
        }
    }
}
