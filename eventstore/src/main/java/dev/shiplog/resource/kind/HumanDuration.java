package dev.shiplog.resource.kind;

import java.time.Duration;

/**
 * A length of time as kubectl prints ages: two or three digits' precision, {@code 42s}, {@code
 * 5m10s}, {@code 3h}, {@code 2d4h} (k8s.io/apimachinery, duration.HumanDuration).
 */
final class HumanDuration {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long YEAR = 365 * DAY;

    private HumanDuration() {}

    static String of(Duration duration) {
        // Whole seconds, cut off towards zero: clocks may differ by a moment.
        long seconds = duration.toMillis() / 1000;
        if (seconds < -1) {
            return "<invalid>";
        } else if (seconds < 0) {
            return "0s";
        } else if (seconds < 2 * MINUTE) {
            return seconds + "s";
        } else if (seconds < 10 * MINUTE) {
            return two(seconds, MINUTE, "m", 1, "s");
        } else if (seconds < 3 * HOUR) {
            return seconds / MINUTE + "m";
        } else if (seconds < 8 * HOUR) {
            return two(seconds, HOUR, "h", MINUTE, "m");
        } else if (seconds < 2 * DAY) {
            return seconds / HOUR + "h";
        } else if (seconds < 8 * DAY) {
            return two(seconds, DAY, "d", HOUR, "h");
        } else if (seconds < 2 * YEAR) {
            return seconds / DAY + "d";
        } else if (seconds < 8 * YEAR) {
            return two(seconds, YEAR, "y", DAY, "d");
        }
        return seconds / YEAR + "y";
    }

    private static String two(
            long seconds, long large, String largeUnit, long small, String smallUnit) {
        long rest = seconds % large / small;
        String text = seconds / large + largeUnit;
        return rest == 0 ? text : text + rest + smallUnit;
    }
}
