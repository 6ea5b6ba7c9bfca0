package dev.shiplog.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.audit.Narrative;
import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.FurtherCauses;
import dev.shiplog.journal.HashChain;
import dev.shiplog.resource.Json;

/** An event as {@code -o json} prints it: one object a line, so that {@code jq} can follow. */
final class EventJson {
    private EventJson() {}

    static ObjectNode of(Recorded recorded) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("position", recorded.position().value());
        node.put("time", recorded.time().toString());
        node.put("actor", recorded.origin().actor());
        node.put("type", recorded.event().getClass().getSimpleName());
        node.put("object", Narrative.subject(recorded.event()));
        node.put("what", Narrative.sentence(recorded.event()));
        long cause = HashChain.causePosition(recorded.origin().cause());
        if (cause > 0) {
            node.put("cause", cause);
        }
        FurtherCauses further = recorded.origin().further();
        if (!further.isEmpty()) {
            ArrayNode named = node.putArray("furtherCauses");
            further.named().forEach(position -> named.add(position.value()));
            node.put("furtherCausesUnnamed", further.unnamed());
        }
        node.put("correlation", recorded.origin().correlation());
        recorded.origin().commit().ifPresent(commit -> node.put("commit", commit.value()));
        node.set("event", Json.canonical(EventCodec.STANDARD.encode(recorded.event())).toNode());
        return node;
    }
}
