package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The writer's prepared statements. */
final class WriteStatements {
    /** How many snapshots of a name are kept. */
    static final int SNAPSHOTS_KEPT = 4;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement insertTag;
    private final PreparedStatement newestWith;
    private final PreparedStatement begin;
    private final PreparedStatement commit;
    private final HashChain.Hasher hasher = new HashChain.Hasher();

    WriteStatements(Connection connection) throws SQLException {
        this.connection = connection;
        insert = connection.prepareStatement(Rows.INSERT);
        insertTag = connection.prepareStatement(Rows.INSERT_TAG);
        newestWith =
                connection.prepareStatement(
                        "SELECT max(position) FROM event_tag WHERE tag = ? AND position > ?");
        begin = connection.prepareStatement("BEGIN IMMEDIATE");
        commit = connection.prepareStatement("COMMIT");
    }

    /**
     * Takes the write lock for the next transaction. The driver begins one itself when it is told
     * not to commit by itself, and then always at once after a commit, both by texts that it has
     * SQLite read each time.
     */
    void begin() throws SQLException {
        begin.execute();
    }

    /** Makes what was written since {@link #begin} durable. */
    void commit() throws SQLException {
        commit.execute();
    }

    /** The hash of an event that is about to be inserted. */
    byte[] hash(byte[] previous, Position position, NewEvent event) {
        return hasher.next(previous, position, event);
    }

    void insert(StoredEvent event) throws SQLException {
        Rows.bind(insert, event);
        insert.executeUpdate();
        for (Tag tag : event.event().tags()) {
            insertTag.setString(1, tag.toString());
            insertTag.setLong(2, event.position().value());
            insertTag.executeUpdate();
        }
    }

    /** The newest event after a position with one of the tags; ORIGIN if there is none. */
    Position newestWith(List<Tag> tags, Position after) throws SQLException {
        long newest = 0;
        for (Tag tag : tags) {
            newestWith.setString(1, tag.toString());
            newestWith.setLong(2, after.value());
            try (ResultSet rows = newestWith.executeQuery()) {
                newest = Math.max(newest, rows.next() ? rows.getLong(1) : 0);
            }
        }
        return new Position(newest);
    }

    void save(Snapshot snapshot) throws SQLException {
        try (PreparedStatement save =
                        connection.prepareStatement(
                                "INSERT OR REPLACE INTO snapshot"
                                        + " (name, format, position, state_hash, document)"
                                        + " VALUES (?, ?, ?, ?, ?)");
                PreparedStatement forget =
                        connection.prepareStatement(
                                "DELETE FROM snapshot WHERE name = ?1 AND position NOT IN"
                                        + " (SELECT position FROM snapshot WHERE name = ?1"
                                        + " ORDER BY position DESC LIMIT "
                                        + SNAPSHOTS_KEPT
                                        + ")")) {
            save.setString(1, snapshot.name());
            save.setInt(2, snapshot.format());
            save.setLong(3, snapshot.position().value());
            save.setBytes(4, snapshot.stateHash());
            save.setBytes(5, snapshot.document());
            save.executeUpdate();
            forget.setString(1, snapshot.name());
            forget.executeUpdate();
        }
    }
}
