package dev.shiplog.node.network.dns;

import java.time.Duration;

/** How much of anything the server takes on. */
final class DnsLimits {
    /** Bytes of an answer over UDP to one who does not say how much it takes (RFC 1035). */
    static final int PLAIN_BYTES = 512;

    /** Bytes of an answer over UDP at most: what no usual network cuts (DNS flag day 2020). */
    static final int DATAGRAM_BYTES = 1232;

    /** Bytes of a message at most. */
    static final int MESSAGE_BYTES = 65_535;

    /** Answers made from the cluster's state that are kept as bytes until it changes. */
    static final int READY_ANSWERS = 20_000;

    /** Answers of others that are kept. */
    static final int CACHED_ANSWERS = 10_000;

    /** How long an answer of others is kept at most. */
    static final Duration CACHED = Duration.ofMinutes(5);

    /** How long it is remembered at most that something is not there. */
    static final Duration CACHED_ABSENCE = Duration.ofSeconds(30);

    /** Questions to others under way at a time; what is asked beyond is refused at once. */
    static final int FORWARDED = 1_000;

    /** How long one server of others may take to answer. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Times that every server is asked before nobody answers. */
    static final int ROUNDS = 2;

    /** How long a question to others may take in all; less than what a resolver waits for us. */
    static final Duration PATIENCE_IN_ALL = Duration.ofMillis(4_500);

    /** Connections of clients over TCP at a time; more are closed at once. */
    static final int CONNECTIONS = 256;

    /** How long a client's connection may be idle. */
    static final Duration IDLE = Duration.ofSeconds(10);

    /** Steps from one name of the cluster that stands for another to the last. */
    static final int ALIASES = 8;

    private DnsLimits() {}
}
