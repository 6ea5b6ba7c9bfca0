package dev.shiplog.node.network.pod;

import dev.shiplog.node.linux.NetworkNamespace;
import dev.shiplog.node.network.Subnet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The pairs of interfaces that plug pods into the bridge.
 *
 * <p>A pod knows of no neighbour but the bridge: its address has no range, and all it sends passes
 * the machine's packet filter on its way. So what comes back from a Service's pod is translated
 * back, whether or not the machine filters what its bridges carry.
 */
final class Cables {
    private final String bridge;

    Cables(String bridge) {
        this.bridge = bridge;
    }

    /** Plugs a network namespace in. What an earlier try left is replaced. */
    void plugIn(Plug plug, Path netns, Subnet subnet) throws IOException {
        unplug(plug);
        Interface.ip(
                "link add " + plug.cable() + " type veth peer name eth0 netns " + netns,
                attach(plug),
                hairpin(plug));
        NetworkNamespace.within(netns, () -> furnish(plug, subnet));
    }

    /** In the pod's namespace: no program has to be started just to get there. */
    private static void furnish(Plug plug, Subnet subnet) throws IOException {
        for (String interfaces : List.of("all", "default", "eth0")) {
            // Nobody tells a pod of a shorter way.
            new Interface(interfaces).set("accept_redirects", 0);
        }
        Interface.ip(
                "link set lo up",
                "addr add " + plug.address() + "/32 dev eth0",
                "link set eth0 up",
                "route add " + subnet.gateway() + " dev eth0 scope link",
                "route add default via " + subnet.gateway());
    }

    /** Takes a cable away; its other end goes with it. */
    void unplug(Plug plug) throws IOException {
        new Interface(plug.cable()).remove();
    }

    /** Whether the cable is there at all. */
    boolean there(Plug plug) {
        return new Interface(plug.cable()).exists();
    }

    /** Whether the machine's end is on the bridge, and switched on. */
    boolean sound(Plug plug) {
        Interface end = new Interface(plug.cable());
        return end.up() && end.on(bridge);
    }

    /** Puts the machine's end back on the bridge. */
    void mend(Plug plug) throws IOException {
        Interface.ip(attach(plug), hairpin(plug));
    }

    private String attach(Plug plug) {
        return "link set " + plug.cable() + " master " + bridge + " up";
    }

    /** A pod may reach itself through a Service. */
    private static String hairpin(Plug plug) {
        return "link set " + plug.cable() + " type bridge_slave hairpin on";
    }
}
