package dev.shiplog.node.network.pod;

import java.util.Locale;

/**
 * A port of the machine that leads into a pod.
 *
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 * @param address the one of the machine's addresses that it is open at; empty for all
 */
public record HostPort(int port, int podPort, String protocol, String address) {
    public HostPort {
        address = address.equals("0.0.0.0") ? "" : address;
    }

    /** The map of the table that it is in. */
    String map() {
        return address.isEmpty() ? "ports" : "ports_at";
    }

    /** Its key in that map. */
    String key() {
        String key = protocol.toLowerCase(Locale.ROOT) + " . " + port;
        return address.isEmpty() ? key : address + " . " + key;
    }

    /** Whether both cannot be open at once. */
    boolean clashes(HostPort other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (address.isEmpty() || other.address.isEmpty() || address.equals(other.address));
    }

    @Override
    public String toString() {
        return (address.isEmpty() ? "" : address + ":") + port + "/" + protocol;
    }
}
