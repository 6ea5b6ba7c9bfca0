package dev.shiplog.api.watch;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which resources a batch of events changed. Looks only at what the events are about. */
final class Changes {
    private static final String RESOURCE_TAG = "resource";

    private Changes() {}

    /**
     * The changes between two revisions, in the order of their versions.
     *
     * @param events exactly those between the two
     */
    static List<Change> between(ClusterState before, ClusterState after, List<Recorded> events) {
        Map<ResourceKey, Position> removed = new TreeMap<>();
        Map<ResourceKey, Position> touched = new TreeMap<>();
        for (Recorded recorded : events) {
            for (Tag tag : Tags.of(recorded.event())) {
                if (tag.name().equals(RESOURCE_TAG)) {
                    touched.put(ResourceKey.parse(tag.value()), recorded.position());
                }
            }
            if (recorded.event() instanceof ResourceEvent.ResourceRemoved gone) {
                removed.put(gone.key(), recorded.position());
            }
        }
        for (ResourceKey note : after.notesChangedSince(before)) {
            touched.putIfAbsent(note, after.position());
        }
        List<Change> changes = new ArrayList<>();
        touched.forEach((key, last) ->
                compare(
                        key,
                        before.resource(key),
                        after.resource(key),
                        removed.getOrDefault(key, last),
                        changes));
        changes.sort(Comparator.comparing(Change::version));
        return changes;
    }

    private static void compare(
            ResourceKey key,
            Optional<Resource> before,
            Optional<Resource> after,
            Position removedAt,
            List<Change> changes) {
        if (after.isEmpty()) {
            before.ifPresent(old -> changes.add(new Change(key, removedAt, old, null)));
            return;
        }
        Resource now = after.get();
        if (before.isEmpty()) {
            changes.add(new Change(key, now.version(), null, now));
        } else if (!before.get().uid().equals(now.uid())) {
            changes.add(new Change(key, removedAt, before.get(), null));
            changes.add(new Change(key, now.version(), null, now));
        } else if (!before.get().version().equals(now.version())) {
            changes.add(new Change(key, now.version(), before.get(), now));
        }
    }
}
