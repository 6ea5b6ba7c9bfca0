package dev.shiplog.journal.axon;

import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.StoredEvent;

import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.eventhandling.EventMessage;

/** How Axon's messages become entries of the log, and back. */
public interface MessageMapping {
    NewEvent toEvent(TaggedEventMessage<?> message);

    EventMessage toMessage(StoredEvent event);
}
