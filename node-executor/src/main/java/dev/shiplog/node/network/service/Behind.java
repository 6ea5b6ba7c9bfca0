package dev.shiplog.node.network.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Who stands behind a way in, read from the same elements that the packet filter would have.
 *
 * @param inside for pods of this node and the node itself
 * @param outside for everybody else
 * @param stickySeconds how long a client that comes again is led to the same endpoint; 0 for not
 * @param admitted ranges of clients; empty for all
 */
record Behind(List<Target> inside, List<Target> outside, int stickySeconds, List<String> admitted) {
    static final Behind NOBODY = new Behind(List.of(), List.of(), 0, List.of());

    /** What a plan says of a way in. */
    static Behind of(Way way, SortedMap<Element, String> elements, SortedSet<Chain> chains) {
        String maps = way.ofPort() ? "ports" : "vips";
        Optional<Chain> inside = chain(elements.get(new Element(maps, way.front())), chains);
        Optional<Chain> outside =
                chain(elements.get(new Element("outer_" + maps, way.front())), chains);
        // A cluster's address is for the inside alone; who comes from outside is led all the same.
        List<Target> all = targets(way, inside, elements);
        return new Behind(
                all,
                outside.isEmpty() && !elements.containsKey(outerNone(maps, way))
                        ? all
                        : targets(way, outside, elements),
                inside.or(() -> outside).map(Chain::stickySeconds).orElse(0),
                rest(way, "admitted", elements));
    }

    private static Element outerNone(String maps, Way way) {
        return new Element("none_outer_" + maps, way.front());
    }

    private static Optional<Chain> chain(
            @org.jspecify.annotations.Nullable String led, SortedSet<Chain> chains) {
        return chains.stream().filter(chain -> ("goto " + chain.name()).equals(led)).findFirst();
    }

    private static List<Target> targets(
            Way way, Optional<Chain> chain, SortedMap<Element, String> elements) {
        if (chain.isEmpty()) {
            return List.of();
        }
        String map = chain.get().map(chain.get().stickySeconds() == 0 ? "endpoints" : "numbered");
        List<Target> targets = new ArrayList<>();
        under(way, map, elements).values().forEach(text -> targets.add(target(text)));
        return targets;
    }

    private static SortedMap<Element, String> under(
            Way way, String map, SortedMap<Element, String> elements) {
        return elements.subMap(
                new Element(map, way.front()), new Element(map, way.front(), "\uffff"));
    }

    private static List<String> rest(Way way, String map, SortedMap<Element, String> elements) {
        return under(way, map, elements).keySet().stream().map(Element::rest).toList();
    }

    private static Target target(String text) {
        String[] parts = text.split(" \\. ", 2);
        return new Target(parts[0], Integer.parseInt(parts[1]));
    }

    boolean empty() {
        return inside.isEmpty() && outside.isEmpty();
    }
}
