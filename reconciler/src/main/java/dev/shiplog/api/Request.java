package dev.shiplog.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** One HTTP request, whoever speaks HTTP. */
public interface Request {
    /** In upper case, such as {@code GET}. */
    String method();

    /** The path as it was sent, still percent-encoded; begins with a slash. */
    String rawPath();

    Query query();

    /** The first value of a header, whatever the case of its name. */
    Optional<String> header(String name);

    /** Who asks. */
    Identity identity();

    /** Every value of a header that may be sent more than once, whatever the case of its name. */
    default List<String> headers(String name) {
        return header(name).stream().toList();
    }

    /** The address that the request came from, without the port; empty if it is not known. */
    default String remote() {
        return "";
    }

    /** An id of this request: the one that the client sent, or a fresh one. */
    String id();

    /** The body, unzipped if it came zipped. Read at most once. */
    InputStream body() throws IOException;

    /**
     * The whole body, unzipped if it came zipped.
     *
     * @throws ApiFailure 413 if it is longer than {@code maxBytes}
     */
    default byte[] body(int maxBytes) throws IOException {
        byte[] bytes = body().readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new ApiFailure(
                    Status.of(
                            413,
                            "RequestEntityTooLarge",
                            "Request entity too large: limit is " + maxBytes));
        }
        return bytes;
    }
}
