package dev.shiplog.node.network.peer;

import dev.shiplog.node.network.Subnet;

/**
 * Another node.
 *
 * @param address its {@code InternalIP}
 * @param pods the range of its pods
 */
public record Peer(String address, Subnet pods) {
    /**
     * The hardware address of its tunnel's end: drawn from its range, so that nobody has to ask.
     */
    String hardwareAddress() {
        return hardwareAddress(pods);
    }

    static String hardwareAddress(Subnet pods) {
        int number = pods.network();
        return "02:5c:%02x:%02x:%02x:%02x"
                .formatted(number >>> 24, number >>> 16 & 255, number >>> 8 & 255, number & 255);
    }

    /** The address of its tunnel's end inside the tunnel: the first of its range, no pod's. */
    String tunnelAddress() {
        return Subnet.dotted(pods.network());
    }
}
