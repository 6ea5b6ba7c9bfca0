package dev.shiplog.resource;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of things, or a share of them: Kubernetes' IntOrString with a percentage.
 *
 * @param amount how many, or how many of a hundred; not negative
 * @param percent whether it is a share
 */
public record IntOrPercent(long amount, boolean percent) {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,9})%");

    /** Reads a number or a text such as {@code 25%}; what is neither has no amount. */
    public static OptionalLong amount(JsonNode value) {
        if (value.isTextual()) {
            Matcher percent = PERCENT.matcher(value.textValue());
            return percent.matches()
                    ? OptionalLong.of(Long.parseLong(percent.group(1)))
                    : OptionalLong.empty();
        }
        return value.longValue() < 0 ? OptionalLong.empty() : OptionalLong.of(value.longValue());
    }

    /**
     * @param value valid
     */
    public static IntOrPercent of(JsonNode value) {
        return new IntOrPercent(amount(value).orElse(0), value.isTextual());
    }

    /** How many of a total that is. */
    public int of(int total, boolean roundUp) {
        if (!percent) {
            return (int) amount;
        }
        long hundredths = amount * total;
        return (int) (roundUp ? Math.ceilDiv(hundredths, 100L) : hundredths / 100);
    }
}
