package dev.shiplog.loop;

import dev.shiplog.controller.BatchController;
import dev.shiplog.controller.Controller;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.ResourceKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
        lane(controller).add(key, trigger);
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

    /** Whether {@link #take} would give something. */
    synchronized boolean isReady() {
        for (Lane lane : lanes) {
            if (lane.isReady()) {
                return true;
            }
        }
        return false;
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

    /** What the keys of one batch have in common. */
    private record Requested(String correlation, Optional<CommitId> commit) {
        static Requested of(Trigger trigger) {
            return new Requested(trigger.origin().correlation(), trigger.origin().commit());
        }
    }

    /**
     * What waits for one controller.
     *
     * <p>Invariant: {@code byRequest} holds the keys of {@code waiting}, each under the request of
     * its trigger and in the order in which they came to it; it is empty for a controller that
     * takes one at a time. So a batch costs what is in it, however much waits.
     */
    private static final class Lane {
        private final Controller controller;
        private final int batch;
        private final LinkedHashMap<ResourceKey, Trigger> waiting = new LinkedHashMap<>();
        private final Map<Requested, LinkedHashSet<ResourceKey>> byRequest = new HashMap<>();
        private final Set<ResourceKey> working = new HashSet<>();

        Lane(Controller controller) {
            this.controller = controller;
            this.batch = controller instanceof BatchController many ? many.batch() : 0;
        }

        void add(ResourceKey key, Trigger trigger) {
            Trigger before = waiting.get(key);
            Trigger all = before == null ? trigger : before.and(trigger);
            waiting.put(key, all);
            if (batch > 0) {
                Requested request = Requested.of(all);
                if (before != null && !Requested.of(before).equals(request)) {
                    forget(Requested.of(before), key);
                }
                byRequest.computeIfAbsent(request, _ -> new LinkedHashSet<>()).add(key);
            }
        }

        private void forget(Requested request, ResourceKey key) {
            Set<ResourceKey> keys = byRequest.get(request);
            if (keys != null && keys.remove(key) && keys.isEmpty()) {
                byRequest.remove(request);
            }
        }

        boolean isReady() {
            return batch > 0
                    ? working.isEmpty() && !waiting.isEmpty()
                    : waiting.size() > working.size() || next() != null;
        }

        @Nullable Item take() {
            Map<ResourceKey, Trigger> keys = batch > 0 ? takeBatch() : takeOne();
            if (keys.isEmpty()) {
                return null;
            }
            keys.keySet().forEach(waiting::remove);
            working.addAll(keys.keySet());
            return new Item(controller, keys);
        }

        /** The longest waiting key that nobody works on. */
        private Map.@Nullable Entry<ResourceKey, Trigger> next() {
            for (Map.Entry<ResourceKey, Trigger> entry : waiting.entrySet()) {
                if (!working.contains(entry.getKey())) {
                    return entry;
                }
            }
            return null;
        }

        private Map<ResourceKey, Trigger> takeOne() {
            Map.Entry<ResourceKey, Trigger> next = next();
            return next == null ? Map.of() : Map.of(next.getKey(), next.getValue());
        }

        /** The longest waiting key, and others that belong to the same request. */
        private Map<ResourceKey, Trigger> takeBatch() {
            Map<ResourceKey, Trigger> keys = new LinkedHashMap<>();
            if (!working.isEmpty() || waiting.isEmpty()) {
                return keys;
            }
            Map.Entry<ResourceKey, Trigger> first = waiting.firstEntry();
            keys.put(first.getKey(), first.getValue());
            Requested request = Requested.of(first.getValue());
            for (ResourceKey key : byRequest.getOrDefault(request, new LinkedHashSet<>())) {
                if (keys.size() == batch) {
                    break;
                }
                Trigger trigger = waiting.get(key);
                if (trigger != null) {
                    keys.put(key, trigger);
                }
            }
            keys.keySet().forEach(key -> forget(request, key));
            return keys;
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
