package dev.shiplog.state;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * One observation about a resource, and how it is served: as a core/v1 Event, counted when it
 * repeats.
 */
record Note(
        ResourceKey key,
        ResourceKey about,
        String aboutApiVersion,
        Uid uid,
        boolean warning,
        String reason,
        String message,
        String component,
        String node) {

    Resource render(@Nullable Resource before, Position position, Instant time) {
        String now = time.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode body =
                before == null ? JsonNodeFactory.instance.objectNode() : before.body().toObject();
        int count = body.path("count").asInt(0) + 1;
        if (before == null) {
            ObjectNode object = body.putObject("involvedObject");
            object.put("apiVersion", aboutApiVersion);
            object.put("kind", about.kind().kind());
            object.put("name", about.name());
            if (!about.namespace().isEmpty()) {
                object.put("namespace", about.namespace());
            }
            object.put("uid", uid.value());
            body.put("type", warning ? "Warning" : "Normal");
            body.put("reason", reason);
            body.put("message", message);
            ObjectNode source = body.putObject("source");
            source.put("component", component);
            if (!node.isEmpty()) {
                source.put("host", node);
            }
            body.put("reportingComponent", component);
            body.put("reportingInstance", node);
            body.put("firstTimestamp", now);
        }
        body.put("lastTimestamp", now);
        body.put("count", count);
        Metadata metadata =
                before != null
                        ? before.metadata()
                        : new Metadata(
                                new Uid(key.name()),
                                0,
                                time,
                                Collections.emptySortedMap(),
                                Collections.emptySortedMap(),
                                List.of(),
                                List.of(),
                                Optional.empty());
        return new Resource(key, "v1", metadata, Json.of(body), Json.EMPTY, position);
    }
}
