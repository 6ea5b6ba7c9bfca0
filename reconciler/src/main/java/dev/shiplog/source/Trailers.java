package dev.shiplog.source;

import dev.shiplog.command.SourceCommand.Removal;
import dev.shiplog.resource.Propagation;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The lines {@code Key: value} at the end of a commit's message, as git-interpret-trailers has it.
 */
public final class Trailers {
    /** Says that deleting most of a source is meant: {@code true}. */
    public static final String ALLOW_DELETE = "Shiplog-Allow-Delete";

    /**
     * What becomes of the dependents of what the commit withdraws: {@code background}, {@code
     * foreground} or {@code orphan}.
     */
    public static final String CASCADE = "Shiplog-Cascade";

    /** The grace period of the pods that the commit withdraws, in seconds. */
    public static final String GRACE_SECONDS = "Shiplog-Grace-Seconds";

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private Trailers() {}

    /** Whether the message says that deleting most of the source is meant. */
    public static boolean allowMassDeletion(String message) {
        return value(message, ALLOW_DELETE).filter(v -> v.equalsIgnoreCase("true")).isPresent();
    }

    /** How what the commit withdraws is deleted. What is not understood counts as not said. */
    public static Removal removal(String message) {
        Propagation propagation =
                switch (value(message, CASCADE).orElse("").toLowerCase(Locale.ROOT)) {
                    case "orphan" -> Propagation.ORPHAN;
                    case "foreground" -> Propagation.FOREGROUND;
                    default -> Propagation.BACKGROUND;
                };
        OptionalLong grace =
                value(message, GRACE_SECONDS)
                        .filter(text -> SECONDS.matcher(text).matches())
                        .map(text -> OptionalLong.of(Long.parseLong(text)))
                        .orElse(OptionalLong.empty());
        return new Removal(grace, propagation);
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
            if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase(key)) {
                found = Optional.of(line.substring(colon + 1).strip());
            }
        }
        return found;
    }
}
