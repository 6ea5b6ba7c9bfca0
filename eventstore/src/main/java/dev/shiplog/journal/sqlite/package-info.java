/**
 * Owns: the log in one SQLite file, for a cluster whose control plane is one process. One thread
 * writes and groups appends into transactions; readers have connections of their own.
 *
 * <p>Never does: look inside a payload, or retry a failed write.
 *
 * <p>Read next: {@link dev.shiplog.journal.sqlite.SqliteJournal}, then {@code Writer}.
 */
@NullMarked
package dev.shiplog.journal.sqlite;

import org.jspecify.annotations.NullMarked;
