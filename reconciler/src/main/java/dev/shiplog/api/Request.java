package dev.shiplog.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** One HTTP request, whoever speaks HTTP. */
public interface Request {
    /** Of a body that is too long, so much is read and thrown away before the refusal. */
    long MAX_DISCARDED_BYTES = 16L << 20;

    /** In upper case, such as {@code GET}. */
    String method();

    /** The path as it was sent, still percent-encoded; begins with a slash. */
    String rawPath();

    Query query();

    /** The first value of a header, whatever the case of its name. */
    Optional<String> header(String name);

    /** Every header with all its values, for who passes them on; empty if none are known. */
    default SortedMap<String, List<String>> allHeaders() {
        return Collections.emptySortedMap();
    }

    /** Whether there is a header whose name begins so, whatever the case. */
    default boolean anyHeader(String prefix) {
        return allHeaders().keySet().stream()
                .anyMatch(name -> name.regionMatches(true, 0, prefix, 0, prefix.length()));
    }

    /** What stands after the question mark, still percent-encoded; empty for nothing. */
    default String rawQuery() {
        return "";
    }

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
     * @throws ApiFailure 413 if it is longer than {@code maxBytes}, 429 if too much is held for
     *     others at the time
     */
    default byte[] body(int maxBytes) throws IOException {
        InputStream in = body();
        try {
            byte[] bytes = kept(in).readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new ApiFailure(
                        Status.of(
                                413,
                                "RequestEntityTooLarge",
                                "Request entity too large: limit is " + maxBytes));
            }
            return bytes;
        } catch (ApiFailure e) {
            // A client hears an answer only once it has sent what it began to send.
            byte[] scrap = new byte[16 << 10];
            long left = MAX_DISCARDED_BYTES;
            for (int n = in.read(scrap); n >= 0 && left > 0; n = in.read(scrap)) {
                left -= n;
            }
            throw e;
        }
    }

    /** The body as it is read by who keeps all of it until the request is answered. */
    default InputStream kept(InputStream body) {
        return body;
    }
}
