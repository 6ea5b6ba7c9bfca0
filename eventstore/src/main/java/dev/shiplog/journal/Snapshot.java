package dev.shiplog.journal;

import dev.shiplog.resource.Position;

/**
 * The folded state at a position, as an opaque document, so that a start costs the tail of the log
 * and not all of it. A snapshot is a cache: it may be deleted at any time.
 *
 * @param name what was folded, such as {@code cluster}
 * @param format the version of the document's shape; a reader that does not know it ignores the
 *     snapshot
 * @param position the last event folded in
 * @param stateHash SHA-256 of the state's canonical bytes, 32 bytes
 * @param document the encoded state
 */
public record Snapshot(
        String name, int format, Position position, byte[] stateHash, byte[] document) {}
