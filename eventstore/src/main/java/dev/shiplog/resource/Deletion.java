package dev.shiplog.resource;

import java.time.Instant;

/**
 * A deletion that has been asked for and is not finished: {@code metadata.deletionTimestamp} and
 * its grace period.
 *
 * @param deadline when the grace period ends; what the API shows as {@code deletionTimestamp}
 * @param graceSeconds the seconds that the containers get between SIGTERM and SIGKILL
 */
public record Deletion(Instant deadline, long graceSeconds) {}
