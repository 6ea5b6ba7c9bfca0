package dev.shiplog.resource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Reads one object of canonical JSON that is too large to be held: member by member, in order, and
 * the lists in it object by object. The counterpart of a {@link JsonWriter} that gives away what it
 * wrote.
 *
 * <p>Reads nothing more lenient than {@link JsonMembers}: every deviation is an {@link
 * IllegalArgumentException} that names the byte.
 */
public final class JsonStream {
    private static final int BUFFER_BYTES = 64 << 10;

    /** Where the bytes come from. */
    public interface Source {
        /** Fills the array from its beginning; how many bytes, 0 at the end. */
        int read(byte[] into);
    }

    private final Source source;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private long consumed;
    private boolean begun;

    public JsonStream(Source source) {
        this.source = source;
    }

    /** All of an array. */
    public static Source of(byte[] bytes) {
        int[] at = {0};
        return into -> {
            int count = Math.min(into.length, bytes.length - at[0]);
            System.arraycopy(bytes, at[0], into, 0, count);
            at[0] += count;
            return count;
        };
    }

    /** The next member, which is a list of objects; read it to its end before anything else. */
    public Iterable<JsonMembers> list(String name) {
        name(name);
        expect('[');
        return Elements::new;
    }

    /** The next member, which is a number. */
    public long number(String name) {
        name(name);
        StringBuilder digits = new StringBuilder();
        while (peek() == '-' || (peek() >= '0' && peek() <= '9')) {
            digits.append((char) take());
        }
        try {
            return Long.parseLong(digits.toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected a number before byte " + consumed + ", found " + digits, e);
        }
    }

    /** The end of the object, and of everything. */
    public void end() {
        expect('}');
        if (peek() >= 0) {
            throw unexpected("the end");
        }
    }

    private void name(String name) {
        expect(begun ? ',' : '{');
        begun = true;
        for (byte expected : ("\"" + name + "\":").getBytes(StandardCharsets.UTF_8)) {
            expect((char) expected);
        }
    }

    private final class Elements implements Iterator<JsonMembers> {
        private boolean first = true;
        private boolean over;

        @Override
        public boolean hasNext() {
            if (!over && peek() == ']') {
                int _ = take();
                over = true;
            }
            return !over;
        }

        @Override
        public JsonMembers next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (!first) {
                expect(',');
            }
            first = false;
            return JsonMembers.of(object());
        }
    }

    /** The bytes of the object that begins here. */
    private byte[] object() {
        byte[] bytes = new byte[1024];
        int size = 0;
        int depth = 0;
        boolean quoted = false;
        boolean escaped = false;
        if (peek() != '{') {
            throw unexpected("'{'");
        }
        do {
            int c = take();
            if (c < 0) {
                throw unexpected("the end of an object");
            }
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * size);
            }
            bytes[size++] = (byte) c;
            if (escaped) {
                escaped = false;
            } else if (quoted) {
                escaped = c == '\\';
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
            }
        } while (depth > 0);
        return Arrays.copyOf(bytes, size);
    }

    private void expect(char expected) {
        if (peek() != expected) {
            throw unexpected("'" + expected + "'");
        }
        int _ = take();
    }

    /** The next byte; -1 at the end. */
    private int peek() {
        if (next == end) {
            next = 0;
            end = source.read(buffer);
        }
        return end == 0 ? -1 : buffer[next] & 0xff;
    }

    private int take() {
        int c = peek();
        if (c >= 0) {
            next++;
            consumed++;
        }
        return c;
    }

    private IllegalArgumentException unexpected(String expected) {
        int c = peek();
        return new IllegalArgumentException(
                "expected "
                        + expected
                        + " at byte "
                        + consumed
                        + ", found "
                        + (c < 0 ? "the end" : "'" + (char) c + "'"));
    }
}
