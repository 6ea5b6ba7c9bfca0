package dev.shiplog.node.network.service;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that one Service is in the packet filter.
 *
 * @param elements each with its value; empty in a set
 * @param chains those that the elements lead to
 */
record Forwarding(
        SortedMap<Element, String> elements,
        SortedSet<Chain> chains,
        Optional<HealthCheck> health) {
    static final Forwarding NOTHING =
            new Forwarding(new TreeMap<>(), new TreeSet<>(), Optional.empty());

    Forwarding {
        elements = Collections.unmodifiableSortedMap(elements);
        chains = Collections.unmodifiableSortedSet(chains);
    }
}
