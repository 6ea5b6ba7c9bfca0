package dev.shiplog.node.network.dns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A question in its bytes: just what is needed to find its answer among those that are ready.
 *
 * @param message as it came
 * @param end where its question ends in it
 * @param question the question's bytes as characters, in lower case: equal for those who ask the
 *     same
 * @param limit bytes that the answer may have
 * @param edns whether it says how much it takes, and so is told the same
 * @param dnssec whether it wants signatures
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1035#section-4">RFC 1035</a> and <a
 *     href="https://www.rfc-editor.org/rfc/rfc6891">RFC 6891</a>
 */
record Query(byte[] message, int end, String question, int limit, boolean edns, boolean dnssec) {
    static final int HEADER = 12;

    private static final int OPT = 41;
    private static final int OPT_BYTES = 11;
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 255;

    /**
     * Reads a message.
     *
     * @return empty unless it is a plain question: one name, no answers, at most one EDNS record
     */
    static Optional<Query> read(byte[] bytes, int length, boolean datagram) {
        boolean plain =
                length >= HEADER
                        && (bytes[2] & 0xf8) == 0
                        && number(bytes, 4) == 1
                        && number(bytes, 6) == 0
                        && number(bytes, 8) == 0
                        && number(bytes, 10) <= 1;
        int name = plain ? nameEnd(bytes, length) : -1;
        int end = name + 4;
        if (name < 0 || end > length) {
            return Optional.empty();
        }
        boolean edns = number(bytes, 10) == 1;
        if (edns && !isOpt(bytes, end, length)) {
            return Optional.empty();
        }
        boolean dnssec = edns && (bytes[end + 7] & 0x80) != 0;
        int said = edns ? number(bytes, end + 3) : DnsLimits.PLAIN_BYTES;
        return Optional.of(
                new Query(
                        Arrays.copyOf(bytes, length),
                        end,
                        lower(bytes, end),
                        datagram
                                ? Math.clamp(
                                        said, DnsLimits.PLAIN_BYTES, DnsLimits.DATAGRAM_BYTES)
                                : DnsLimits.MESSAGE_BYTES,
                        edns,
                        dnssec));
    }

    /** Behind the name of the question, -1 if it is not one. */
    private static int nameEnd(byte[] bytes, int length) {
        int at = HEADER;
        while (at < length && at - HEADER < LONGEST_NAME) {
            int label = bytes[at] & 0xff;
            if (label == 0) {
                return at + 1;
            }
            if (label > LONGEST_LABEL) {
                return -1;
            }
            at += 1 + label;
        }
        return -1;
    }

    private static boolean isOpt(byte[] bytes, int at, int length) {
        return at + OPT_BYTES <= length
                && bytes[at] == 0
                && number(bytes, at + 1) == OPT
                && bytes[at + 6] == 0;
    }

    /** Only letters of ASCII have a case; lengths of labels lie below them, types are kept. */
    private static String lower(byte[] bytes, int end) {
        byte[] lower = Arrays.copyOfRange(bytes, HEADER, end);
        for (int i = 0; i < lower.length - 4; i++) {
            if (lower[i] >= 'A' && lower[i] <= 'Z') {
                lower[i] = (byte) (lower[i] + ('a' - 'A'));
            }
        }
        return new String(lower, StandardCharsets.ISO_8859_1);
    }

    static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    /** Where a ready answer to it is found. */
    String key() {
        return question + (edns ? 'e' : '-') + (char) limit;
    }

    int type() {
        return number(message, end - 4);
    }

    int dclass() {
        return number(message, end - 2);
    }

    /** The same answer, made one to this very question: its number, and its name as written. */
    byte[] addressed(byte[] answer) {
        byte[] bytes = answer.clone();
        bytes[0] = message[0];
        bytes[1] = message[1];
        bytes[2] = (byte) ((bytes[2] & ~1) | (message[2] & 1));
        System.arraycopy(message, HEADER, bytes, HEADER, end - HEADER);
        return bytes;
    }
}
