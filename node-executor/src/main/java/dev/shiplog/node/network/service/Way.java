package dev.shiplog.node.network.service;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * A way in to a Service: an address and port, or a port of all addresses of the machine.
 *
 * @param address empty for all
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 */
record Way(String address, String protocol, int port) implements Comparable<Way> {
    private static final Comparator<Way> ORDER =
            Comparator.comparing(Way::address)
                    .thenComparing(Way::protocol)
                    .thenComparingInt(Way::port);

    /** Reads the front of an {@link Element}; empty if it is none of a way in. */
    static Optional<Way> of(String front) {
        String[] parts = front.split(" \\. ", -1);
        return switch (parts.length) {
            case 2 -> Optional.of(new Way("", parts[0], Integer.parseInt(parts[1])));
            case 3 -> Optional.of(new Way(parts[0], parts[1], Integer.parseInt(parts[2])));
            default -> Optional.empty();
        };
    }

    /** As an element has it. */
    String front() {
        String rest = protocol + " . " + port;
        return ofPort() ? rest : address + " . " + rest;
    }

    boolean ofPort() {
        return address.isEmpty();
    }

    InetSocketAddress socket() {
        return new InetSocketAddress(InetAddress.ofLiteral(ofPort() ? "0.0.0.0" : address), port);
    }

    @Override
    public int compareTo(Way other) {
        return ORDER.compare(this, other);
    }
}
