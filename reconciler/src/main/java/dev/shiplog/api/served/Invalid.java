package dev.shiplog.api.served;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Finding;

import java.util.List;
import java.util.stream.Collectors;

/** Findings as the failure 422, in Kubernetes' words and with its causes. */
public final class Invalid {
    private Invalid() {}

    /** Of a resource that is served. */
    public static ApiFailure failure(ServedResource served, String name, List<Finding> findings) {
        return failure(served.group(), served.kindName(), name, findings);
    }

    /**
     * Of anything else that a client may send.
     *
     * @param name empty if it has none yet
     */
    public static ApiFailure failure(
            String group, String kind, String name, List<Finding> findings) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", kind);
        ArrayNode causes = details.putArray("causes");
        for (Finding finding : findings) {
            String message = withoutPath(finding);
            causes.addObject()
                    .put("reason", reason(message))
                    .put("message", message)
                    .put("field", finding.path().toString());
        }
        return new ApiFailure(
                Status.invalid(
                        Status.qualified(group, kind), name, listed(findings), Json.of(details)));
    }

    private static String listed(List<Finding> findings) {
        List<String> messages = findings.stream().map(Finding::message).distinct().toList();
        return messages.size() == 1
                ? messages.getFirst()
                : messages.stream().collect(Collectors.joining(", ", "[", "]"));
    }

    private static String withoutPath(Finding finding) {
        String message = finding.message();
        String path = finding.path() + ": ";
        return message.startsWith(path) ? message.substring(path.length()) : message;
    }

    /** {@code field.ErrorType} by the words with which its errors begin. */
    private static String reason(String message) {
        String type = message.split(":", 2)[0];
        return switch (type) {
            case "Required value" -> "FieldValueRequired";
            case "Duplicate value" -> "FieldValueDuplicate";
            case "Forbidden" -> "FieldValueForbidden";
            case "Unsupported value" -> "FieldValueNotSupported";
            case "Not found" -> "FieldValueNotFound";
            case "Too long" -> "FieldValueTooLong";
            case "Too many" -> "FieldValueTooMany";
            default -> "FieldValueInvalid";
        };
    }
}
