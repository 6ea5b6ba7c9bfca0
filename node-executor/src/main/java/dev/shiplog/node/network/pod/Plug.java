package dev.shiplog.node.network.pod;

import java.util.List;

/**
 * A pod's place in the network.
 *
 * @param id at most 12 hexadecimal digits: the cable is named after it
 * @param address the pod's IPv4 address
 */
public record Plug(String id, String address, List<HostPort> ports) {
    public Plug {
        if (!id.matches("[0-9a-f]{1,12}")) {
            throw new IllegalArgumentException(
                    "expected up to 12 hexadecimal digits, found \"" + id + "\"");
        }
        ports = List.copyOf(ports);
    }

    /** The machine's end of its cable. */
    String cable() {
        return "sv" + id;
    }
}
