package dev.shiplog.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The decoded parameters of a URL.
 *
 * @param parameters each name's values in the order in which they were sent
 */
public record Query(SortedMap<String, List<String>> parameters) {
    public static final Query EMPTY = new Query(new TreeMap<>());

    public Query {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /**
     * Reads what stands after the question mark.
     *
     * @throws ApiFailure 400 if an escape is broken
     */
    public static Query parse(String raw) {
        if (raw.isEmpty()) {
            return EMPTY;
        }
        SortedMap<String, List<String>> parameters = new TreeMap<>();
        for (String part : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decode(part.substring(equals + 1));
            if (!name.isEmpty()) {
                parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return new Query(parameters);
    }

    /** The first value of a parameter; empty if it is absent or has none. */
    public Optional<String> first(String name) {
        List<String> values = parameters.get(name);
        return values == null || values.getFirst().isEmpty()
                ? Optional.empty()
                : Optional.of(values.getFirst());
    }

    /** As {@code strconv.ParseBool}: absent means false, {@code 1} and {@code true} mean true. */
    public boolean flag(String name) {
        List<String> values = parameters.get(name);
        if (values == null) {
            return false;
        }
        return switch (values.getFirst()) {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            default -> false;
        };
    }

    /**
     * A whole number.
     *
     * @throws ApiFailure 400 if it is none
     */
    public OptionalLong number(String name) {
        Optional<String> text = first(name);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            throw new ApiFailure(
                    Status.badRequest(
                            "expected a whole number for parameter "
                                    + name
                                    + ", found \""
                                    + text.get()
                                    + "\""),
                    e);
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("expected percent-encoded text, found \"" + text + "\""), e);
        }
    }
}
