package dev.shiplog.node.network.service;

import java.time.Duration;

/** How much of anything is led by this program, and for how long. */
final class RelayLimits {
    /** How long an endpoint may take to accept a connection. */
    static final Duration CONNECT = Duration.ofSeconds(5);

    /** Endpoints tried for one connection. */
    static final int TRIES = 3;

    /** Connections of one way in at a time; more wait in the kernel. */
    static final int CONNECTIONS = 4_096;

    /** Connections that the kernel keeps until they are taken up. */
    static final int BACKLOG = 1_024;

    /** Bytes moved at a time. */
    static final int BUFFER = 32 << 10;

    /** How long a client of UDP is remembered that sends and hears nothing. */
    static final Duration SILENT = Duration.ofMinutes(2);

    /** Clients of UDP of one way in at a time; of more, the one silent for longest is forgotten. */
    static final int SESSIONS = 2_048;

    /** Clients that are led to the same endpoint again, for one way in. */
    static final int STICKY = 10_000;

    /** How long is waited after a client could not be taken up. */
    static final Duration AGAIN = Duration.ofMillis(50);

    private RelayLimits() {}
}
