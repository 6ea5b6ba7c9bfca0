package dev.shiplog.resource;

import java.util.Optional;

/** IPv4 addresses as numbers of 32 bits, and as texts in their only spelling: no leading zeros. */
public final class Ipv4 {
    private static final int PARTS = 4;
    private static final int PART_MAX = 255;

    /** What {@link #parsed} gives for what is no address. */
    private static final long NONE = -1;

    private Ipv4() {}

    /** Whether a text is an address. */
    public static boolean is(String text) {
        return parsed(text) != NONE;
    }

    /** The number of an address; empty if the text is none. */
    public static Optional<Integer> number(String text) {
        long number = parsed(text);
        return number == NONE ? Optional.empty() : Optional.of((int) number);
    }

    /** By hand: every endpoint of every Service passes here. */
    private static long parsed(String text) {
        long number = 0;
        int at = 0;
        for (int part = 0; part < PARTS; part++) {
            if (part > 0) {
                if (at == text.length() || text.charAt(at) != '.') {
                    return NONE;
                }
                at++;
            }
            int begin = at;
            int value = 0;
            while (at < text.length() && isDigit(text.charAt(at)) && value <= PART_MAX) {
                value = value * 10 + text.charAt(at) - '0';
                at++;
            }
            boolean leadingZero = at - begin > 1 && text.charAt(begin) == '0';
            if (at == begin || value > PART_MAX || leadingZero) {
                return NONE;
            }
            number = number << 8 | value;
        }
        return at == text.length() ? number : NONE;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    /** The text of an address. */
    public static String text(int number) {
        return (number >>> 24)
                + "."
                + (number >>> 16 & 255)
                + "."
                + (number >>> 8 & 255)
                + "."
                + (number & 255);
    }
}
