package dev.shiplog.node.network.service;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.resource.ServiceRanges;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Writes what nft(8) reads. */
final class Script {
    /** Elements in one statement; more make nft slow and its messages long. */
    private static final int ELEMENTS = 400;

    private static final String VIP = "ipv4_addr . inet_proto . inet_service";
    private static final String PORT = "inet_proto . inet_service";

    /** The type of a packet's priority, which carries a number from one rule to the next. */
    private static final String NUMBER = "classid";

    private static final String DESTINATION = "ipv4_addr . inet_service";
    private static final String CLIENTS = "flags dynamic, timeout; size 131072;";

    /**
     * The bit of a packet's mark that says: replace its source. kube-proxy's own, so that both on
     * one machine mean the same by it.
     */
    private static final String MASQUERADE = "0x4000";

    private final String table;
    private final StringBuilder text = new StringBuilder();

    Script(String table) {
        this.table = table;
    }

    /** The text so far. */
    @Override
    public String toString() {
        return text.toString();
    }

    /**
     * The table as it must be before there is a Service. What is there stays, but for its rules and
     * elements; which endpoints clients had before is kept.
     */
    Script frame(NetworkNames names, Subnet cluster) {
        line("add table ip " + table);
        for (String map : new String[] {"vips", "outer_vips", "none_vips", "none_outer_vips"}) {
            declare("map", map, "type " + VIP + " : verdict");
        }
        for (String map : new String[] {"ports", "outer_ports", "none_ports", "none_outer_ports"}) {
            declare("map", map, "type " + PORT + " : verdict");
        }
        for (String local : new String[] {"", "local_"}) {
            declare("map", "vip_" + local + "endpoints", pairs(VIP, NUMBER, DESTINATION));
            declare("map", "port_" + local + "endpoints", pairs(PORT, NUMBER, DESTINATION));
            declare("map", "vip_" + local + "numbers", pairs(VIP, NUMBER, NUMBER));
            declare("map", "port_" + local + "numbers", pairs(PORT, NUMBER, NUMBER));
            declare("map", "vip_" + local + "numbered", pairs(VIP, NUMBER, DESTINATION));
            declare("map", "port_" + local + "numbered", pairs(PORT, NUMBER, DESTINATION));
        }
        declare("set", "cluster_ips", "type ipv4_addr");
        declare("set", "masquerade_vips", "type " + VIP);
        declare("set", "masquerade_ports", "type " + PORT);
        declare("set", "fenced", "type " + VIP);
        declare("set", "admitted", "type " + VIP + " . ipv4_addr; flags interval");
        line("flush table ip " + table);
        for (String map :
                new String[] {
                    "vips",
                    "outer_vips",
                    "none_vips",
                    "none_outer_vips",
                    "ports",
                    "outer_ports",
                    "none_ports",
                    "none_outer_ports",
                    "vip_endpoints",
                    "port_endpoints",
                    "vip_local_endpoints",
                    "port_local_endpoints",
                    "vip_numbers",
                    "port_numbers",
                    "vip_local_numbers",
                    "port_local_numbers",
                    "vip_numbered",
                    "port_numbered",
                    "vip_local_numbered",
                    "port_local_numbered"
                }) {
            line("flush map ip " + table + " " + map);
        }
        for (String set :
                new String[] {
                    "cluster_ips", "masquerade_vips", "masquerade_ports", "fenced", "admitted"
                }) {
            line("flush set ip " + table + " " + set);
        }
        declare("map", "vip_slots", pairs("ipv4_addr", VIP, NUMBER) + "; " + CLIENTS);
        declare("map", "port_slots", pairs("ipv4_addr", PORT, NUMBER) + "; " + CLIENTS);
        text.append(
                """
                add chain ip %1$s refuse
                add chain ip %1$s inside
                add chain ip %1$s outside
                add chain ip %1$s none_inside
                add chain ip %1$s none_outside
                add chain ip %1$s early { type filter hook prerouting priority -105; }
                add chain ip %1$s early_output { type filter hook output priority -105; }
                add chain ip %1$s prerouting { type nat hook prerouting priority -100; }
                add chain ip %1$s output { type nat hook output priority -100; }
                add chain ip %1$s forward { type filter hook forward priority -5; }
                add chain ip %1$s late_output { type filter hook output priority 5; }
                add chain ip %1$s postrouting { type nat hook postrouting priority 95; }
                add rule ip %1$s refuse meta l4proto tcp reject with tcp reset
                add rule ip %1$s refuse reject
                add rule ip %1$s none_inside ip daddr . meta l4proto . th dport vmap @none_vips
                add rule ip %1$s none_inside fib daddr type local meta l4proto . th dport vmap @none_ports
                add rule ip %1$s none_outside ip daddr . meta l4proto . th dport @fenced ip daddr . meta l4proto . th dport . ip saddr != @admitted drop
                add rule ip %1$s none_outside ip daddr . meta l4proto . th dport vmap @none_outer_vips
                add rule ip %1$s none_outside fib daddr type local meta l4proto . th dport vmap @none_outer_ports
                add rule ip %1$s none_outside ip daddr . meta l4proto . th dport @masquerade_vips meta mark set meta mark | %5$s
                add rule ip %1$s none_outside fib daddr type local meta l4proto . th dport @masquerade_ports meta mark set meta mark | %5$s
                add rule ip %1$s early ct state != new return
                add rule ip %1$s early iifname { "%2$s", "%3$s", "lo" } goto none_inside
                add rule ip %1$s early goto none_outside
                add rule ip %1$s early_output ct state new jump none_inside
                add rule ip %1$s inside ip daddr . meta l4proto . th dport vmap @vips
                add rule ip %1$s inside fib daddr type local meta l4proto . th dport vmap @ports
                add rule ip %1$s outside ip daddr . meta l4proto . th dport vmap @outer_vips
                add rule ip %1$s outside fib daddr type local meta l4proto . th dport vmap @outer_ports
                add rule ip %1$s prerouting iifname { "%2$s", "%3$s", "lo" } goto inside
                add rule ip %1$s prerouting goto outside
                add rule ip %1$s output jump inside
                add rule ip %1$s forward ct state new iifname "%2$s" ip daddr @cluster_ips meta l4proto { tcp, udp, sctp } goto refuse
                add rule ip %1$s late_output ct state new ip daddr @cluster_ips meta l4proto { tcp, udp, sctp } goto refuse
                add rule ip %1$s postrouting oifname "%3$s" ip saddr != %4$s masquerade
                add rule ip %1$s postrouting meta mark & %5$s == %5$s ct status dnat masquerade
                """
                        .formatted(table, names.bridge(), names.tunnel(), cluster, MASQUERADE));
        return this;
    }

