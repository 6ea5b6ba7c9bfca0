package dev.shiplog.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A failure as Kubernetes words it: {@code meta/v1 Status}. kubectl prints {@code Error from server
 * (reason): message}.
 *
 * @param details as in the wire format; {@code {}} for none
 */
public record Status(int code, String reason, String message, Json details) {
    /** Of the details; said in a header too. */
    private static final String RETRY_MEMBER = "retryAfterSeconds";

    public static Status of(int code, String reason, String message) {
        return new Status(code, reason, message, Json.EMPTY);
    }

    public static Status badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    /** No such object. */
    public static Status notFound(String group, String plural, String name) {
        return new Status(
                404,
                "NotFound",
                qualified(group, plural) + " \"" + name + "\" not found",
                details(group, plural, name));
    }

    /** No such path. */
    public static Status noSuchPath() {
        return of(404, "NotFound", "the server could not find the requested resource");
    }

    public static Status methodNotAllowed() {
        return of(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource");
    }

    public static Status unauthorized() {
        return of(401, "Unauthorized", "Unauthorized");
    }

    /** A request that a guard forbids. */
    public static Status forbidden(String group, String plural, String name, String why) {
        return new Status(
                403,
                "Forbidden",
                qualified(group, plural)
                        + (name.isEmpty() ? "" : " \"" + name + "\"")
                        + " is forbidden: "
                        + why,
                details(group, plural, name));
    }

    public static Status conflict(String group, String plural, String name, String why) {
        return new Status(
                409,
                "Conflict",
                "Operation cannot be fulfilled on "
                        + qualified(group, plural)
                        + " \""
                        + name
                        + "\": "
                        + why,
                details(group, plural, name));
    }

    /**
     * Values that Kubernetes refuses.
     *
     * @param what the kind, with its group, such as {@code Deployment.apps}
     */
    public static Status invalid(String what, String name, String why) {
        return invalid(what, name, why, Json.EMPTY);
    }

    /** The same, with details as in the wire format. */
    public static Status invalid(String what, String name, String why, Json details) {
        return new Status(422, "Invalid", what + " \"" + name + "\" is invalid: " + why, details);
    }

    /** A position that is not available for reading or watching. */
    public static Status expired(String message) {
        return of(410, "Expired", message);
    }

    /** Too much is asked at a time; the client tries again after so many seconds. */
    public static Status tooManyRequests(String message, int retrySeconds) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put(RETRY_MEMBER, retrySeconds);
        return new Status(429, "TooManyRequests", message, Json.of(details));
    }

    public static Status internal(String message) {
        return of(500, "InternalError", "Internal error occurred: " + message);
    }

    /**
     * The answer that something was done which has no document of its own.
     *
     * @param details as in the wire format; {@code {}} for none
     */
    public static Reply.Whole success(int code, Json details) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("kind", "Status");
        root.put("apiVersion", "v1");
        root.putObject("metadata");
        root.put("status", "Success");
        if (!details.isEmpty()) {
            root.set("details", details.toNode());
        }
        if (code != 200) {
            root.put("code", code);
        }
        return Reply.json(code, Json.of(root).bytes());
    }

    /** The JSON document. */
    public Json json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("kind", "Status");
        root.put("apiVersion", "v1");
        root.putObject("metadata");
        root.put("status", "Failure");
        root.put("message", message);
        root.put("reason", reason);
        if (!details.isEmpty()) {
            root.set("details", details.toNode());
        }
        root.put("code", code);
        return Json.of(root);
    }

    public Reply reply() {
        Reply reply = Reply.json(code, json().bytes());
        if ((code != 429 && code != 503) || !(reply instanceof Reply.Whole whole)) {
            return reply;
        }
        String seconds = details.toNode().path(RETRY_MEMBER).asText();
        if (seconds.isEmpty()) {
            return reply;
        }
        SortedMap<String, String> headers = new TreeMap<>(whole.headers());
        headers.put("Retry-After", seconds);
        return new Reply.Whole(code, headers, whole.body());
    }

    /** {@code pods} in the core group, {@code deployments.apps} in another. */
    public static String qualified(String group, String plural) {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    public static Json details(String group, String plural, String name) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", plural);
        return Json.of(details);
    }
}
