package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;

import java.util.Map;

/**
 * How the Engine keeps logs. Said for every container, because an Engine may be set up with a
 * driver that cannot be read back, or without a limit.
 */
final class LogFiles {
    /** The kubelet's default: five files of ten mebibytes for each container. */
    private static final Map<String, String> LIMITS = Map.of("max-size", "10m", "max-file", "5");

    private LogFiles() {}

    static LogConfig bounded() {
        return new LogConfig(LoggingType.JSON_FILE, LIMITS);
    }

    static LogConfig none() {
        return new LogConfig(LoggingType.NONE);
    }
}
