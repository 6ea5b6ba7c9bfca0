package dev.shiplog.journal.axon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Json;

import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;

import java.util.Map;
import java.util.TreeMap;

/** Messages with a text as payload and metadata of any kind, as Axon's suite sends them. */
final class PlainMessages implements MessageMapping {
    @Override
    public NewEvent toEvent(TaggedEventMessage<?> tagged) {
        EventMessage message = tagged.event();
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        payload.put("text", String.valueOf(message.payload()));
        payload.put("version", message.type().version());
        message.metadata().forEach(payload.putObject("metadata")::put);
        return new NewEvent(
                message.identifier(),
                message.type().name(),
                1,
                message.timestamp(),
                Origin.request("system:test", "test"),
                tagged.tags().stream().map(Criteria::ours).sorted().toList(),
                Json.of(payload).bytes());
    }

    @Override
    public EventMessage toMessage(StoredEvent stored) {
        NewEvent event = stored.event();
        JsonNode payload = Json.canonical(event.payload()).toNode();
        Map<String, String> metadata = new TreeMap<>();
        payload.path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        return new GenericEventMessage(
                event.id(),
                new MessageType(event.type(), payload.path("version").asText()),
                payload.path("text").asText(),
                metadata,
                event.time());
    }
}
