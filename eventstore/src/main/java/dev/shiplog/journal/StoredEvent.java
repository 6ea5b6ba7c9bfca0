package dev.shiplog.journal;

import dev.shiplog.resource.Position;

/**
 * An event in the log.
 *
 * @param position where it stands
 * @param event what was appended, its cause resolved: never {@link Cause.Sibling}
 * @param hash SHA-256 over the hash before it and everything in this event, position included; 32
 *     bytes. The exact bytes are defined by {@link HashChain}
 */
public record StoredEvent(Position position, NewEvent event, byte[] hash) {}
