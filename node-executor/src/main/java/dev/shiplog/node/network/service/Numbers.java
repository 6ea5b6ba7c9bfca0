package dev.shiplog.node.network.service;

import dev.shiplog.node.network.Subnet;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers of endpoints that are drawn from the endpoints themselves: a client's endpoint stays the
 * same when others come and go, and when the program starts again.
 */
final class Numbers {
    private Numbers() {}

    /** Each endpoint's number: one that has no name in nftables, and not that of another. */
    static SortedMap<Integer, Target> of(Collection<Target> endpoints) {
        SortedMap<Integer, Target> numbers = new TreeMap<>();
        for (Target endpoint : endpoints) {
            int number = Subnet.number(endpoint.address()) * 31 + endpoint.port();
            while (number == 0 || number == -1 || numbers.containsKey(number)) {
                number++;
            }
            numbers.put(number, endpoint);
        }
        return numbers;
    }

    /** As nft reads it. */
    static String text(int number) {
        return Integer.toHexString(number >>> 16) + ":" + Integer.toHexString(number & 0xffff);
    }
}
