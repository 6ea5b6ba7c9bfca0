package dev.shiplog.resource;

import java.util.Optional;
import java.util.regex.Pattern;

/** IPv4 addresses as numbers of 32 bits, and as texts in their only spelling: no leading zeros. */
public final class Ipv4 {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

    private Ipv4() {}

    /** Whether a text is an address. */
    public static boolean is(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** The number of an address; empty if the text is none. */
    public static Optional<Integer> number(String text) {
        if (!is(text)) {
            return Optional.empty();
        }
        int number = 0;
        for (String part : text.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return Optional.of(number);
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
