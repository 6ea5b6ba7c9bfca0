package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts a cluster's server in the background and waits until it answers. */
final class Launch {
    /** How long the server may take to say how it is; long, since it may be at its busiest. */
    private static final Duration STATUS = Duration.ofSeconds(30);

    /** A first start makes keys and a repository; a later one takes less than a second. */
    private static final long LONG_LOG_BYTES = 10L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private static final int LAST_LINES = 6;

    /** What the server's words to people begin with; see {@code boot.Daemon}. */
    private static final String SAID = "shiplog: ";

    private final Profile profile;
    private final Display display;
    private final Map<String, String> environment;

    Launch(Profile profile, Display display) {
        this(profile, display, Map.of());
    }

    /**
     * @param environment what the server has in its environment beside what this process has
     */
    Launch(Profile profile, Display display, Map<String, String> environment) {
        this.profile = profile;
        this.display = display;
        this.environment = environment;
    }

    /** The endpoint of a running server; started with these settings if none runs. */
    Endpoint ensureRunning(Settings settings) {
        Optional<Endpoint> running = Endpoint.read(profile.endpoint());
        if (running.isPresent()) {
            return running.get();
        }
        try {
            profile.create();
            SettingsChange change = SettingsChange.write(profile, settings);
            return await(spawn(), change);
        } catch (IOException e) {
            throw new CommandFailure(
                    "cannot start the server in " + profile.folder() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while the server was starting", e);
        }
    }

    /** Begins the server's log anew when it has grown long; the one before is kept beside it. */
    private void turnLog() throws IOException {
        Path log = profile.serverLog();
        if (Files.exists(log) && Files.size(log) > LONG_LOG_BYTES) {
            Files.move(
                    log,
                    log.resolveSibling(log.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Process spawn() throws IOException {
        turnLog();
        List<String> command = new ArrayList<>();
        // Its own session: Ctrl-C here, or a closed terminal, must not end the cluster.
        if (Browser.onPath("setsid", System.getenv())) {
            command.add("setsid");
        } else {
            command.add("nohup");
        }
        command.addAll(List.of(launcher(), "daemon", profile.name()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SHIPLOG_NO_BUILD", "1");
        builder.environment().putAll(environment);
        builder.redirectInput(new File("/dev/null"));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(profile.serverLog().toFile()));
        builder.redirectErrorStream(true);
        return builder.start();
    }

    private Endpoint await(Process process, SettingsChange change) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Endpoint> endpoint = Endpoint.read(profile.endpoint());
            if (endpoint.isPresent()) {
                return endpoint.get();
            }
            if (process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)
                    && process.exitValue() != 0) {
                change.takeBack();
                throw new CommandFailure(
                        "the server ended with exit code "
                                + process.exitValue()
                                + ":\n"
                                + lastWords()
                                + "\nThe whole of it: "
                                + profile.serverLog());
            }
            display.show("starting the control plane");
        }
        throw new CommandFailure(
                "the server did not answer within "
                        + PATIENCE.toSeconds()
                        + " s; see "
                        + profile.serverLog());
    }

    private String lastWords() {
        try {
            return lastWords(Files.readAllLines(profile.serverLog()));
        } catch (IOException e) {
            return "(its log cannot be read: " + e.getMessage() + ")";
        }
    }

    /** What a server that ended says to people, which is the last that it says; else all of it. */
    static String lastWords(List<String> log) {
        List<String> last = log.subList(Math.max(0, log.size() - LAST_LINES), log.size());
        for (int i = last.size() - 1; i >= 0; i--) {
            if (last.get(i).startsWith(SAID)) {
                return String.join("\n", last.subList(i, last.size()));
            }
        }
        return String.join("\n", last);
    }

    private static String launcher() {
        String launcher = System.getenv("SHIPLOG_LAUNCHER");
        if (launcher == null) {
            throw new CommandFailure(
                    "expected SHIPLOG_LAUNCHER in the environment: start Shiplog by ops/shiplog");
        }
        return launcher;
    }

    /** The server's own account of itself. */
    static JsonNode status(ServerClient client) {
        return client.get("/shiplog/v1/status", STATUS);
    }
}
