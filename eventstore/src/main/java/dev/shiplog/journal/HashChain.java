package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * The tamper-evident chain over the log. The hash of an event is SHA-256 over, in this order: the
 * previous event's hash (32 bytes; zeros before the first event), position (8 bytes), time in
 * microseconds since 1970 (8 bytes), version (4 bytes), position of the cause or 0 (8 bytes), then
 * id, type, actor, correlation, commit (empty if none), the number of tags (4 bytes), each tag, and
 * the payload; each of these texts and the payload is preceded by its length in bytes (4 bytes).
 * Integers are big-endian. So the bytes of two different events are never the same.
 */
public final class HashChain {
    /** The length of a hash in bytes. */
    public static final int HASH_BYTES = 32;

    private static final MessageDigest SHA_256 = prototype();

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private HashChain() {}

    /** The hash before the first event. A fresh array. */
    public static byte[] origin() {
        return new byte[HASH_BYTES];
    }

    /**
     * The hash of an event that follows one with hash {@code previous}.
     *
     * @throws IllegalArgumentException if the event's cause is not resolved
     */
    public static byte[] next(byte[] previous, Position position, NewEvent event) {
        return new Hasher().next(previous, position, event);
    }

    /**
     * Hashes one event after the other in the same memory: for whoever has many. Used by one thread
     * at a time.
     */
    public static final class Hasher {
        private static final int USUAL_BYTES = 1 << 10;
        private static final int MOST_KEPT_BYTES = 64 << 10;

        private final MessageDigest digest = fresh();
        private Bytes out = new Bytes(USUAL_BYTES);

        /** As {@link HashChain#next}. */
        public byte[] next(byte[] previous, Position position, NewEvent event) {
            if (out.bytes.length > MOST_KEPT_BYTES) {
                out = new Bytes(USUAL_BYTES);
            }
            out.length = 0;
            write(previous, position, event, out);
            digest.update(out.bytes, 0, out.length);
            return digest.digest();
        }

        /**
         * Begins with an event of which the texts follow, each by {@link #text}, as bytes: id,
         * type, actor, correlation, commit; then {@link #count}, the tags and {@link #end}.
         *
         * @param micros of its time, since 1970
         * @param cause a position, or 0
         */
        public void begin(byte[] previous, long position, long micros, int version, long cause) {
            if (out.bytes.length > MOST_KEPT_BYTES) {
                out = new Bytes(USUAL_BYTES);
            }
            out.length = 0;
            out.raw(previous);
            out.number(position);
            out.number(micros);
            out.number(version);
            out.number(cause);
        }

        /** A text, or the payload: the bytes from one index to before another. */
        public void text(byte[] bytes, int from, int to) {
            out.number(to - from);
            out.raw(bytes, from, to - from);
        }

        /** How many tags follow. */
        public void count(int tags) {
            out.number(tags);
        }

        /**
         * Ends the event.
         *
         * @param hash where its hash goes; {@link #HASH_BYTES} long
         */
        public void end(byte[] hash) {
            digest.update(out.bytes, 0, out.length);
            try {
                digest.digest(hash, 0, HASH_BYTES);
            } catch (DigestException e) {
                throw new IllegalArgumentException("expected room for a hash", e);
            }
        }

        /** As {@link HashChain#check}. */
        public void check(byte[] previous, StoredEvent event, String location) {
            HashChain.check(
                    next(previous, event.position(), event.event()), event.hash(), event, location);
        }
    }

    private static void write(byte[] previous, Position position, NewEvent event, Bytes out) {
        out.raw(previous);
        out.number(position.value());
        out.number(micros(event.time()));
        out.number(event.version());
        out.number(causePosition(event.origin().cause()));
        out.text(event.id());
        out.text(event.type());
        out.text(event.origin().actor());
        out.text(event.origin().correlation());
        out.text(event.origin().commit().map(commit -> commit.value()).orElse(""));
        out.number(event.tags().size());
        for (Tag tag : event.tags()) {
            out.text(tag);
        }
        out.number(event.payload().length);
        out.raw(event.payload());
    }

    /**
     * Checks that an event follows the one with hash {@code previous}.
     *
     * @throws JournalFailure if it does not; the message names the position
     */
    public static void check(byte[] previous, StoredEvent event, String location) {
        new Hasher().check(previous, event, location);
    }

    private static void check(byte[] expected, byte[] found, StoredEvent event, String location) {
        check(expected, found, event.position(), location);
    }

    /**
     * Checks that a hash is the one that follows.
     *
     * @throws JournalFailure if it is not; the message names the position
     */
    public static void check(byte[] expected, byte[] found, Position position, String location) {
        if (!Arrays.equals(expected, found)) {
            throw new JournalFailure(
                    "the log was altered or damaged at position "
                            + position
                            + " ("
                            + location
                            + "): expected hash "
                            + java.util.HexFormat.of().formatHex(expected)
                            + ", found "
                            + java.util.HexFormat.of().formatHex(found)
                            + ". Restore the file from a backup; every position before this one is sound.");
        }
    }

    /**
     * Checks that an event stands where one must.
     *
     * @throws JournalFailure if it does not; the message names the position
     */
    public static void checkPosition(Position expected, Position found, String location) {
        if (!expected.equals(found)) {
            throw missing(expected, "position " + found, location);
        }
    }

    /** What is said of a log in which a position is not there. */
    public static JournalFailure missing(Position expected, String found, String location) {
        return new JournalFailure(
                "expected position "
                        + expected
                        + " in "
                        + location
                        + ", found "
                        + found
                        + ": events are missing. Restore the file from a backup; every position"
                        + " before this one is sound.");
    }

    /** SHA-256 of some bytes. */
    public static byte[] sha256(byte[] bytes) {
        return fresh().digest(bytes);
    }

    /** A fresh SHA-256, for bytes that come piece by piece. */
    public static MessageDigest sha256() {
        return fresh();
    }

    /**
     * A copy of one that was never fed: asking the providers each time costs as much as hashing.
     */
    private static MessageDigest fresh() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest prototype() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** What is hashed, in one growing array: a stream's calls and locks cost as much again. */
    private static final class Bytes {
        private byte[] bytes;
        private int length;

        Bytes(int expected) {
            bytes = new byte[expected];
        }

        void raw(byte[] more) {
            raw(more, 0, more.length);
        }

        void raw(byte[] more, int from, int count) {
            reserve(count);
            System.arraycopy(more, from, bytes, length, count);
            length += count;
        }

        void number(int value) {
            reserve(Integer.BYTES);
            INT.set(bytes, length, value);
            length += Integer.BYTES;
        }

        void number(long value) {
            reserve(Long.BYTES);
            LONG.set(bytes, length, value);
            length += Long.BYTES;
        }

        void text(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            number(encoded.length);
            raw(encoded);
        }

        /** As its text, {@code name=value}. */
        void text(Tag tag) {
            byte[] name = tag.name().getBytes(StandardCharsets.UTF_8);
            byte[] value = tag.value().getBytes(StandardCharsets.UTF_8);
            number(name.length + 1 + value.length);
            raw(name);
            reserve(1);
            bytes[length++] = '=';
            raw(value);
        }

        private void reserve(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
            }
        }
    }

    /** The position of a resolved cause; 0 for none. */
    public static long causePosition(Cause cause) {
        return switch (cause) {
            case Cause.None() -> 0;
            case Cause.At(Position position) -> position.value();
            case Cause.Sibling(int index) ->
                    throw new IllegalArgumentException(
                            "expected a resolved cause, found sibling " + index);
        };
    }

    /** Microseconds since 1970, the resolution that engines keep. */
    public static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
