package dev.shiplog.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how long something lives: {@code 90s}, {@code 30m}, {@code 24h}, {@code 7d}. */
final class Life implements ITypeConverter<Duration> {
    private static final Pattern LIFE = Pattern.compile("(\\d{1,7})(s|m|h|d)");

    @Override
    public Duration convert(String text) {
        Matcher parts = LIFE.matcher(text.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new TypeConversionException(
                    "expected a time such as 90s, 30m, 24h or 7d, found \"" + text + "\"");
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
