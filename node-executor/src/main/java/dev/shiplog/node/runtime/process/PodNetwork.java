package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.RuntimeFailure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Addresses for pods, and the cables that plug them in. */
final class PodNetwork {
    private final Bridge bridge;
    private final Nat nat;
    private final Set<String> used = new HashSet<>();
    private int next;

    PodNetwork(Bridge bridge, Nat nat) {
        this.bridge = bridge;
        this.nat = nat;
    }

    /** Marks an address as used by a pod that is already there. */
    synchronized void keep(String ip) {
        used.add(ip);
    }

    /** Gives a free address, going round so that one just freed is not given again at once. */
    synchronized String allocate() throws IOException, RuntimeFailure {
        Subnet subnet = bridge.ensure();
        nat.ensure(subnet);
        for (int tried = 0; tried < subnet.pods(); tried++) {
            String ip = subnet.pod(next);
            next = (next + 1) % subnet.pods();
            if (used.add(ip)) {
                return ip;
            }
        }
        throw new RuntimeFailure(
                RuntimeFailure.Kind.OTHER,
                "all " + subnet.pods() + " pod addresses of " + subnet + " are in use");
    }

    synchronized void free(String ip) {
        used.remove(ip);
    }

    /** Plugs a pod's network namespace in. What an earlier try left is replaced. */
    void plugIn(SandboxRecord sandbox, Path netns) throws IOException, RuntimeFailure {
        Subnet subnet = bridge.ensure();
        unplug(sandbox);
        String cable = sandbox.cable();
        Command.run(
                "link add "
                        + cable
                        + " type veth peer name eth0 netns "
                        + netns
                        + "\n"
                        + "link set "
                        + cable
                        + " master "
                        + bridge.name()
                        + " up\n",
                List.of("ip", "-batch", "-"));
        Command.run(
                "link set lo up\n"
                        + "addr add "
                        + sandbox.ip()
                        + "/"
                        + subnet.prefix()
                        + " dev eth0\n"
                        + "link set eth0 up\n"
                        + "route add default via "
                        + subnet.gateway()
                        + "\n",
                List.of("nsenter", "--net=" + netns, "ip", "-batch", "-"));
        nat.forward(sandbox);
    }

    /** Takes a pod's cable away; its other end goes with it. */
    void unplug(SandboxRecord sandbox) throws IOException {
        nat.stopForwarding(sandbox);
        if (Files.exists(Path.of("/sys/class/net", sandbox.cable()))) {
            Command.run("ip", "link", "del", sandbox.cable());
        }
    }

    void purge() throws IOException {
        nat.remove();
        bridge.remove();
    }
}
