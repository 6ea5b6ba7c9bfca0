package dev.shiplog.api.served;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

/** Events as {@code events.k8s.io/v1} names their fields; kept as core/v1 Events. */
final class EventsView {
    static final String API_VERSION = "events.k8s.io/v1";

    private static final String[][] RENAMED = {
        {"involvedObject", "regarding"},
        {"message", "note"},
        {"reportingComponent", "reportingController"},
        {"source", "deprecatedSource"},
        {"firstTimestamp", "deprecatedFirstTimestamp"},
        {"lastTimestamp", "deprecatedLastTimestamp"},
        {"count", "deprecatedCount"},
    };

    private EventsView() {}

    static Json document(Resource event) {
        ObjectNode root = event.document().toObject();
        root.put("apiVersion", API_VERSION);
        for (String[] pair : RENAMED) {
            JsonNode value = root.remove(pair[0]);
            if (value != null) {
                root.set(pair[1], value);
            }
        }
        root.putNull("eventTime");
        return Json.of(root);
    }

    /** Brings what {@link #document} makes, and clients send, back to core/v1. */
    static void store(ObjectNode document) {
        document.put("apiVersion", "v1");
        for (String[] pair : RENAMED) {
            JsonNode value = document.remove(pair[1]);
            if (value != null) {
                document.set(pair[0], value);
            }
        }
    }
}
