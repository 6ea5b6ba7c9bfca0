package dev.shiplog.node.network.service;

import java.util.Comparator;
import java.util.List;

/**
 * A chain that chooses among a number of endpoints: one for all Services with as many. So the
 * number of rules that a packet meets does not grow with the Services.
 *
 * @param ofPort whether packets are told apart by their port alone, as those to node ports are
 * @param local whether only endpoints of this node are chosen
 * @param endpoints how many there are; at least 1
 * @param stickySeconds how long a client that comes again is led to the same endpoint; 0 for not
 */
record Chain(boolean ofPort, boolean local, int endpoints, int stickySeconds)
        implements Comparable<Chain> {
    private static final Comparator<Chain> ORDER =
            Comparator.comparing(Chain::ofPort)
                    .thenComparing(Chain::local)
                    .thenComparingInt(Chain::endpoints)
                    .thenComparingInt(Chain::stickySeconds);

    String name() {
        return (ofPort ? "port" : "vip")
                + (local ? "_local_" : "_")
                + endpoints
                + (stickySeconds == 0 ? "" : "_sticky_" + stickySeconds);
    }

    /** The map or set with a purpose for such packets. */
    String map(String purpose) {
        return (ofPort ? "port_" : "vip_") + (local ? "local_" : "") + purpose;
    }

    /** Where the endpoints of clients that came before are. */
    private String slots() {
        return ofPort ? "port_slots" : "vip_slots";
    }

    /** By what packets are told apart. */
    static String key(boolean ofPort) {
        return (ofPort ? "" : "ip daddr . ") + "meta l4proto . th dport";
    }

    /**
     * The rules. A sticky chain keeps a client's endpoint by its number ({@link Numbers}): if that
     * endpoint is gone, the number leads nowhere, and another is chosen. From one rule to the next
     * a number stands where a packet's priority for queues does, and only of a connection's first
     * packet: there it is in nobody's way.
     */
    List<String> rules() {
        String key = key(ofPort);
        String any = "meta priority set numgen random mod " + endpoints;
        if (stickySeconds == 0) {
            return List.of(any, "dnat ip to " + key + " . meta priority map @" + map("endpoints"));
        }
        String keep =
                "update @"
                        + slots()
                        + " { ip saddr . "
                        + key
                        + " timeout "
                        + stickySeconds
                        + "s : meta priority }";
        String lead = "dnat ip to " + key + " . meta priority map @" + map("numbered");
        return List.of(
                "meta priority set none",
                "meta priority set ip saddr . " + key + " map @" + slots(),
                "meta priority != none " + keep,
                "meta priority != none " + lead,
                any,
                "meta priority set " + key + " . meta priority map @" + map("numbers"),
                keep,
                lead);
    }

    @Override
    public int compareTo(Chain other) {
        return ORDER.compare(this, other);
    }
}
