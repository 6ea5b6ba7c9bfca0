package dev.shiplog.state;

import dev.shiplog.event.AccessEvent;
import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Turns what happened into what {@code kubectl describe} shows under Events. Kubernetes' Events are
 * a view of the log: a binding is the Scheduled event, a dependent's creation is its owner's
 * SuccessfulCreate; nothing is written twice.
 */
final class NoteBook {
    /** How long an Event is served after it was last seen, as Kubernetes' default. */
    static final Duration KEPT = Duration.ofHours(1);

    private NoteBook() {}

    static Optional<Note> noteFor(Event event, Function<ResourceKey, @Nullable Resource> live) {
        return switch (event) {
            case ResourceEvent.Noted e ->
                    Optional.of(
                            note(
                                    e.key(),
                                    apiVersion(live, e.key()),
                                    e.uid(),
                                    e.warning(),
                                    e.reason(),
                                    e.message(),
                                    e.component(),
                                    e.node()));
            case ResourceEvent.ResourceCreated e ->
                    e.owners().stream()
                            .filter(OwnerReference::controller)
                            .findFirst()
                            .filter(_ -> e.key().kind().equals(GroupKind.POD))
                            .map(owner ->
                                    ownerNote(
                                            owner,
                                            e.key(),
                                            "SuccessfulCreate",
                                            "Created pod: " + e.key().name()));
            case ResourceEvent.DeletionRequested e -> deletionNote(e, live);
            case SchedulerEvent.PodBound e ->
                    Optional.of(
                            note(
                                    e.pod(),
                                    "v1",
                                    e.uid(),
                                    false,
                                    "Scheduled",
                                    "Successfully assigned "
                                            + e.pod().namespace()
                                            + "/"
                                            + e.pod().name()
                                            + " to "
                                            + e.node(),
                                    e.scheduler(),
                                    ""));
            case SchedulerEvent.PodUnschedulable e ->
                    Optional.of(
                            note(
                                    e.pod(),
                                    "v1",
                                    e.uid(),
                                    true,
                                    "FailedScheduling",
                                    e.message(),
                                    e.scheduler(),
                                    ""));
            case SchedulerEvent.PodNominated _, SchedulerEvent.NominationWithdrawn _ ->
                    Optional.empty();
            case ResourceEvent.ReplicasScaled e -> scaled(e, live);
            case NodeEvent.NodeRegistered e ->
                    Optional.of(
                            note(
                                    ResourceKey.node(e.node()),
                                    "v1",
                                    e.uid(),
                                    false,
                                    "RegisteredNode",
                                    "Node " + e.node() + " is part of the cluster",
                                    "node-controller",
                                    ""));
            case ResourceEvent _, SourceEvent _, NodeEvent _, AccessEvent _ -> Optional.empty();
        };
    }

    private static Optional<Note> scaled(
            ResourceEvent.ReplicasScaled e, Function<ResourceKey, @Nullable Resource> live) {
        Resource autoscaler = live.apply(e.by());
        return autoscaler == null
                ? Optional.empty()
                : Optional.of(
                        note(
                                e.by(),
                                autoscaler.apiVersion(),
                                autoscaler.uid(),
                                false,
                                "SuccessfulRescale",
                                "New size: " + e.replicas() + "; reason: " + e.reason(),
                                Tags.AUTOSCALER,
                                ""));
    }

    private static Optional<Note> deletionNote(
            ResourceEvent.DeletionRequested e, Function<ResourceKey, @Nullable Resource> live) {
        Resource resource = live.apply(e.key());
        if (resource == null || !e.key().kind().equals(GroupKind.POD)) {
            return Optional.empty();
        }
        return resource.metadata()
                .controller()
                .map(owner ->
                        ownerNote(
                                owner,
                                e.key(),
                                "SuccessfulDelete",
                                "Deleted pod: " + e.key().name()));
    }

    private static Note ownerNote(
            OwnerReference owner, ResourceKey dependent, String reason, String message) {
        ResourceKey about = new ResourceKey(owner.groupKind(), dependent.namespace(), owner.name());
        return note(
                about,
                owner.apiVersion(),
                owner.uid(),
                false,
                reason,
                message,
                owner.kind().toLowerCase(java.util.Locale.ROOT) + "-controller",
                "");
    }

    private static Note note(
            ResourceKey about,
            String apiVersion,
            Uid uid,
            boolean warning,
            String reason,
            String message,
            String component,
            String node) {
        String identity =
                String.join("\n", about.toString(), uid.value(), reason, message, component, node);
        String suffix =
                UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .replace("-", "")
                        .substring(0, 16);
        String namespace = about.namespace().isEmpty() ? "default" : about.namespace();
        ResourceKey key = new ResourceKey(GroupKind.EVENT, namespace, about.name() + "." + suffix);
        return new Note(key, about, apiVersion, uid, warning, reason, message, component, node);
    }

    private static String apiVersion(
            Function<ResourceKey, @Nullable Resource> live, ResourceKey key) {
        Resource resource = live.apply(key);
        return resource == null ? "v1" : resource.apiVersion();
    }
}
