package dev.shiplog.node.link.wire;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The messages of a session's WebSocket: one byte that says what it is, and the rest. To the node
 * go {@link #STDIN}, {@link #END} of it and {@link #SIZE}; back come {@link #STDOUT}, {@link
 * #STDERR}, {@link #END} and, last, {@link #RESULT}.
 */
public final class SessionFrames {
    public static final byte STDIN = 0;
    public static final byte STDOUT = 1;
    public static final byte STDERR = 2;

    /** A JSON object: {@code code}, or {@code usage}, or {@code reason} and {@code message}. */
    public static final byte RESULT = 3;

    /** Columns, a space, rows. */
    public static final byte SIZE = 4;

    /** Nothing more comes from the side that says it. */
    public static final byte END = 5;

    /** The longest piece of data in one message, in bytes. */
    public static final int PIECE_BYTES = 32 << 10;

    private SessionFrames() {}

    public static byte[] of(byte kind, byte[] data, int offset, int length) {
        byte[] frame = new byte[1 + length];
        frame[0] = kind;
        System.arraycopy(data, offset, frame, 1, length);
        return frame;
    }

    public static byte[] of(byte kind, String text) {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        return of(kind, data, 0, data.length);
    }

    public static byte[] data(byte[] frame) {
        return Arrays.copyOfRange(frame, 1, frame.length);
    }

    public static JsonNode json(byte[] frame) {
        return Json.parse(text(frame)).toNode();
    }

    public static String text(byte[] frame) {
        return new String(frame, 1, frame.length - 1, StandardCharsets.UTF_8);
    }
}
