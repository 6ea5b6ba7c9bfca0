package dev.shiplog.node.network.ingress;

import java.time.Duration;

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

    private ProxyLimits() {}
}
