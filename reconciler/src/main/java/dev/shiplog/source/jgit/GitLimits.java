package dev.shiplog.source.jgit;

import java.time.Duration;

/** The limits of serving and following. */
final class GitLimits {
    /** Commits that a push may bring to one reference; each is looked through for Secrets. */
    static final int MAX_NEW_COMMITS = 20_000;

    /** One push may bring this many bytes, packed. */
    static final long MAX_PACK_BYTES = 100L << 20;

    /** No single object of a push may be larger, in bytes, unpacked. */
    static final long MAX_OBJECT_BYTES = 16L << 20;

    /** Objects above this are streamed instead of held in memory, in bytes. */
    static final int STREAM_THRESHOLD_BYTES = 4 << 20;

    /**
     * What is read and thrown away of a refused push, so that its client reads the answer, in
     * bytes.
     */
    static final long MAX_DISCARDED_BYTES = 4 * MAX_PACK_BYTES;

    /** The list of references of one push, in bytes. */
    static final long MAX_COMMAND_BYTES = 1L << 20;

    /** How long a push waits for the one before it. */
    static final Duration PUSH_TURN_TIMEOUT = Duration.ofSeconds(60);

    /** Lines of a plan that are printed; the rest are counted. */
    static final int MAX_PLAN_LINES = 40;

    /** Objections that are printed; the rest are counted. */
    static final int MAX_OBJECTIONS = 20;

    /** Branches of a remote repository that a message names. */
    static final int MAX_LISTED_BRANCHES = 10;

    /** How long a remote repository may stay silent. */
    static final Duration REMOTE_TIMEOUT = Duration.ofSeconds(30);

    private GitLimits() {}
}
