package dev.shiplog.api.delete;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), as far as one
 * small message needs it.
 */
final class Protobuf {
    /** Before every protobuf body of the Kubernetes API; a {@code runtime.Unknown} follows. */
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] bytes;
    private final int end;
    private int at;

    private Protobuf(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /**
     * A field as it was found.
     *
     * @param number as in the message's definition
     * @param value of a varint; 0 otherwise
     * @param content of a length-delimited field; empty otherwise
     */
    record Field(int number, long value, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    static boolean isEnvelope(byte[] body) {
        return body.length >= MAGIC.length
                && java.util.Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * The fields of the message in an envelope.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static List<Field> unwrap(byte[] body) {
        for (Field field : new Protobuf(body, MAGIC.length, body.length).fields()) {
            if (field.number() == 2) {
                return fields(field.content());
            }
        }
        return List.of();
    }

    /** The fields of a message. */
    static List<Field> fields(byte[] message) {
        return new Protobuf(message, 0, message.length).fields();
    }

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        while (at < end) {
            long tag = varint();
            int number = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> fields.add(new Field(number, varint(), new byte[0]));
                case 1 -> take(8);
                case 2 -> fields.add(new Field(number, 0, take(varint())));
                case 5 -> take(4);
                default -> throw new IllegalArgumentException("found a broken protobuf field");
            }
        }
        return fields;
    }

    private long varint() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (at >= end) {
                throw new IllegalArgumentException("found a protobuf message that ends early");
            }
            byte b = bytes[at++];
            value |= (b & 0x7FL) << (7 * i);
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("found a protobuf number that is too long");
    }

    private byte[] take(long length) {
        if (length < 0 || length > end - at) {
            throw new IllegalArgumentException("found a protobuf message that ends early");
        }
        byte[] content = java.util.Arrays.copyOfRange(bytes, at, at + (int) length);
        at += (int) length;
        return content;
    }
}
