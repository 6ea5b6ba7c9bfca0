package dev.shiplog.node.network.service;

import java.util.Comparator;

/**
 * The place of one element: in which map or set, under which key.
 *
 * @param front the way in that it is of, as nftables writes it: {@code 10.96.0.5 . tcp . 80},
 *     {@code tcp . 30080}
 * @param rest what the key has besides; empty for nothing
 */
record Element(String map, String front, String rest) implements Comparable<Element> {
    private static final Comparator<Element> ORDER =
            Comparator.comparing(Element::map)
                    .thenComparing(Element::front)
                    .thenComparing(Element::rest);

    Element(String map, String front) {
        this(map, front, "");
    }

    /** The whole key. */
    String key() {
        return rest.isEmpty() ? front : front + " . " + rest;
    }

    @Override
    public int compareTo(Element other) {
        return ORDER.compare(this, other);
    }
}
