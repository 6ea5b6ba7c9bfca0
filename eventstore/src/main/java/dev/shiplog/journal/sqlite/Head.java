package dev.shiplog.journal.sqlite;

import dev.shiplog.resource.Position;

/** The last event of the log: where it stands and its hash. */
record Head(Position position, byte[] hash) {}
