package dev.shiplog.journal.sqlite;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text that is often that of the row before, and is then not made again. */
final class RepeatedText {
    private byte[] bytes = new byte[0];
    private String last = "";

    /** The text in UTF-8 from an index to before another. */
    String of(byte[] row, int from, int to) {
        if (!Arrays.equals(row, from, to, bytes, 0, bytes.length)) {
            bytes = Arrays.copyOfRange(row, from, to);
            last = new String(bytes, StandardCharsets.UTF_8);
        }
        return last;
    }
}
