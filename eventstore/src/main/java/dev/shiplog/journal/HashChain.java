package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
        ByteArrayOutputStream buffer = new ByteArrayOutputStream(256 + event.payload().length);
        try (DataOutputStream out = new DataOutputStream(buffer)) {
            out.write(previous);
            out.writeLong(position.value());
            out.writeLong(micros(event.time()));
            out.writeInt(event.version());
            out.writeLong(causePosition(event.origin().cause()));
            text(out, event.id());
            text(out, event.type());
            text(out, event.origin().actor());
            text(out, event.origin().correlation());
            text(out, event.origin().commit().map(commit -> commit.value()).orElse(""));
            out.writeInt(event.tags().size());
            for (Tag tag : event.tags()) {
                text(out, tag.toString());
            }
            out.writeInt(event.payload().length);
            out.write(event.payload());
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        return sha256(buffer.toByteArray());
    }

    /**
     * Checks that an event follows the one with hash {@code previous}.
     *
     * @throws JournalFailure if it does not; the message names the position
     */
    public static void check(byte[] previous, StoredEvent event, String location) {
        byte[] expected = next(previous, event.position(), event.event());
        if (!Arrays.equals(expected, event.hash())) {
            throw new JournalFailure(
                    "the log was altered or damaged at position "
                            + event.position()
                            + " ("
                            + location
                            + "): expected hash "
                            + java.util.HexFormat.of().formatHex(expected)
                            + ", found "
                            + java.util.HexFormat.of().formatHex(event.hash())
                            + ". Restore the file from a backup; every position before this one is sound.");
        }
    }

    /** SHA-256 of some bytes. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
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

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
