package dev.shiplog.api.patch;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The four languages in which Kubernetes takes a change. */
public enum PatchType {
    /** RFC 6902. */
    JSON_PATCH("application/json-patch+json"),
    /** RFC 7386. */
    MERGE_PATCH("application/merge-patch+json"),
    /** A merge patch that knows the keys of lists. */
    STRATEGIC_MERGE_PATCH("application/strategic-merge-patch+json"),
    /** Server-side apply. */
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    PatchType(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /**
     * The language that a {@code Content-Type} header names.
     *
     * @throws ApiFailure 415 if it names none of them
     */
    public static PatchType of(String contentType) {
        String plain = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(type -> type.mediaType.equals(plain))
                .findFirst()
                .orElseThrow(() -> new ApiFailure(unsupported()));
    }

    /**
     * As {@link #of}, where nobody keeps which fields who applied.
     *
     * @param what such as {@code an Event}
     * @throws ApiFailure 415 if the header names none of them, or a server-side apply
     */
    public static PatchType withoutApply(String contentType, String what) {
        PatchType type = of(contentType);
        if (type == APPLY) {
            throw new ApiFailure(
                    Status.of(
                            415,
                            "UnsupportedMediaType",
                            "expected a patch of "
                                    + what
                                    + ", found a server-side apply; send "
                                    + MERGE_PATCH.mediaType()));
        }
        return type;
    }

    private static Status unsupported() {
        return Status.of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + Arrays.stream(values())
                                .map(PatchType::mediaType)
                                .collect(Collectors.joining(", ")));
    }
}
