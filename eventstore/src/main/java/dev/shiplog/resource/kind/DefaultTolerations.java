package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.util.List;

/**
 * How long a pod that says nothing of it puts up with a node that is not ready, or out of reach:
 * what Kubernetes' admission plug-in {@code DefaultTolerationSeconds} fills in.
 */
public final class DefaultTolerations {
    public static final String NOT_READY = "node.kubernetes.io/not-ready";
    public static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    public static final int SECONDS = 300;

    private static final String NO_EXECUTE = "NoExecute";

    private DefaultTolerations() {}

    /** Fills them into a pod's {@code spec}, in place. Doing it twice is doing it once. */
    public static void set(ObjectNode spec) {
        for (String key : List.of(NOT_READY, UNREACHABLE)) {
            if (!tolerates(spec.path("tolerations"), key)) {
                spec.withArrayProperty("tolerations").add(toleration(key));
            }
        }
    }

    private static ObjectNode toleration(String key) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("effect", NO_EXECUTE)
                .put("key", key)
                .put("operator", "Exists")
                .put("tolerationSeconds", SECONDS);
    }

    /** Whether a toleration is one of them, word for word. */
    public static boolean given(JsonNode toleration) {
        return toleration.equals(toleration(NOT_READY))
                || toleration.equals(toleration(UNREACHABLE));
    }

    /** A pod's body with them. */
    public static Json in(Json body) {
        JsonNode tolerations = body.toNode().path("spec").path("tolerations");
        if (tolerates(tolerations, NOT_READY) && tolerates(tolerations, UNREACHABLE)) {
            return body;
        }
        ObjectNode root = body.toObject();
        set(root.withObjectProperty("spec"));
        return Json.of(root);
    }

    private static boolean tolerates(JsonNode tolerations, String key) {
        for (JsonNode toleration : tolerations) {
            String said = toleration.path("key").asText();
            String effect = toleration.path("effect").asText();
            if ((said.isEmpty() || said.equals(key))
                    && (effect.isEmpty() || effect.equals(NO_EXECUTE))) {
                return true;
            }
        }
        return false;
    }
}
