package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
        if (!Arrays.equals(expected, found)) {
            throw new JournalFailure(
                    "the log was altered or damaged at position "
                            + event.position()
                            + " ("
                            + location
                            + "): expected hash "
                            + java.util.HexFormat.of().formatHex(expected)
                            + ", found "
                            + java.util.HexFormat.of().formatHex(found)
                            + ". Restore the file from a backup; every position before this one is sound.");
        }
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
            reserve(more.length);
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
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
