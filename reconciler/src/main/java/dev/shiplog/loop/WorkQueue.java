package dev.shiplog.loop;

import dev.shiplog.controller.BatchController;
import dev.shiplog.controller.Controller;
import dev.shiplog.resource.ResourceKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which resources are to be looked at, by which controller. Controllers take turns; of one
 * controller, the key that waits longest comes first.
 *
 * <p>Invariants: a key waits once however often it is woken, so the queue is never longer than the
 * cluster is large; a key is never worked on twice at once; a batch controller works on one batch
 * at a time. Safe for many threads.
 */
final class WorkQueue {
    private final List<Lane> lanes;
    private int turn;

    WorkQueue(List<Controller> controllers) {
        lanes = controllers.stream().map(Lane::new).toList();
    }

    /** What to look at, and what woke it. */
    record Item(Controller controller, Map<ResourceKey, Trigger> keys) {
        List<ResourceKey> keyList() {
            return List.copyOf(keys.keySet());
        }

        /** All that woke a resource; of many, the event that explains most. */
        Trigger trigger() {
            return keys.size() == 1
                    ? keys.values().iterator().next()
                    : keys.values().stream()
                            .map(Trigger::alone)
                            .reduce((one, other) -> one.and(other).alone())
                            .orElseThrow();
        }
    }

    synchronized void add(Controller controller, ResourceKey key, Trigger trigger) {
        lane(controller).waiting.merge(key, trigger, Trigger::and);
    }

    /** The next one to work on, if there is one; give it back with {@link #done}. */
    synchronized Optional<Item> take() {
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get((turn + i) % lanes.size());
            Item item = lane.take();
            if (item != null) {
                turn = (turn + i + 1) % lanes.size();
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    synchronized void done(Item item) {
        item.keys().keySet().forEach(lane(item.controller()).working::remove);
    }

    /** How many keys wait. */
    synchronized int size() {
        return lanes.stream().mapToInt(lane -> lane.waiting.size()).sum();
    }

    /** Whether nothing waits and nothing is being worked on. */
    synchronized boolean isIdle() {
        return lanes.stream().allMatch(lane -> lane.waiting.isEmpty() && lane.working.isEmpty());
    }

    private Lane lane(Controller controller) {
        for (Lane lane : lanes) {
            if (lane.controller.equals(controller)) {
                return lane;
            }
        }
        throw new IllegalArgumentException(
                "expected a known controller, found " + controller.name());
    }

    private static final class Lane {
        private final Controller controller;
        private final LinkedHashMap<ResourceKey, Trigger> waiting = new LinkedHashMap<>();
        private final Set<ResourceKey> working = new HashSet<>();

        Lane(Controller controller) {
            this.controller = controller;
        }

        @Nullable Item take() {
            Map<ResourceKey, Trigger> keys =
                    controller instanceof BatchController batch
                            ? takeBatch(batch.batch())
                            : takeOne();
            if (keys.isEmpty()) {
                return null;
            }
            keys.keySet().forEach(waiting::remove);
            working.addAll(keys.keySet());
            return new Item(controller, keys);
        }

        private Map<ResourceKey, Trigger> takeOne() {
            for (Map.Entry<ResourceKey, Trigger> entry : waiting.entrySet()) {
                if (!working.contains(entry.getKey())) {
                    return Map.of(entry.getKey(), entry.getValue());
                }
            }
            return Map.of();
        }

        /** The longest waiting key, and those after it that belong to the same request. */
        private Map<ResourceKey, Trigger> takeBatch(int limit) {
            Map<ResourceKey, Trigger> keys = new LinkedHashMap<>();
            if (!working.isEmpty() || waiting.isEmpty()) {
                return keys;
            }
            Trigger first = waiting.firstEntry().getValue();
            for (Map.Entry<ResourceKey, Trigger> entry : waiting.entrySet()) {
                if (keys.size() == limit) {
                    break;
                }
                if (sameRequest(first, entry.getValue())) {
                    keys.put(entry.getKey(), entry.getValue());
                }
            }
            return keys;
        }

        private static boolean sameRequest(Trigger one, Trigger other) {
            return one.origin().correlation().equals(other.origin().correlation())
                    && one.origin().commit().equals(other.origin().commit());
        }
    }

    /** For tests: the names of controllers with waiting keys. */
    synchronized List<String> waiting() {
        List<String> names = new ArrayList<>();
        lanes.forEach(lane ->
                lane.waiting
                        .keySet()
                        .forEach(key -> names.add(lane.controller.name() + " " + key)));
        return names;
    }
}
