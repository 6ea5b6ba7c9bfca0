package dev.shiplog.node.network.service;

import dev.shiplog.resource.Ipv4;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of a node matters to Services.
 *
 * @param node its name, as endpoints name it
 * @param nodeAddress where the node itself answers its pods: the bridge's address
 * @param redirects endpoints that are reached elsewhere on this node, such as a server that listens
 *     on the loopback only
 */
public record Surroundings(String node, String nodeAddress, SortedMap<Target, Target> redirects) {
    public Surroundings {
        redirects = Collections.unmodifiableSortedMap(new TreeMap<>(redirects));
    }

    Target reached(Target endpoint) {
        Target elsewhere = redirects.get(endpoint);
        return elsewhere == null ? endpoint : elsewhere;
    }

    /** Whether an address can be a Service's: IPv4, and not the loopback. */
    boolean forwards(String address) {
        return Ipv4.is(address) && !address.startsWith("127.");
    }
}
