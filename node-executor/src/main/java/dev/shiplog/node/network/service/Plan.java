package dev.shiplog.node.network.service;

import dev.shiplog.resource.ResourceKey;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the packet filter should hold for all Services together, and what changes when one does.
 *
 * <p>Invariant: a way in is one Service's. Where two want the same (an external address and port),
 * the first keeps it; the other has it once that is gone.
 */
final class Plan {
    private final SortedMap<ResourceKey, Forwarding> forwardings = new TreeMap<>();

    /** Who wants a way in. */
    private final Map<String, SortedSet<ResourceKey>> wanting = new TreeMap<>();

    private final Map<String, ResourceKey> owners = new TreeMap<>();
    private final NavigableMap<Element, String> elements = new TreeMap<>();
    private final NavigableMap<Chain, Integer> chains = new TreeMap<>();
    private final SortedMap<Integer, HealthCheck> checks = new TreeMap<>();

    /**
     * A difference.
     *
     * @param removed with the values that they had
     * @param added with the values that they have; also what only changed its value
     */
    record Change(SortedMap<Element, String> removed, SortedMap<Element, String> added) {
        boolean isEmpty() {
            return removed.isEmpty() && added.isEmpty();
        }
    }

    /** All elements, in order. */
    SortedMap<Element, String> elements() {
        return Collections.unmodifiableSortedMap(elements);
    }

    /** The chains that elements lead to. */
    SortedSet<Chain> chains() {
        return new TreeSet<>(chains.keySet());
    }

    /** What load balancers may ask, by port. */
    SortedMap<Integer, HealthCheck> healthChecks() {
        return new TreeMap<>(checks);
    }

    /** Takes Services as they are now; {@link Forwarding#NOTHING} for those that are gone. */
    Change take(Map<ResourceKey, Forwarding> changed) {
        SortedSet<String> fronts = new TreeSet<>();
        NavigableMap<Element, String> before = new TreeMap<>();
        changed.forEach((service, after) -> {
            Forwarding old = forwardings.getOrDefault(service, Forwarding.NOTHING);
            old.elements()
                    .forEach((element, _) -> {
                        fronts.add(element.front());
                        if (service.equals(owners.get(element.front()))) {
                            before.put(element, elements.getOrDefault(element, ""));
                        }
                        Optional.ofNullable(wanting.get(element.front()))
                                .ifPresent(all -> all.remove(service));
                    });
            after.elements()
                    .keySet()
                    .forEach(element -> {
                        fronts.add(element.front());
                        wanting.computeIfAbsent(element.front(), _ -> new TreeSet<>()).add(service);
                    });
            count(old, -1);
            count(after, 1);
            old.health().ifPresent(check -> checks.remove(check.port(), check));
            after.health().ifPresent(check -> checks.put(check.port(), check));
            if (after.elements().isEmpty()) {
                forwardings.remove(service);
            } else {
                forwardings.put(service, after);
            }
        });
        before.keySet().forEach(elements::remove);
        NavigableMap<Element, String> now = new TreeMap<>();
        NavigableSet<ResourceKey> concerned = new TreeSet<>(changed.keySet());
        fronts.forEach(front -> owner(front).ifPresent(concerned::add));
        for (ResourceKey service : concerned) {
            Forwarding forwarding = forwardings.getOrDefault(service, Forwarding.NOTHING);
            forwarding
                    .elements()
                    .forEach((element, value) -> {
                        if (fronts.contains(element.front())
                                && service.equals(owners.get(element.front()))) {
                            now.put(element, value);
                        }
                    });
        }
        elements.putAll(now);
        return difference(before, now);
    }

    /** Settles whose a way in is. */
    private Optional<ResourceKey> owner(String front) {
        SortedSet<ResourceKey> all = wanting.getOrDefault(front, Collections.emptySortedSet());
        ResourceKey owner = owners.get(front);
        if (all.isEmpty()) {
            wanting.remove(front);
            owners.remove(front);
            return Optional.empty();
        }
        if (owner == null || !all.contains(owner)) {
            owner = all.first();
            owners.put(front, owner);
        }
        return Optional.of(owner);
    }

    private void count(Forwarding forwarding, int by) {
        for (Chain chain : forwarding.chains()) {
            int uses = chains.getOrDefault(chain, 0) + by;
            if (uses > 0) {
                chains.put(chain, uses);
            } else {
                chains.remove(chain);
            }
        }
    }

    private static Change difference(
            SortedMap<Element, String> before, SortedMap<Element, String> now) {
        SortedMap<Element, String> removed = new TreeMap<>(before);
        SortedMap<Element, String> added = new TreeMap<>(now);
        before.forEach((element, value) -> {
            if (value.equals(now.get(element))) {
                removed.remove(element);
                added.remove(element);
            }
        });
        return new Change(removed, added);
    }
}
