package dev.shiplog.cli;

import dev.shiplog.boot.Host;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as people write it: {@code 4g}, {@code 4096mb}, {@code 4Gi}; a plain number
 * is mebibytes. All units are powers of 1024. {@code max} is no limit.
 *
 * @param bytes empty for no limit
 */
record MemorySize(OptionalLong bytes) {
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*([kmgt]?)(?:b|i|ib)?");

    private static final String MAXIMUM = "max";
    private static final long KIBI = 1024;
    private static final long LEAST_BYTES = 128 * KIBI * KIBI;

    static MemorySize parse(String text, long installedBytes) {
        String folded = text.strip().toLowerCase(Locale.ROOT);
        if (folded.equals(MAXIMUM)) {
            return new MemorySize(OptionalLong.empty());
        }
        Matcher matcher = TEXT.matcher(folded);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected an amount of memory such as 4g, 4096mb, 4Gi or max, found \""
                            + text
                            + "\"");
        }
        long unit =
                switch (matcher.group(2)) {
                    case "k" -> KIBI;
                    case "g" -> KIBI * KIBI * KIBI;
                    case "t" -> KIBI * KIBI * KIBI * KIBI;
                    default -> KIBI * KIBI;
                };
        long bytes = (long) (Double.parseDouble(matcher.group(1)) * unit);
        if (bytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "expected at least "
                            + shown(LEAST_BYTES)
                            + ", found \""
                            + text
                            + "\", which is "
                            + shown(bytes));
        }
        if (bytes > installedBytes) {
            throw new IllegalArgumentException(
                    "expected at most what this machine has, "
                            + shown(installedBytes)
                            + ", found \""
                            + text
                            + "\", which is "
                            + shown(bytes)
                            + "; max takes all of it");
        }
        return new MemorySize(OptionalLong.of(bytes));
    }

    private static String shown(long bytes) {
        double mebibytes = bytes / (double) (KIBI * KIBI);
        return mebibytes < KIBI
                ? String.format(Locale.ROOT, "%.0f MiB", mebibytes)
                : String.format(Locale.ROOT, "%.1f GiB", mebibytes / KIBI);
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<MemorySize> {
        @Override
        public MemorySize convert(String text) {
            try {
                return parse(text, Host.memoryBytes());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
