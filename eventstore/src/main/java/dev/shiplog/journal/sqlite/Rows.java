package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.Cause;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Events to and from rows. */
final class Rows {
    static final String COLUMNS =
            "position, time, type, version, actor, cause, correlation, \"commit\", id, tags,"
                    + " payload, hash";

    // The payload is bound as bytes, which are UTF-8 already; SQLite keeps them as text.
    static final String INSERT =
            "INSERT INTO event ("
                    + COLUMNS
                    + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?)";

    static final String INSERT_TAG = "INSERT INTO event_tag (tag, position) VALUES (?, ?)";

    private static final long MICROS = 1_000_000;

    private Rows() {}

    static void bind(PreparedStatement insert, StoredEvent stored) throws SQLException {
        NewEvent event = stored.event();
        Origin origin = event.origin();
        insert.setLong(1, stored.position().value());
        insert.setLong(2, HashChain.micros(event.time()));
        insert.setString(3, event.type());
        insert.setInt(4, event.version());
        insert.setString(5, origin.actor());
        insert.setLong(6, HashChain.causePosition(origin.cause()));
        insert.setString(7, origin.correlation());
        insert.setString(8, origin.commit().map(CommitId::value).orElse(""));
        insert.setString(9, event.id());
        insert.setString(10, joined(event.tags()));
        insert.setBytes(11, event.payload());
        insert.setBytes(12, stored.hash());
    }

    static List<StoredEvent> all(ResultSet rows) throws SQLException {
        List<StoredEvent> events = new ArrayList<>();
        RepeatedText actor = new RepeatedText(5);
        RepeatedText correlation = new RepeatedText(7);
        RepeatedText type = new RepeatedText(3);
        while (rows.next()) {
            events.add(one(rows, type.in(rows), actor.in(rows), correlation.in(rows)));
        }
        return events;
    }

    private static StoredEvent one(ResultSet row, String type, String actor, String correlation)
            throws SQLException {
        long cause = row.getLong(6);
        String commit = text(row, 8);
        Origin origin =
                new Origin(
                        actor,
                        cause == 0 ? Cause.none() : new Cause.At(new Position(cause)),
                        correlation,
                        commit.isEmpty() ? Optional.empty() : Optional.of(new CommitId(commit)));
        NewEvent event =
                new NewEvent(
                        text(row, 9),
                        type,
                        row.getInt(4),
                        time(row.getLong(2)),
                        origin,
                        split(text(row, 10)),
                        row.getBytes(11));
        return new StoredEvent(new Position(row.getLong(1)), event, row.getBytes(12));
    }

    /**
     * As {@code getString}, at half the cost: the driver copies bytes at once, and text through a
     * buffer of its own.
     */
    private static String text(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** A column whose value is often that of the row before. */
    private static final class RepeatedText {
        private final int column;
        private byte[] lastBytes = new byte[0];
        private String last = "";

        RepeatedText(int column) {
            this.column = column;
        }

        String in(ResultSet row) throws SQLException {
            byte[] bytes = row.getBytes(column);
            if (bytes == null) {
                return "";
            }
            if (!Arrays.equals(bytes, lastBytes)) {
                lastBytes = bytes;
                last = new String(bytes, StandardCharsets.UTF_8);
            }
            return last;
        }
    }

    private static Instant time(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
    }

    private static String joined(List<Tag> tags) {
        StringBuilder text = new StringBuilder();
        for (Tag tag : tags) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            text.append(tag.name()).append('=').append(tag.value());
        }
        return text.toString();
    }

    private static List<Tag> split(String text) {
        List<Tag> tags = new ArrayList<>(2);
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int stop = end < 0 ? text.length() : end;
            int equals = text.indexOf('=', start);
            tags.add(new Tag(text.substring(start, equals), text.substring(equals + 1, stop)));
            start = stop + 1;
        }
        return tags;
    }
}
