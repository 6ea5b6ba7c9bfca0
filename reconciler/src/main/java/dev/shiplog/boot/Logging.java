package dev.shiplog.boot;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How the program writes its own log: one line an event, to standard error; libraries only when
 * something is wrong.
 */
public final class Logging {
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
