package dev.shiplog.controller;

import dev.shiplog.event.AccessEvent;
import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.resource.ResourceKey;

import java.util.Optional;

/** Which resource an event changes. */
public final class Subjects {
    private Subjects() {}

    /** The resource that the event changes; none for what only people read or nodes are told. */
    public static Optional<ResourceKey> of(Event event) {
        return switch (event) {
            case ResourceEvent.Noted _ -> Optional.empty();
            case ResourceEvent e -> Optional.of(e.key());
            case SchedulerEvent e -> Optional.of(e.pod());
            case NodeEvent.NodeRegistered e -> Optional.of(ResourceKey.node(e.node()));
            case NodeEvent.PodReported e -> Optional.of(e.pod());
            case NodeEvent.WorkOrdered _, NodeEvent.WorkAcknowledged _ -> Optional.empty();
            case SourceEvent _, AccessEvent _ -> Optional.empty();
        };
    }
}
