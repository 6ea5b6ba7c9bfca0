package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxSpec.PortMapping;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Address translation: pods reach the world as the machine, and ports of the machine lead into
 * pods. A table of its own in nftables; no rule of anybody else is touched, except that Docker's
 * firewall, where there is one, is told to let these pods through.
 */
final class Nat {
    private final boolean nft;
    private final boolean iptables;
    private final String table;
    private final String bridge;
    private final Map<String, String> taken = new ConcurrentHashMap<>();
    private boolean ensured;

    Nat(boolean nft, boolean iptables, String bridge) {
        this.nft = nft;
        this.iptables = iptables;
        this.bridge = bridge;
        this.table = bridge.replace('-', '_');
    }

    /** What it can do here, for people. */
    String describe() {
        return nft
                ? "nftables: pods reach the outside, host ports are forwarded"
                : "no nft on this machine: pods do not reach the outside, host ports are refused";
    }

    /** Makes the table, if it is not there. */
    synchronized void ensure(Subnet subnet) throws IOException {
        if (ensured) {
            return;
        }
        if (nft && !exists()) {
            Command.run(rules(subnet), List.of("nft", "-f", "-"));
            Files.writeString(Path.of("/proc/sys/net/ipv4/conf", bridge, "route_localnet"), "1");
        }
        if (iptables) {
            for (String direction : List.of("-i", "-o")) {
                accept(direction);
            }
        }
        ensured = true;
    }

    /** Marks a pod's ports as taken, without forwarding them anew: they already are. */
    void keep(SandboxRecord sandbox) {
        for (PortMapping port : sandbox.ports()) {
            taken.put(key(port), sandbox.id());
        }
    }

    /** Forwards a pod's ports. */
    void forward(SandboxRecord sandbox) throws IOException, RuntimeFailure {
        if (sandbox.ports().isEmpty()) {
            return;
        }
        if (!nft) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.INVALID_SPEC,
                    "host port "
                            + sandbox.ports().getFirst().hostPort()
                            + " needs nftables, and this machine has no nft: install the package"
                            + " nftables or use hostNetwork");
        }
        for (PortMapping port : sandbox.ports()) {
            claim(port, sandbox.id());
            Command.run(
                    "add element ip " + table + " ports { " + element(port, sandbox) + " }\n",
                    List.of("nft", "-f", "-"));
        }
    }

    void stopForwarding(SandboxRecord sandbox) throws IOException {
        for (PortMapping port : sandbox.ports()) {
            if (taken.remove(key(port), sandbox.id()) && exists()) {
                try {
                    Command.run(
                            "delete element ip " + table + " ports { " + match(port) + " }\n",
                            List.of("nft", "-f", "-"));
                } catch (IOException e) {
                    if (!String.valueOf(e.getMessage()).contains("No such file")) {
                        throw e;
                    }
                }
            }
        }
    }

    synchronized void remove() throws IOException {
        if (nft && exists()) {
            Command.run("nft", "delete", "table", "ip", table);
        }
        if (iptables) {
            for (String direction : List.of("-i", "-o")) {
                if (accepted(direction)) {
                    Command.run(
                            "iptables", "-w", "-D", "FORWARD", direction, bridge, "-j", "ACCEPT");
                }
            }
        }
        taken.clear();
        ensured = false;
    }

    private void claim(PortMapping port, String sandboxId) throws RuntimeFailure {
        String holder = taken.putIfAbsent(key(port), sandboxId);
        if (holder != null && !holder.equals(sandboxId)) {
            throw taken(port, "another pod on this node has it");
        }
        if (holder == null && !port.protocol().equals("TCP")) {
            return;
        }
        try (ServerSocket probe =
                new ServerSocket(port.hostPort(), 1, InetAddress.getByName("0.0.0.0"))) {
            assert probe.isBound();
        } catch (IOException e) {
            taken.remove(key(port), sandboxId);
            throw taken(port, String.valueOf(e.getMessage()));
        }
    }

    private static RuntimeFailure taken(PortMapping port, String why) {
        return new RuntimeFailure(
                RuntimeFailure.Kind.INVALID_SPEC,
                "host port " + port.hostPort() + "/" + port.protocol() + " is taken: " + why);
    }

    private boolean exists() {
        try {
            Command.run("nft", "list", "map", "ip", table, "ports");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean accepted(String direction) {
        try {
            Command.run("iptables", "-w", "-C", "FORWARD", direction, bridge, "-j", "ACCEPT");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void accept(String direction) throws IOException {
        if (!accepted(direction)) {
            Command.run("iptables", "-w", "-I", "FORWARD", direction, bridge, "-j", "ACCEPT");
        }
    }

    private static String key(PortMapping port) {
        return match(port);
    }

    private static String match(PortMapping port) {
        return port.protocol().toLowerCase(Locale.ROOT) + " . " + port.hostPort();
    }

    private static String element(PortMapping port, SandboxRecord sandbox) {
        return match(port) + " : " + sandbox.ip() + " . " + port.containerPort();
    }

    private String rules(Subnet subnet) {
        String forward = "fib daddr type local dnat ip to meta l4proto . th dport map @ports";
        return """
        table ip %1$s {
          map ports { type inet_proto . inet_service : ipv4_addr . inet_service; }
          chain prerouting { type nat hook prerouting priority -110; %2$s; }
          chain output { type nat hook output priority -110; %2$s; }
          chain postrouting {
            type nat hook postrouting priority 90;
            ip saddr %3$s oifname != "%4$s" masquerade;
            ip saddr 127.0.0.0/8 oifname "%4$s" masquerade;
            ip saddr %3$s oifname "%4$s" ct status dnat masquerade;
          }
        }
        """
                .formatted(table, forward, subnet, bridge);
    }
}
