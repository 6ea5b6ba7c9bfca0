package dev.shiplog.resource.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of a file into text, or says why they are none. */
sealed interface SourceText {
    /** The largest file that is read, in bytes: Kubernetes' own limit for one request. */
    int MAX_FILE_BYTES = 3 * 1024 * 1024;

    /**
     * The longest line, in characters: the parser's time grows with the square of it. Kubernetes
     * keeps no value of more than 1 MiB.
     */
    int MAX_LINE_CHARACTERS = 1024 * 1024;

    /** Text, without a byte order mark. */
    record Text(String value) implements SourceText {}

    /** Not text that can be read. */
    record Unreadable(Trouble why) implements SourceText {}

    static SourceText of(byte[] content) {
        if (content.length > MAX_FILE_BYTES) {
            return unreadable(
                    Place.START,
                    "expected a file of at most %,d bytes, found %,d: is it a manifest?"
                            .formatted(MAX_FILE_BYTES, content.length));
        }
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(content);
        CharBuffer chars = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(bytes, chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            int wrong = content[bytes.position()] & 0xff;
            return unreadable(
                    end(text),
                    "expected UTF-8, found the byte 0x%02X: is it a text file?".formatted(wrong));
        }
        return checked(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static SourceText checked(String text) {
        int lineStart = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                lineStart = i + 1;
            } else if (i - lineStart >= MAX_LINE_CHARACTERS) {
                return unreadable(
                        end(text.substring(0, lineStart)),
                        "expected a line of at most %,d characters, found a longer one"
                                .formatted(MAX_LINE_CHARACTERS));
            }
            if (c == 0) {
                return unreadable(
                        end(text.substring(0, i)),
                        "expected text, found a zero byte: this is a binary file");
            }
            if (!printable(c)) {
                return unreadable(
                        end(text.substring(0, i)),
                        "expected text, found the control character U+%04X".formatted((int) c));
            }
        }
        return new Text(text);
    }

    /** The characters that YAML 1.1 allows, surrogates being checked by the decoder. */
    private static boolean printable(char c) {
        return (c >= ' ' && c <= '~')
                || c == '\n'
                || c == '\r'
                || c == '\t'
                || c == '\u0085'
                || (c >= '\u00A0' && c <= '\uFFFD');
    }

    private static SourceText unreadable(Place place, String message) {
        return new Unreadable(new Trouble(place, message));
    }

    private static Place end(String text) {
        int lastLine = text.lastIndexOf('\n') + 1;
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        return new Place(line, 1 + text.codePointCount(lastLine, text.length()));
    }
}
