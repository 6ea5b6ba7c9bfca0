package dev.shiplog.node.network.service;

/**
 * The place of one element: in which map or set, under which key.
 *
 * @param front the way in that it is of, as nftables writes it: {@code 10.96.0.5 . tcp . 80},
 *     {@code tcp . 30080}
 * @param rest what the key has besides; empty for nothing
 */
record Element(String map, String front, String rest) implements Comparable<Element> {
    Element(String map, String front) {
        this(map, front, "");
    }

    /** The whole key. */
    String key() {
        return rest.isEmpty() ? front : front + " . " + rest;
    }

    @Override
    public int compareTo(Element other) {
        int byMap = map.compareTo(other.map);
        if (byMap != 0) {
            return byMap;
        }
        int byFront = front.compareTo(other.front);
        return byFront != 0 ? byFront : rest.compareTo(other.rest);
    }
}
