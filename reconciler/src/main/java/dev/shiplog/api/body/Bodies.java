package dev.shiplog.api.body;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.resource.yaml.YamlBody;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Reads bodies by their {@code Content-Type}. */
public final class Bodies {
    /** Kubernetes' own limit for one request. */
    public static final int MAX_BYTES = 3 * 1024 * 1024;

    static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    private Bodies() {}

    /**
     * The object that a request carries.
     *
     * @throws ApiFailure 413 if it is too long, 415 if it is in a language that nobody here speaks,
     *     400 if it is broken or no object
     */
    public static Body read(Request request) throws IOException {
        return decode(mediaType(request), request.body(MAX_BYTES));
    }

    /** As {@link #read(Request)}, of at most so many bytes. */
    public static Body read(Request request, int maxBytes) throws IOException {
        return decode(mediaType(request), request.body(maxBytes));
    }

    /**
     * The options that a request may carry.
     *
     * @return an empty object if the body is empty
     */
    public static ObjectNode options(Request request) throws IOException {
        return options(mediaType(request), request.body(MAX_BYTES));
    }

    /** As {@link #options(Request)}; protobuf is known by its first bytes too. */
    public static ObjectNode options(String mediaType, byte[] bytes) {
        if (bytes.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        return decode(Envelope.begins(bytes) ? PROTOBUF : mediaType, bytes).document();
    }

    /**
     * The object in some bytes.
     *
     * @param mediaType without parameters, in lower case
     */
    public static Body decode(String mediaType, byte[] bytes) {
        try {
            return switch (mediaType) {
                case "", "*/*", "application/json" -> JsonText.read(bytes);
                case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml" ->
                        new Body(object(YamlBody.read(bytes)), List.of());
                case PROTOBUF -> new Body(Envelope.open(bytes), List.of());
                default -> throw new ApiFailure(unsupported());
            };
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("the body cannot be read: " + e.getMessage()), e);
        }
    }

    /**
     * Any JSON value, within the limits that bodies have.
     *
     * @throws IllegalArgumentException if it is none; the message says where
     */
    public static JsonNode tree(byte[] json) {
        return JsonText.tree(json);
    }

    static ObjectNode object(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(
                "expected an object, found " + node.getNodeType().name().toLowerCase(Locale.ROOT));
    }

    private static String mediaType(Request request) {
        return request.header("Content-Type")
                .orElse("")
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private static Status unsupported() {
        return Status.of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include:"
                        + " application/json, application/yaml, "
                        + PROTOBUF);
    }
}
