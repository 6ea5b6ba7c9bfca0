package dev.shiplog.event;

import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;

import java.time.Instant;

/**
 * An event in its place in the log.
 *
 * @param position where it stands
 * @param time when it was decided
 * @param origin who, because of what, in which request, from which commit
 */
public record Recorded(Position position, Instant time, Origin origin, Event event) {}
