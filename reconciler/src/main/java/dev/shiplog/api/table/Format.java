package dev.shiplog.api.table;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The form in which resources are asked for, chosen by the {@code Accept} header.
 *
 * @param shape whole objects, a table, or metadata
 * @param metaVersion the version of {@code meta.k8s.io} for tables and metadata
 * @param included what each table row carries of its object
 */
public record Format(Shape shape, String metaVersion, Included included) {
    private static final Format WHOLE = new Format(Shape.WHOLE, "v1", Included.METADATA);

    /** Whole objects, a table, or metadata. */
    public enum Shape {
        WHOLE,
        TABLE,
        METADATA
    }

    /** What each table row carries of its object: parameter {@code includeObject}. */
    public enum Included {
        NONE,
        METADATA,
        OBJECT
    }

    /**
     * The first form in the request's order of preference that is served.
     *
     * @throws ApiFailure 406 if none is
     */
    public static Format of(Request request) {
        Optional<String> accept = request.header("Accept").filter(value -> !value.isBlank());
        if (accept.isEmpty()) {
            return WHOLE;
        }
        for (String range : accept.get().split(",", -1)) {
            Optional<Format> format = served(range, request);
            if (format.isPresent()) {
                return format.get();
            }
        }
        throw new ApiFailure(
                Status.of(
                        406,
                        "NotAcceptable",
                        "only the following media types are accepted: application/json,"
                                + " application/json;stream=watch"));
    }

    private static Optional<Format> served(String range, Request request) {
        String[] parts = range.strip().split(";", -1);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("application/json")
                && !type.equals("*/*")
                && !type.equals("application/*")) {
            return Optional.empty();
        }
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parts[i].substring(0, equals).strip(),
                        parts[i].substring(equals + 1).strip());
            }
        }
        String as = parameters.getOrDefault("as", "");
        if (as.isEmpty()) {
            return Optional.of(WHOLE);
        }
        String version = parameters.getOrDefault("v", "v1");
        if (!parameters.getOrDefault("g", "meta.k8s.io").equals("meta.k8s.io")
                || !(version.equals("v1") || version.equals("v1beta1"))) {
            return Optional.empty();
        }
        return switch (as) {
            case "Table" -> Optional.of(new Format(Shape.TABLE, version, included(request)));
            case "PartialObjectMetadata", "PartialObjectMetadataList" ->
                    Optional.of(new Format(Shape.METADATA, version, Included.METADATA));
            default -> Optional.empty();
        };
    }

    private static Included included(Request request) {
        return switch (request.query().first("includeObject").orElse("Metadata")) {
            case "None" -> Included.NONE;
            case "Object" -> Included.OBJECT;
            default -> Included.METADATA;
        };
    }
}
