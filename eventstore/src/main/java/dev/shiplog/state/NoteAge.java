package dev.shiplog.state;

import dev.shiplog.resource.ResourceKey;

import java.time.Instant;

/** An Event resource and when it was last seen. */
record NoteAge(ResourceKey key, Instant lastSeen) {}
