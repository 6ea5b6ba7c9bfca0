package dev.shiplog.boot;

import java.util.logging.Level;

/**
 * The cluster in the background, as {@code shiplog start} runs it. All that it needs to know is in
 * its profile, so it has no command line to read: that library alone would take a third of the time
 * to the first answer.
 */
public final class Daemon {
    private Daemon() {}

    /**
     * @param arguments the profile's name
     */
    public static void main(String[] arguments) throws Exception {
        Profile profile = profile(arguments);
        try (Server server = Server.start(profile, SettingsFile.read(profile.settings()));
                HeapGrowth _ = HeapGrowth.watch()) {
            server.awaitEnd();
        } catch (IllegalArgumentException | dev.shiplog.journal.JournalFailure failure) {
            System.err.println("shiplog: " + failure.getMessage());
            System.exit(1);
        }
    }

    /** Which cluster it is. From here on the process logs, and encrypts, as a server does. */
    static Profile profile(String[] arguments) {
        if (arguments.length != 1) {
            throw new IllegalArgumentException(
                    "expected the name of a profile, found " + arguments.length + " arguments");
        }
        Logging.configure(Level.INFO);
        NativeCrypto.prefer();
        return Profile.of(arguments[0], System.getenv());
    }
}
