package dev.shiplog.node.network.ingress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much of anything the proxy takes on, and for how long. */
final class ProxyLimits {
    /** How long a pod may take to accept a connection. */
    static final Duration CONNECT = Duration.ofSeconds(5);

    /** How long a pod may take to begin its answer. */
    static final Duration ANSWER = Duration.ofSeconds(60);

    /** How long a connection may be silent while something is under way on it, or upgraded. */
    static final Duration IDLE = Duration.ofMinutes(5);

    /** How long a client's connection is kept for its next request. */
    static final Duration NEXT_REQUEST = Duration.ofSeconds(60);

    /** Pods tried after the first did not accept a connection. */
    static final int RETRIES = 3;

    /** How long a pod that did not accept is asked last, in seconds. */
    static final int AVOIDED_SECONDS = 10;

    /** Connections to one pod by one of the proxy's threads. */
    static final int CONNECTIONS = 1_000;

    /** Requests that wait for one of those. */
    static final int QUEUED = 1_000;

    /** Threads that carry everything. */
    static final int THREADS = 2;

    /** Parameters in a query; those of more are refused. */
    static final int PARAMETERS = 10_000;

    /** Bytes of one file of the access log, and how many are kept. */
    static final int ACCESS_LOG_BYTES = 10 << 20;

    static final int ACCESS_LOG_FILES = 3;

    /** How long a proxy of another process may take to begin to answer. */
    static final Duration BEGIN = Duration.ofSeconds(10);

    /** How long it may take to end. */
    static final Duration END = Duration.ofSeconds(5);

    /** How long connections that began before a change may go on in a process of their own. */
    static final Duration LEAVING = Duration.ofMinutes(5);

    /** Changes wait for each other so long, where each costs a process. */
    static final Duration BETWEEN_RELOADS = Duration.ofMillis(500);

    /** After which time what failed is tried again. */
    static final Duration AGAIN = Duration.ofSeconds(10);

    /** Connections of clients at a time, where the proxy is told a number. */
    static final int CLIENTS = 20_000;

    /** Files that a proxy needs besides: listeners, logs, look-ups of names. */
    private static final int OWN_FILES = 256;

    /** Each client is a connection, and the one to its pod another. */
    private static final int FILES_A_CLIENT = 2;

    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +\\S+ +(\\d+)");

    private ProxyLimits() {}

    /** How many clients a program that this one starts has files for, {@link #CLIENTS} at most. */
    static int clients() {
        try {
            return clients(Files.readString(Path.of("/proc/self/limits")));
        } catch (IOException notLinux) {
            return CLIENTS;
        }
    }

    static int clients(String limits) {
        Matcher files = OPEN_FILES.matcher(limits);
        if (!files.find() || files.group(1).length() > 9) {
            return CLIENTS;
        }
        return Math.clamp(
                (Integer.parseInt(files.group(1)) - OWN_FILES) / FILES_A_CLIENT, 1, CLIENTS);
    }
}
