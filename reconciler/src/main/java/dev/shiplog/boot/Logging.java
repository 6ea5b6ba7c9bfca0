package dev.shiplog.boot;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * How the program writes its own log: one line an event, to standard error; libraries only when
 * something is wrong.
 */
public final class Logging {
    static {
        // Before the first logger is asked for.
        System.setProperty("java.util.logging.manager", Lasting.class.getName());
    }

    /** Held for ever: the JDK forgets the level of a logger that nobody holds. */
    private static final List<Logger> QUIET =
            List.of(
                            "io.helidon",
                            "org.quartz",
                            "org.axonframework",
                            "org.eclipse.jgit",
                            "com.github.dockerjava",
                            "io.undertow",
                            "org.xnio")
                    .stream()
                    .map(Logger::getLogger)
                    .toList();

    private Logging() {}

    /**
     * Writes until the very end: the JDK's own drops its handlers as soon as the program is told to
     * end, and what is closed then could not say that it failed. Made by the JDK, by its name.
     */
    public static final class Lasting extends LogManager {
        @Override
        public void reset() {
            // Nothing is ever to be dropped.
        }
    }

    /**
     * @param level of our own messages
     */
    public static void configure(Level level) {
        System.setProperty(
                "java.util.logging.SimpleFormatter.format",
                "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n");
        Logger root = Logger.getLogger("");
        root.setLevel(level);
        for (var handler : root.getHandlers()) {
            handler.setLevel(level);
        }
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }
}
