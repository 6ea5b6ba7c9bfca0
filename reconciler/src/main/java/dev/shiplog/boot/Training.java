package dev.shiplog.boot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

/**
 * A cluster's server that runs so that the JVM learns its ordinary work, and writes what it learnt
 * into an AOT cache (JEP 514) when it is told to end (SIGTERM). The launcher runs it in place of
 * {@link Daemon}; {@code shiplog train} is its client.
 */
public final class Training {
    /** When it ends by itself, should its client have died. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** A first one and one that finds what that left. */
    private static final int STARTS = 2;

    private Training() {}

    /**
     * @param arguments the profile's name
     */
    public static void main(String[] arguments) throws Exception {
        Logging.configure(Level.INFO);
        NativeCrypto.prefer();
        Profile profile = Profile.of(arguments[0], System.getenv());
        startAgain(Profile.of(profile.name() + "-again", System.getenv()), profile);
        // Not closed, and no hook of its own: the JVM writes the cache while it ends, and nothing
        // may cut that short.
        Server server = Server.start(profile, SettingsFile.read(profile.settings()));
        HeapGrowth.watch();
        Runtimes.lookAround(profile);
        new CountDownLatch(1).await(LONGEST.toSeconds(), TimeUnit.SECONDS);
        server.close();
    }

    /** Most starts are of a cluster that was there before. */
    private static void startAgain(Profile other, Profile like) throws Exception {
        other.create();
        Settings settings = SettingsFile.read(like.settings());
        for (int i = 0; i < STARTS; i++) {
            Server.start(other, settings).close();
        }
    }
}
