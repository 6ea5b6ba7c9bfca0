package dev.shiplog.boot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A cluster's server that runs so that the JVM learns its ordinary work, and writes what it learnt
 * into an AOT cache (JEP 514) when it is told to end (SIGTERM). The launcher runs it in place of
 * {@link Daemon}; {@code shiplog train} is its client.
 *
 * <p>Every class of the cache is loaded before the first line of {@link Daemon}, needed or not, and
 * keeps its memory. So it learns the one thing that most starts do: to find what an earlier start
 * left. What a first start needs beside that, or the client of a Docker Engine, is loaded when it
 * is needed, which is after the first answer.
 */
public final class Training {
    /** When it ends by itself, should its client have died. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private Training() {}

    /**
     * @param arguments the profile's name
     */
    public static void main(String[] arguments) throws Exception {
        // Asked of the class that will be asked, so that it is in the cache too.
        Profile profile = Daemon.profile(arguments);
        // Not closed, and no hook of its own: the JVM writes the cache while it ends, and nothing
        // may cut that short.
        Server server = Server.start(profile, SettingsFile.read(profile.settings()));
        HeapGrowth.watch();
        new CountDownLatch(1).await(LONGEST.toSeconds(), TimeUnit.SECONDS);
        server.close();
    }
}
