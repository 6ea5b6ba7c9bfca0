package dev.shiplog.resource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds its way through the bytes of canonical JSON: no white space, one value. */
final class JsonScanner {
    private final byte[] bytes;

    JsonScanner(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    boolean is(int at, char expected) {
        return at < bytes.length && bytes[at] == expected;
    }

    /** The place after an expected character. */
    int expect(int at, char expected) {
        if (!is(at, expected)) {
            throw unexpected(at, "'" + expected + "'");
        }
        return at + 1;
    }

    /** The place after the value that begins here. */
    int skip(int start) {
        if (is(start, '"')) {
            return skipText(start);
        }
        if (!is(start, '{') && !is(start, '[')) {
            return skipWord(start);
        }
        int depth = 0;
        int at = start;
        while (at < bytes.length) {
            switch (bytes[at]) {
                case '"' -> at = skipText(at) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // Between the brackets.
                }
            }
            at++;
            if (depth == 0) {
                return at;
            }
        }
        throw unexpected(at, "the end of what begins at byte " + start);
    }

    private int skipText(int start) {
        for (int at = start + 1; at < bytes.length; at++) {
            if (bytes[at] == '\\') {
                at++;
            } else if (bytes[at] == '"') {
                return at + 1;
            }
        }
        throw unexpected(bytes.length, "the end of the text that begins at byte " + start);
    }

    private int skipWord(int start) {
        int at = start;
        while (at < bytes.length && bytes[at] != ',' && bytes[at] != '}' && bytes[at] != ']') {
            at++;
        }
        if (at == start) {
            throw unexpected(at, "a value");
        }
        return at;
    }

    /** The text whose opening quote is here. */
    String text(int start) {
        int from = expect(start, '"');
        int to = skipText(start) - 1;
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\\') {
                // Escapes are rare; the library knows them all.
                return Json.canonical(Arrays.copyOfRange(bytes, start, to + 1)).toNode().asText();
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    long number(int start) {
        int to = skipWord(start);
        String word = new String(bytes, start, to - start, StandardCharsets.US_ASCII);
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "expected a whole number at byte " + start + ", found \"" + word + "\"", e);
        }
    }

    /** Where the elements of the list begin that begins here. */
    int[] elements(int start) {
        int at = expect(start, '[');
        int[] result = new int[4];
        int count = 0;
        if (is(at, ']')) {
            return new int[0];
        }
        while (true) {
            if (count == result.length) {
                result = Arrays.copyOf(result, 2 * count);
            }
            result[count++] = at;
            at = skip(at);
            if (is(at, ']')) {
                return Arrays.copyOf(result, count);
            }
            at = expect(at, ',');
        }
    }

    boolean matches(int from, int to, String ascii) {
        if (to - from != ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (bytes[from + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    IllegalArgumentException unexpected(int at, String expected) {
        return new IllegalArgumentException(
                "expected "
                        + expected
                        + " at byte "
                        + at
                        + ", found "
                        + (at < bytes.length
                                ? "'" + (char) bytes[at] + "'"
                                : "the end of " + bytes.length + " bytes"));
    }
}
