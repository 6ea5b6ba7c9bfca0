package dev.shiplog.source;

import java.util.Locale;
import java.util.Optional;

/**
 * The lines {@code Key: value} at the end of a commit's message, as git-interpret-trailers has it.
 */
final class Trailers {
    private static final String ALLOW_DELETE = "shiplog-allow-delete";

    private Trailers() {}

    /** Whether the message says that deleting most of the source is meant. */
    static boolean allowMassDeletion(String message) {
        return value(message, ALLOW_DELETE).filter(v -> v.equalsIgnoreCase("true")).isPresent();
    }

    /** The last value of a key in the last paragraph. The subject line is never a trailer. */
    private static Optional<String> value(String message, String key) {
        String text = message.strip().replace("\r\n", "\n");
        int paragraph = text.lastIndexOf("\n\n");
        if (paragraph < 0) {
            return Optional.empty();
        }
        Optional<String> found = Optional.empty();
        for (String line : text.substring(paragraph).split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals(key)) {
                found = Optional.of(line.substring(colon + 1).strip());
            }
        }
        return found;
    }
}