    /** Says which addresses are the cluster's, see {@link RangeClaim}. */
    Script claim(Optional<ServiceRanges> range) {
        range.ifPresent(mine -> declare("set", RangeClaim.name(mine), "type ipv4_addr"));
        return this;
    }

    private static String pairs(String one, String two, String value) {
        return "type " + one + " . " + two + " : " + value;
    }

    Script chains(Collection<Chain> chains) {
        for (Chain chain : chains) {
            line("add chain ip " + table + " " + chain.name());
            chain.rules()
                    .forEach(
                            rule -> line("add rule ip " + table + " " + chain.name() + " " + rule));
        }
        return this;
    }

    /** Takes elements away; they must be there. */
    Script delete(SortedMap<Element, String> elements) {
        return each("delete", elements, false);
    }

    Script add(SortedMap<Element, String> elements) {
        return each("add", elements, true);
    }

    /** Elements are in the order of their maps. */
    private Script each(String verb, SortedMap<Element, String> elements, boolean values) {
        String map = "";
        int count = 0;
        for (Map.Entry<Element, String> entry : elements.entrySet()) {
            Element element = entry.getKey();
            boolean begin = !element.map().equals(map) || count == ELEMENTS;
            if (begin && count > 0) {
                text.append(" }\n");
            }
            if (begin) {
                map = element.map();
                count = 0;
                text.append(verb).append(" element ip ").append(table).append(' ').append(map);
                text.append(" { ");
            } else {
                text.append(", ");
            }
            text.append(element.key());
            if (values && !entry.getValue().isEmpty()) {
                text.append(" : ").append(entry.getValue());
            }
            count++;
        }
        if (count > 0) {
            text.append(" }\n");
        }
        return this;
    }

    private void declare(String what, String name, String definition) {
        line(
                "add "
                        + what
                        + " ip "
                        + table
                        + " "
                        + name
                        + " { "
                        + definition
                        + (definition.endsWith(";") ? "" : ";")
                        + " }");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
