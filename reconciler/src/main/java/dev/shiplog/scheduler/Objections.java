package dev.shiplog.scheduler;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Collects why nodes refuse a pod, and says it as Kubernetes does. */
final class Objections {
    private final SortedMap<String, Integer> counts = new TreeMap<>();
    private int nodes;

    /** Adds what one node objects. */
    void add(List<Objection> objections) {
        nodes++;
        objections.forEach(objection -> counts.merge(objection.text(), 1, Integer::sum));
    }

    /** Adds what so many nodes object. */
    void add(String objection, int count) {
        if (count > 0) {
            nodes += count;
            counts.merge(objection, count, Integer::sum);
        }
    }

    SortedMap<String, Integer> counts() {
        return counts;
    }

    /**
     * Such as {@code 0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu.}
     */
    String message() {
        return nodes == 0
                ? "no nodes available to schedule pods"
                : "0/"
                        + nodes
                        + " nodes are available: "
                        + counts.entrySet().stream()
                                .map(count -> count.getValue() + " " + count.getKey())
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + ".";
    }
}
