package dev.shiplog.resource;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * Writes the canonical form of {@link Json} directly, without a tree between. The caller names the
 * members of an object in order; a member out of order is refused, so what comes out is canonical.
 */
public final class JsonWriter {
    private static final int MAX_DEPTH = 16;
    private static final int PIECE_BYTES = 16 << 10;
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");

    private final JsonStringEncoder encoder = JsonStringEncoder.getInstance();
    private final String[] lastName = new String[MAX_DEPTH];
    private byte[] buffer = new byte[512];
    private int size;
    private int depth;

    private final Sink sink;

    /** From so many bytes on they are given away. */
    private final int piece;

    /** The byte before the first in the buffer; 0 for none. */
    private byte given;

    /** Takes what was written so far. */
    public interface Sink {
        /** The first {@code length} bytes; the array is used again. */
        void take(byte[] bytes, int length);
    }

    /** One that gives everything at its end. */
    public JsonWriter() {
        this(
                (_, _) -> {
                    throw new IllegalStateException("nobody takes parts of this value");
                },
                Integer.MAX_VALUE);
    }

    /** One that gives away what it wrote, piece by piece, and the rest by {@link #flush()}. */
    public JsonWriter(Sink sink) {
        this(sink, PIECE_BYTES);
    }

    private JsonWriter(Sink sink, int piece) {
        this.sink = sink;
        this.piece = piece;
    }

    /** Gives the rest away; the value is complete. */
    public void flush() {
        if (depth != 0) {
            throw new IllegalStateException(
                    "expected every object ended, found " + depth + " open");
        }
        give();
    }

    private void give() {
        if (size > 0) {
            given = buffer[size - 1];
            sink.take(buffer, size);
            size = 0;
        }
    }

    /** Begins an object: the whole value, or an element of a list. */
    public JsonWriter begin() {
        separate();
        push((byte) '{');
        return this;
    }

    /** Begins an object that is a member. */
    public JsonWriter begin(String name) {
        name(name);
        push((byte) '{');
        return this;
    }

    public JsonWriter end() {
        depth--;
        put((byte) '}');
        return this;
    }

    public JsonWriter beginList(String name) {
        name(name);
        push((byte) '[');
        return this;
    }

    public JsonWriter endList() {
        depth--;
        put((byte) ']');
        return this;
    }

    public JsonWriter text(String name, String value) {
        name(name);
        quoted(value);
        return this;
    }

    /** An element of a list. */
    public JsonWriter text(String value) {
        separate();
        quoted(value);
        return this;
    }

    public JsonWriter number(String name, long value) {
        name(name);
        put(ascii(Long.toString(value)));
        return this;
    }

    public JsonWriter flag(String name, boolean value) {
        name(name);
        put(value ? TRUE : FALSE);
        return this;
    }

    public JsonWriter json(String name, Json value) {
        name(name);
        put(value.bytes());
        return this;
    }

    public JsonWriter texts(String name, List<String> values) {
        beginList(name);
        values.forEach(this::text);
        return endList();
    }

    /** A map with its natural order of names, such as labels. */
    public JsonWriter texts(String name, SortedMap<String, String> values) {
        begin(name);
        values.forEach(this::text);
        return end();
    }

    /** What was written. */
    public byte[] bytes() {
        if (depth != 0) {
            throw new IllegalStateException(
                    "expected every object ended, found " + depth + " open");
        }
        return Arrays.copyOf(buffer, size);
    }

    private void name(String name) {
        String last = lastName[depth];
        if (!last.isEmpty() && last.compareTo(name) >= 0) {
            throw new IllegalStateException(
                    "expected a member after \"" + last + "\", found \"" + name + "\"");
        }
        lastName[depth] = name;
        separate();
        quoted(name);
        put((byte) ':');
    }

    private void separate() {
        byte last = size > 0 ? buffer[size - 1] : given;
        if (last != 0 && last != '{' && last != '[') {
            put((byte) ',');
        }
    }

    private void push(byte open) {
        put(open);
        depth++;
        lastName[depth] = "";
    }

    private void quoted(String value) {
        put((byte) '"');
        if (plain(value)) {
            ensure(value.length());
            for (int i = 0; i < value.length(); i++) {
                buffer[size++] = (byte) value.charAt(i);
            }
        } else {
            put(encoder.quoteAsUTF8(value));
        }
        put((byte) '"');
    }

    private static boolean plain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private void put(byte one) {
        ensure(1);
        buffer[size++] = one;
    }

    private void put(byte[] many) {
        ensure(many.length);
        System.arraycopy(many, 0, buffer, size, many.length);
        size += many.length;
    }

    private void ensure(int more) {
        if (size >= piece) {
            give();
        }
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
