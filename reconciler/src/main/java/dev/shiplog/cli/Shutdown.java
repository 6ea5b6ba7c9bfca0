package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends a cluster's server; its pods go on. */
final class Shutdown {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Shutdown() {}

    /** Returns once the server has ended; whether one was running. */
    static boolean stop(Profile profile) {
        Optional<ProcessHandle> server =
                Endpoint.read(profile.endpoint()).flatMap(Endpoint::process);
        if (server.isEmpty()) {
            return false;
        }
        server.get().destroy();
        try {
            server.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            throw new CommandFailure(
                    "the server (process "
                            + server.get().pid()
                            + ") did not end within "
                            + PATIENCE.toSeconds()
                            + " s; see "
                            + profile.serverLog(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while the server was ending", e);
        }
    }
}
