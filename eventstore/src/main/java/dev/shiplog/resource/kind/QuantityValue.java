package dev.shiplog.resource.kind;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of a resource as Kubernetes counts it (k8s.io/apimachinery, resource.Quantity): a
 * decimal number with a suffix. Its text is canonical: no fraction, the largest suffix that fits.
 *
 * @param amount in units: cores, bytes; to a billionth, rounded up
 * @param format which family of suffixes it is written with
 */
public record QuantityValue(BigDecimal amount, Format format) implements Comparable<QuantityValue> {
    /** What Kubernetes says of a text that is no quantity. */
    static final String SYNTAX =
            "quantities must match the regular expression"
                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    /** Families of suffixes. */
    public enum Format {
        /** k, M, G: powers of 1000; m, u, n below one. */
        DECIMAL,
        /** Ki, Mi, Gi: powers of 1024. */
        BINARY,
        /** e3, e6: powers of ten in threes. */
        EXPONENT
    }

    private static final Pattern TEXT =
            Pattern.compile(
                    "([-+]?(?:[0-9]{1,30}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30}))(|[numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]{1,2})");
    private static final List<String> DECIMALS =
            List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final int DECIMAL_ONE = 3;
    private static final List<String> BINARIES = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    /** Digits after the point: a billionth. */
    private static final int SCALE = 9;

    public static Optional<QuantityValue> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        String suffix = matcher.group(2);
        if (DECIMALS.contains(suffix)) {
            int power = 3 * (DECIMALS.indexOf(suffix) - DECIMAL_ONE);
            return Optional.of(of(number.scaleByPowerOfTen(power), Format.DECIMAL));
        }
        if (BINARIES.contains(suffix)) {
            return Optional.of(
                    of(number.multiply(KIBI.pow(BINARIES.indexOf(suffix))), Format.BINARY));
        }
        int power = Integer.parseInt(suffix.substring(1));
        return Optional.of(of(number.scaleByPowerOfTen(power), Format.EXPONENT));
    }

    private static QuantityValue of(BigDecimal amount, Format format) {
        return new QuantityValue(amount.setScale(SCALE, RoundingMode.UP), format);
    }

    boolean isNegative() {
        return amount.signum() < 0;
    }

    @Override
    public int compareTo(QuantityValue other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public String toString() {
        if (amount.signum() == 0) {
            return "0";
        }
        boolean fraction = amount.stripTrailingZeros().scale() > 0;
        if (format == Format.BINARY && !fraction && amount.abs().compareTo(KIBI) >= 0) {
            return binary(amount.toBigIntegerExact());
        }
        return decimal();
    }

    private String binary(BigInteger value) {
        int power = 0;
        BigInteger left = value;
        while (power < BINARIES.size() - 1
                && left.testBit(0) == false
                && left.mod(KIBI.toBigInteger()).signum() == 0) {
            left = left.shiftRight(10);
            power++;
        }
        return left + BINARIES.get(power);
    }

    private String decimal() {
        BigInteger left = amount.movePointRight(SCALE).toBigIntegerExact();
        int power = 0;
        BigInteger thousand = BigInteger.valueOf(1000);
        while (power < DECIMALS.size() - 1 && left.mod(thousand).signum() == 0) {
            left = left.divide(thousand);
            power++;
        }
        int exponent = 3 * (power - DECIMAL_ONE);
        if (format == Format.EXPONENT) {
            return exponent == 0 ? left.toString() : left + "e" + exponent;
        }
        return left + DECIMALS.get(power);
    }
}
