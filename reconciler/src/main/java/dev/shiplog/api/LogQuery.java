package dev.shiplog.api;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of a log.
 *
 * @param follow whether to go on as more is written
 * @param tailLines only the last so many lines
 * @param since only what was written at or after
 * @param timestamps whether each line begins with its time, RFC 3339 with nanoseconds, and a space
 * @param limitBytes stop after so many bytes
 */
public record LogQuery(
        boolean follow,
        OptionalLong tailLines,
        Optional<Instant> since,
        boolean timestamps,
        OptionalLong limitBytes) {}
