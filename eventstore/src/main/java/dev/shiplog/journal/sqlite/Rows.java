package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.Cause;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;

import org.jspecify.annotations.Nullable;

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
    /**
     * What is read: numbers, then everything else as one value. The driver's calls into SQLite are
     * most of what a row costs.
     */
    static final String READ =
            "position, time, version, cause, id || char(0) || type || char(0) || actor || char(0)"
                    + " || correlation || char(0) || \"commit\" || char(0) || tags || char(0)"
                    + " || payload || hash";

    /**
     * A row in one piece, for {@link Page}: numbers and texts, a NUL byte after each, the payload,
     * and the hash.
     */
    static final String PIECE =
            "concat_ws(char(0), position, time, version, cause, octet_length(payload), id, type,"
                    + " actor, correlation, \"commit\", tags, payload, hash)";

    /** With how many bytes a list of events ends, though more were asked for. */
    static final long MOST_BYTES = 16L << 20;

    private static final String COLUMNS =
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

    /** All rows, or the first of them if they take more than {@link #MOST_BYTES} together. */
    static List<StoredEvent> some(ResultSet rows) throws SQLException {
        List<StoredEvent> events = new ArrayList<>();
        long bytes = 0;
        RepeatedText type = new RepeatedText();
        RepeatedText actor = new RepeatedText();
        RepeatedText correlation = new RepeatedText();
        RepeatedText commit = new RepeatedText();
        while (bytes < MOST_BYTES && rows.next()) {
            Fields fields = new Fields(rows.getBytes(5));
            bytes += fields.size();
            String id = fields.text();
            String eventType = fields.text(type);
            String eventActor = fields.text(actor);
            String eventCorrelation = fields.text(correlation);
            String eventCommit = fields.text(commit);
            long cause = rows.getLong(4);
            Origin origin =
                    new Origin(
                            eventActor,
                            cause == 0 ? Cause.none() : new Cause.At(new Position(cause)),
                            eventCorrelation,
                            eventCommit.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(new CommitId(eventCommit)));
            NewEvent event =
                    new NewEvent(
                            id,
                            eventType,
                            rows.getInt(3),
                            time(rows.getLong(2)),
                            origin,
                            split(fields.text()),
                            fields.payload());
            events.add(new StoredEvent(new Position(rows.getLong(1)), event, fields.hash()));
        }
        return events;
    }

    /**
     * The texts, the payload and the hash of a row, which come in one piece: texts end at a NUL
     * byte, which none of them contains, and the hash is as long as it is.
     */
    private static final class Fields {
        private final byte[] bytes;
        private final int payloadEnd;
        private int start;

        Fields(byte @Nullable [] column) throws SQLException {
            if (column == null || column.length < HashChain.HASH_BYTES) {
                throw new SQLException("an event's row is not whole");
            }
            bytes = column;
            payloadEnd = column.length - HashChain.HASH_BYTES;
        }

        int size() {
            return bytes.length;
        }

        private int end() throws SQLException {
            int end = start;
            while (end < payloadEnd && bytes[end] != 0) {
                end++;
            }
            if (end == payloadEnd) {
                throw new SQLException("an event's row is not whole");
            }
            return end;
        }

        String text() throws SQLException {
            int end = end();
            String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            start = end + 1;
            return text;
        }

        String text(RepeatedText repeated) throws SQLException {
            int end = end();
            String text = repeated.of(bytes, start, end);
            start = end + 1;
            return text;
        }

        /** What is left after all texts. */
        byte[] payload() {
            return Arrays.copyOfRange(bytes, start, payloadEnd);
        }

        byte[] hash() {
            return Arrays.copyOfRange(bytes, payloadEnd, bytes.length);
        }
    }

    static Instant time(long micros) {
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

    static List<Tag> split(String text) {
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
