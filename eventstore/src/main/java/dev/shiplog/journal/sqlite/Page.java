package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.Cause;
import dev.shiplog.journal.EventPage;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rows that SQLite put into one value, {@link Rows#PIECE} after piece. What is hashed is the bytes
 * as they are kept; only what a fold needs is decoded.
 *
 * <p>Damage may shift where a row seems to end. So a page that is not as it must be is read again
 * row by row, and what is told of it comes from there.
 */
final class Page implements EventPage {
    /** What a tag that tells of a further cause begins with. */
    private static final byte[] CAUSE = "cause".getBytes(StandardCharsets.US_ASCII);

    private static final int DECIMAL = 10;

    /** The digits of the largest number. */
    private static final int MOST_DIGITS = 19;

    private final Journal journal;
    private final int size;
    private final Position last;
    private final byte[] bytes;

    Page(Journal journal, int size, Position last, byte[] bytes) {
        this.journal = journal;
        this.size = size;
        this.last = last;
        this.bytes = bytes;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long bytes() {
        return bytes.length;
    }

    @Override
    public Position last() {
        return last;
    }

    @Override
    public byte[] lastHash() {
        return Arrays.copyOfRange(
                bytes, Math.max(0, bytes.length - HashChain.HASH_BYTES), bytes.length);
    }

    @Override
    public <T> List<T> check(Position after, byte[] previous, Taking<T> take) {
        try {
            return new Apart<>(previous, take).all(after);
        } catch (Unsound e) {
            return EventPage.of(journal.read(after, size), journal.location())
                    .check(after, previous, take);
        }
    }

    /** A page is not as it must be. */
    private static final class Unsound extends Exception {
        private static final long serialVersionUID = 1;

        Unsound() {
            super("not as a page must be", null, false, false);
        }
    }

    /** Takes the page apart. */
    private final class Apart<T> {
        private final HashChain.Hasher hasher = new HashChain.Hasher();
        private final byte[] expected = new byte[HashChain.HASH_BYTES];
        private final RepeatedText type = new RepeatedText();
        private final RepeatedText actor = new RepeatedText();
        private final RepeatedText correlation = new RepeatedText();
        private final RepeatedText commit = new RepeatedText();
        private final byte[] previous;
        private final Taking<T> take;
        private int at;

        Apart(byte[] previous, Taking<T> take) {
            this.previous = previous.clone();
            this.take = take;
        }

        List<T> all(Position after) throws Unsound {
            List<T> taken = new ArrayList<>(size);
            long position = after.value();
            for (int i = 0; i < size; i++) {
                position++;
                taken.add(next(position));
            }
            if (at != bytes.length) {
                throw new Unsound();
            }
            return taken;
        }

        private T next(long position) throws Unsound {
            if (number() != position) {
                throw new Unsound();
            }
            long micros = number();
            int version = (int) number();
            long cause = number();
            int length = (int) number();
            hasher.begin(previous, position, micros, version, cause);
            skipText();
            String eventType = text(type);
            String eventActor = text(actor);
            String eventCorrelation = text(correlation);
            String eventCommit = text(commit);
            int tags = at;
            int tagsEnd = end();
            tags(tags, tagsEnd);
            at = tagsEnd + 1;
            byte[] payload = payload(length);
            hasher.end(expected);
            if (!Arrays.equals(expected, 0, expected.length, bytes, at, at + expected.length)) {
                throw new Unsound();
            }
            at += expected.length;
            System.arraycopy(expected, 0, previous, 0, expected.length);
            if (eventActor.isEmpty() || eventCorrelation.isEmpty()) {
                throw new Unsound();
            }
            Origin origin =
                    new Origin(
                            eventActor,
                            cause == 0 ? Cause.none() : new Cause.At(new Position(cause)),
                            eventCorrelation,
                            eventCommit.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(new CommitId(eventCommit)));
            return take.event(
                    new Position(position),
                    eventType,
                    version,
                    Rows.time(micros),
                    tellsOfCauses(tags, tagsEnd) ? withCauses(origin, tags, tagsEnd) : origin,
                    payload);
        }

        private byte[] payload(int length) throws Unsound {
            // In this order: what is damaged may be longer than an index goes.
            if (length < 0
                    || length > bytes.length - at - 1 - HashChain.HASH_BYTES
                    || bytes[at + length] != 0) {
                throw new Unsound();
            }
            hasher.text(bytes, at, at + length);
            byte[] payload = Arrays.copyOfRange(bytes, at, at + length);
            at += length + 1;
            return payload;
        }

        private void tags(int from, int to) {
            int count = 0;
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\n') {
                    count++;
                }
            }
            hasher.count(from == to ? 0 : count + 1);
            int start = from;
            while (start < to) {
                int end = start;
                while (end < to && bytes[end] != '\n') {
                    end++;
                }
                hasher.text(bytes, start, end);
                start = end + 1;
            }
        }

        private boolean tellsOfCauses(int from, int to) {
            for (int start = from; start + CAUSE.length <= to; start++) {
                if ((start == from || bytes[start - 1] == '\n')
                        && Arrays.equals(
                                bytes, start, start + CAUSE.length, CAUSE, 0, CAUSE.length)) {
                    return true;
                }
            }
            return false;
        }

        /** An event's constructor finds them among its tags. */
        private Origin withCauses(Origin origin, int from, int to) {
            String tags = new String(bytes, from, to - from, StandardCharsets.UTF_8);
            return new NewEvent("", "", 1, Instant.EPOCH, origin, Rows.split(tags), CAUSE).origin();
        }

        private void skipText() throws Unsound {
            int end = end();
            hasher.text(bytes, at, end);
            at = end + 1;
        }

        private String text(RepeatedText repeated) throws Unsound {
            int end = end();
            hasher.text(bytes, at, end);
            String text = repeated.of(bytes, at, end);
            at = end + 1;
            return text;
        }

        private int end() throws Unsound {
            int end = at;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            if (end == bytes.length) {
                throw new Unsound();
            }
            return end;
        }

        /** A decimal number and the NUL byte after it. */
        private long number() throws Unsound {
            int end = end();
            boolean negative = at < end && bytes[at] == '-';
            int start = negative ? at + 1 : at;
            if (start == end || end - start > MOST_DIGITS) {
                throw new Unsound();
            }
            long value = 0;
            for (int i = start; i < end; i++) {
                int digit = bytes[i] - '0';
                if (digit < 0 || digit >= DECIMAL) {
                    throw new Unsound();
                }
                value = DECIMAL * value + digit;
            }
            at = end + 1;
            return negative ? -value : value;
        }
    }
}
