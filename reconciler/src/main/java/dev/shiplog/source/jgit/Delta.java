package dev.shiplog.source.jgit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Differences as Git stores them: what is copied from an older text and what is inserted
 * (git-scm.com/docs/gitformat-pack, "Deltified representation").
 */
final class Delta {
    private static final int MAX_INSERT = 127;

    /** Compared at once: long folders differ in one place. */
    private static final int BLOCK_BYTES = 512;

    private Delta() {}

    /**
     * What two texts begin and end with is copied, what stands between is inserted.
     *
     * @param to not empty: Git refuses a difference of less than four bytes
     */
    static byte[] between(byte[] from, byte[] to) {
        int limit = Math.min(from.length, to.length);
        int mismatch = Arrays.mismatch(from, to);
        int prefix = mismatch < 0 ? limit : Math.min(mismatch, limit);
        int suffix = commonEnd(from, to, limit - prefix);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        size(out, from.length);
        size(out, to.length);
        copy(out, 0, prefix);
        for (int at = prefix; at < to.length - suffix; ) {
            int n = Math.min(MAX_INSERT, to.length - suffix - at);
            out.write(n);
            out.write(to, at, n);
            at += n;
        }
        copy(out, from.length - suffix, suffix);
        return out.toByteArray();
    }

    /** How many bytes two texts have in common at their ends, at most so many. */
    static int commonEnd(byte[] from, byte[] to, int limit) {
        int common = 0;
        while (common + BLOCK_BYTES <= limit
                && Arrays.equals(
                        from,
                        from.length - common - BLOCK_BYTES,
                        from.length - common,
                        to,
                        to.length - common - BLOCK_BYTES,
                        to.length - common)) {
            common += BLOCK_BYTES;
        }
        while (common < limit && from[from.length - 1 - common] == to[to.length - 1 - common]) {
            common++;
        }
        return common;
    }

    private static void size(ByteArrayOutputStream out, int size) {
        int rest = size;
        while (rest > 0x7f) {
            out.write(0x80 | (rest & 0x7f));
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static void copy(ByteArrayOutputStream out, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            // A size of 0x10000 has a meaning of its own.
            int n = Math.min(left, 0xffff);
            int command = 0x80;
            byte[] arguments = new byte[7];
            int count = 0;
            for (int i = 0; i < 4; i++) {
                int value = (at >>> (8 * i)) & 0xff;
                if (value != 0) {
                    command |= 1 << i;
                    arguments[count++] = (byte) value;
                }
            }
            for (int i = 0; i < 3; i++) {
                int value = (n >>> (8 * i)) & 0xff;
                if (value != 0) {
                    command |= 0x10 << i;
                    arguments[count++] = (byte) value;
                }
            }
            out.write(command);
            out.write(arguments, 0, count);
            at += n;
            left -= n;
        }
    }
}
