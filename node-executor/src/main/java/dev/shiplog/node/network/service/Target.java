package dev.shiplog.node.network.service;

import dev.shiplog.node.network.Subnet;

/**
 * Where something answers.
 *
 * @param address IPv4
 */
public record Target(String address, int port) implements Comparable<Target> {
    /** As nftables writes a destination. */
    String text() {
        return address + " . " + port;
    }

    @Override
    public int compareTo(Target other) {
        int byAddress =
                Integer.compareUnsigned(Subnet.number(address), Subnet.number(other.address));
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }
}
