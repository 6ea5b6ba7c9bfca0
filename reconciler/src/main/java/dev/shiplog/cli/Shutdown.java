package dev.shiplog.cli;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;

import java.time.Duration;
import java.util.Optional;

/** Ends a cluster's server; its pods go on. */
final class Shutdown {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Shutdown() {}

    /** Returns once the server has ended; whether one was running. */
    static boolean stop(Profile profile) {
        Optional<Endpoint> server = Endpoint.read(profile.endpoint());
        if (server.isEmpty()) {
            return false;
        }
        boolean _ = server.get().process().map(ProcessHandle::destroy).orElse(false);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // ProcessHandle.onExit() looks every 0.3 s only.
        while (server.get().process().isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new CommandFailure(
                        "the server (process "
                                + server.get().pid()
                                + ") did not end within "
                                + PATIENCE.toSeconds()
                                + " s; see "
                                + profile.serverLog());
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("interrupted while the server was ending", e);
            }
        }
        return true;
    }
}
