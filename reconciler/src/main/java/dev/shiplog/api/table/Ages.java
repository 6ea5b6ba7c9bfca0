package dev.shiplog.api.table;

import java.time.Duration;
import java.time.Instant;

/** Ages as kubectl prints them: {@code 5s}, {@code 3m20s}, {@code 47h}, {@code 12d}, {@code 2y}. */
final class Ages {
    private Ages() {}

    static String between(Instant since, Instant now) {
        long seconds = Math.max(0, Duration.between(since, now).toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (seconds < 120) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return minutes + "m" + orNothing(seconds % 60, "s");
        }
        if (hours < 3) {
            return minutes + "m";
        }
        if (hours < 8) {
            return hours + "h" + orNothing(minutes % 60, "m");
        }
        if (hours < 48) {
            return hours + "h";
        }
        if (days < 8) {
            return days + "d" + orNothing(hours % 24, "h");
        }
        if (days < 2 * 365) {
            return days + "d";
        }
        return days < 8 * 365 ? days / 365 + "y" + orNothing(days % 365, "d") : days / 365 + "y";
    }

    private static String orNothing(long amount, String unit) {
        return amount == 0 ? "" : amount + unit;
    }
}
