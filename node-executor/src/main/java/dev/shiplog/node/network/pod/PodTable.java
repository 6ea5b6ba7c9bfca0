package dev.shiplog.node.network.pod;

import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The packet filter's part in the pods' network: they reach the outside as the machine, each other
 * as themselves; ports of the machine lead into pods. A table of its own; no rule of anybody else
 * is touched, except that Docker's firewall, where there is one, is told to let these pods through.
 *
 * <p>Chains of kind nat see the first packet of a connection only.
 */
final class PodTable {
    private final Nft table;
    private final String bridge;
    private final boolean usable = Nft.objection().isEmpty();
    private final boolean iptables = Programs.installed("iptables");

    /** As nft wrote it after the last change; empty if it was changed since. */
    private Optional<String> known = Optional.empty();

    PodTable(String name, String bridge) {
        this.table = new Nft(name);
        this.bridge = bridge;
    }

    /** What it can do here, for people. */
    String describe() {
        return usable
                ? "nftables: pods reach the outside, host ports and Services are forwarded"
                : Nft.objection().orElse("no nft")
                        + ". Until then pods do not reach the outside, host ports are refused, and"
                        + " this program leads to Services";
    }

    boolean usable() {
        return usable;
    }

    /** Writes all of it, in place of whatever is there. */
    void load(Subnet subnet, Subnet cluster, Collection<Plug> plugs) throws IOException {
        admit();
        if (!usable) {
            return;
        }
        StringBuilder script = new StringBuilder(rules(subnet, cluster));
        plugs.forEach(plug -> script.append(elements("add", plug)));
        table.commit(script.toString());
        known = table.text();
    }

    /** Whether it is as it was left. */
    boolean sound() {
        if (!usable) {
            return true;
        }
        return known.isPresent() && table.text().equals(known);
    }

    void add(Plug plug) throws IOException {
        change(elements("add", plug));
    }

    void delete(Plug plug) throws IOException {
        change(elements("delete", plug));
    }

    private void change(String script) throws IOException {
        if (usable) {
            known = Optional.empty();
            table.commit(script);
            known = table.text();
        }
    }

    void remove() throws IOException {
        if (usable) {
            table.remove();
        }
        for (String direction : List.of("-i", "-o")) {
            if (iptables && admitted(direction)) {
                Programs.run("iptables", "-w", "-D", "FORWARD", direction, bridge, "-j", "ACCEPT");
            }
        }
    }

    private String elements(String verb, Plug plug) {
        StringBuilder script = new StringBuilder();
        script.append(
                "%s element ip %s own { %s . %s }\n"
                        .formatted(verb, table.name(), plug.address(), plug.address()));
        for (HostPort port : plug.ports()) {
            script.append(
                    "%s element ip %s %s { %s : %s . %d }\n"
                            .formatted(
                                    verb,
                                    table.name(),
                                    port.map(),
                                    port.key(),
                                    plug.address(),
                                    port.podPort()));
        }
        return script.toString();
    }

    /** Where a firewall forwards by permission only, as Docker's does, asks for it. */
    void admit() throws IOException {
        if (!iptables || open()) {
            return;
        }
        for (String direction : List.of("-i", "-o")) {
            if (!admitted(direction)) {
                Programs.run("iptables", "-w", "-I", "FORWARD", direction, bridge, "-j", "ACCEPT");
            }
        }
    }

    private static boolean open() {
        try {
            return Programs.run("iptables", "-w", "-S", "FORWARD")
                    .strip()
                    .equals("-P FORWARD ACCEPT");
        } catch (IOException noTables) {
            return true;
        }
    }

    private boolean admitted(String direction) {
        try {
            Programs.run("iptables", "-w", "-C", "FORWARD", direction, bridge, "-j", "ACCEPT");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String rules(Subnet subnet, Subnet cluster) {
        return """
        add table ip %1$s
        add map ip %1$s ports { type inet_proto . inet_service : ipv4_addr . inet_service; }
        add map ip %1$s ports_at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
        add set ip %1$s own { type ipv4_addr . ipv4_addr; }
        add chain ip %1$s guard { type filter hook prerouting priority -300; }
        add chain ip %1$s prerouting { type nat hook prerouting priority -110; }
        add chain ip %1$s output { type nat hook output priority -110; }
        add chain ip %1$s postrouting { type nat hook postrouting priority 90; }
        add chain ip %1$s host_ports
        flush table ip %1$s
        flush map ip %1$s ports
        flush map ip %1$s ports_at
        flush set ip %1$s own
        add rule ip %1$s guard iifname "%2$s" ip daddr 127.0.0.0/8 drop
        add rule ip %1$s host_ports dnat ip to ip daddr . meta l4proto . th dport map @ports_at
        add rule ip %1$s host_ports fib daddr type local dnat ip to meta l4proto . th dport map @ports
        add rule ip %1$s prerouting jump host_ports
        add rule ip %1$s output jump host_ports
        add rule ip %1$s postrouting oifname "%2$s" ip saddr 127.0.0.0/8 masquerade
        add rule ip %1$s postrouting oifname "%2$s" ip saddr . ip daddr @own ct status dnat masquerade
        add rule ip %1$s postrouting oifname != "%2$s" ip saddr %3$s ip daddr != %4$s masquerade
        """
                .formatted(table.name(), bridge, subnet, cluster);
    }
}
