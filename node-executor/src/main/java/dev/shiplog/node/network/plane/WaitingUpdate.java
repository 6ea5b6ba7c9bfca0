package dev.shiplog.node.network.plane;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The updates that were not looked at yet, as one. Taking in another costs what that one holds,
 * however many wait. Not for several threads at a time.
 */
final class WaitingUpdate {
    private Optional<ClusterView.Update> last = Optional.empty();
    private SortedMap<ResourceKey, Optional<Resource>> resources = new TreeMap<>();
    private boolean whole;

    void merge(ClusterView.Update update) {
        if (update.whole()) {
            resources.clear();
            whole = true;
        }
        update.resources()
                .forEach((key, now) -> {
                    if (whole && now.isEmpty()) {
                        resources.remove(key);
                    } else {
                        resources.put(key, now);
                    }
                });
        last = Optional.of(update);
    }

    boolean isEmpty() {
        return last.isEmpty();
    }

    /** All that waited; nothing waits any more. */
    Optional<ClusterView.Update> take() {
        Optional<ClusterView.Update> taken =
                last.map(newest -> new ClusterView.Update(newest.at(), whole, resources));
        last = Optional.empty();
        resources = new TreeMap<>();
        whole = false;
        return taken;
    }
}
