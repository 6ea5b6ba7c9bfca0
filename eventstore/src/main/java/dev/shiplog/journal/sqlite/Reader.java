package dev.shiplog.journal.sqlite;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.shiplog.journal.EventPage;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** One connection that reads, with its statements prepared. Used by one thread at a time. */
final class Reader implements AutoCloseable {
    private static final String ALL =
            "SELECT " + Rows.READ + " FROM event WHERE position > ? ORDER BY position LIMIT ?";

    /** As one value: the driver's calls into SQLite are most of what a row costs. */
    private static final String PAGE =
            "SELECT count(*), max(position), group_concat(piece, '') FROM (SELECT position, "
                    + Rows.PIECE
                    + " AS piece FROM event WHERE position > ? ORDER BY position LIMIT ?)";

    private static final String TAGGED =
            "SELECT "
                    + Rows.READ
                    + " FROM event WHERE position IN (SELECT DISTINCT position FROM event_tag"
                    + " WHERE tag IN (SELECT value FROM json_each(?)) AND position > ?"
                    + " ORDER BY position LIMIT ?) ORDER BY position";

    private static final String HEAD = "SELECT max(position) FROM event";

    private static final String SNAPSHOT =
            "SELECT position, state_hash, document FROM snapshot"
                    + " WHERE name = ? AND format = ? AND position <= ?"
                    + " ORDER BY position DESC LIMIT 1";

    /** How long the one value may become that a page is. */
    static final int MOST_PAGE_BYTES = 4 << 20;

    /** How long any other value may be: what SQLite allows unless told otherwise. */
    private static final int MOST_VALUE_BYTES = 1_000_000_000;

    /** How many times fewer rows are tried where so many were too large. */
    private static final int FEWER = 8;

    private final Connection connection;
    private final PreparedStatement all;
    private PreparedStatement page;
    private final PreparedStatement tagged;
    private final PreparedStatement snapshot;

    Reader(Path file) throws SQLException {
        connection = Connections.reader(file);
        Connections.checkSchema(connection, file);
        all = connection.prepareStatement(ALL);
        page = connection.prepareStatement(PAGE);
        tagged = connection.prepareStatement(TAGGED);
        snapshot = connection.prepareStatement(SNAPSHOT);
    }

    List<StoredEvent> read(Position after, int limit) throws SQLException {
        all.setLong(1, after.value());
        all.setInt(2, limit);
        try (ResultSet rows = all.executeQuery()) {
            return Rows.some(rows);
        }
    }

    /**
     * SQLite itself refuses a page that grows too large, whatever the pages before it were like;
     * then fewer rows are tried.
     */
    EventPage page(Position after, int limit, Journal journal) throws SQLException {
        int rows = limit;
        while (true) {
            try {
                valuesUpTo(MOST_PAGE_BYTES);
                return firstRows(after, rows, journal);
            } catch (SQLException e) {
                if (e.getErrorCode() != SQLiteErrorCode.SQLITE_TOOBIG.code) {
                    throw e;
                }
                // The driver gave the statement up.
                page.close();
                page = connection.prepareStatement(PAGE);
                if (rows == 1) {
                    valuesUpTo(MOST_VALUE_BYTES);
                    return EventPage.of(read(after, 1), journal.location());
                }
                rows = Math.max(1, rows / FEWER);
            } finally {
                valuesUpTo(MOST_VALUE_BYTES);
            }
        }
    }

    private void valuesUpTo(int bytes) throws SQLException {
        connection.unwrap(SQLiteConnection.class).setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, bytes);
    }

    private Page firstRows(Position after, int limit, Journal journal) throws SQLException {
        page.setLong(1, after.value());
        page.setInt(2, limit);
        try (ResultSet rows = page.executeQuery()) {
            if (!rows.next()) {
                throw new SQLException("a sum of rows is one row");
            }
            byte[] bytes = rows.getBytes(3);
            return new Page(
                    journal,
                    rows.getInt(1),
                    new Position(rows.getLong(2)),
                    bytes == null ? new byte[0] : bytes);
        }
    }

    List<StoredEvent> read(Position after, List<Tag> tags, int limit) throws SQLException {
        ArrayNode names = JsonNodeFactory.instance.arrayNode();
        tags.forEach(tag -> names.add(tag.toString()));
        tagged.setString(1, names.toString());
        tagged.setLong(2, after.value());
        tagged.setInt(3, limit);
        try (ResultSet rows = tagged.executeQuery()) {
            return Rows.some(rows);
        }
    }

    Position head() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HEAD);
                ResultSet rows = statement.executeQuery()) {
            return new Position(rows.next() ? rows.getLong(1) : 0);
        }
    }

    Optional<Snapshot> snapshot(String name, int format, Position atOrBefore) throws SQLException {
        snapshot.setString(1, name);
        snapshot.setInt(2, format);
        snapshot.setLong(3, atOrBefore.value());
        try (ResultSet rows = snapshot.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Snapshot(
                            name,
                            format,
                            new Position(rows.getLong(1)),
                            rows.getBytes(2),
                            rows.getBytes(3)));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
