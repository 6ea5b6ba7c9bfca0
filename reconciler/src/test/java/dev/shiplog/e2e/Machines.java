package dev.shiplog.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Machines on one machine, for tests of clusters of several: each has a network, mounts and a host
 * name of its own, and lives as long as the process that holds them. In the middle stands a router
 * with a switch: some machines share its link ("near"), others are one hop away ("far").
 *
 * <p>A holder ends by itself after half an hour, so nothing outlives a test that was killed for
 * long.
 */
final class Machines implements AutoCloseable {
    /** Longest life of a machine, in seconds. */
    private static final int LIFE_SECONDS = 1_800;

    private static final long END_SECONDS = 10;

    /** Between the machines, and what is outside of them. */
    static final String ROUTER = "router";

    private static final String NEAR_GATEWAY = "192.0.2.1";
    private static final String FAR_GATEWAY = "192.0.2.65";

    private final Shell shell;
    private final Path folder;
    private final Map<String, Process> holders = new LinkedHashMap<>();

    /**
     * @param folder where machines put what they need; deleted by somebody else
     */
    Machines(Shell shell, Path folder) {
        this.shell = shell;
        this.folder = folder;
        hold(ROUTER);
        on(ROUTER, "ip link add switch type bridge");
        on(ROUTER, "ip addr add " + NEAR_GATEWAY + "/26 dev switch");
        on(ROUTER, "ip link set switch up");
        on(ROUTER, "echo 1 >/proc/sys/net/ipv4/ip_forward");
    }

    /** A machine whose link others share. */
    void near(String name, String address) {
        plug(name);
        on(ROUTER, "ip link set to-" + name + " master switch up");
        on(name, "ip addr add " + address + "/26 dev eth0");
        on(name, "ip link set eth0 up && ip route add default via " + NEAR_GATEWAY);
    }

    /** The one machine that others reach through the router only. */
    void far(String name, String address) {
        plug(name);
        on(ROUTER, "ip addr add " + FAR_GATEWAY + "/26 dev to-" + name);
        on(ROUTER, "ip link set to-" + name + " up");
        on(name, "ip addr add " + address + "/26 dev eth0");
        on(name, "ip link set eth0 up && ip route add default via " + FAR_GATEWAY);
    }

    private void plug(String name) {
        hold(name);
        on(
                ROUTER,
                "ip link add to-"
                        + name
                        + " type veth peer name eth0 netns "
                        + holders.get(name).pid());
    }

    /** Pulls a machine's cable, or plugs it in again. */
    void link(String name, boolean up) {
        on(ROUTER, "ip link set to-" + name + (up ? " up" : " down"));
    }

    private void hold(String name) {
        Path ready = folder.resolve(name + ".ready");
        Path cgroups = folder.resolve("cgroups");
        // A new /sys shows the machine's own links; what was mounted on the old one is kept.
        String script =
                String.join(
                        "\n",
                        "set -e",
                        "hostname " + name,
                        "mkdir -p " + cgroups,
                        "mount --rbind /sys/fs/cgroup " + cgroups,
                        "mount -t sysfs sysfs /sys",
                        "mount --rbind " + cgroups + " /sys/fs/cgroup",
                        "ip link set lo up",
                        "touch " + ready,
                        "exec sleep " + LIFE_SECONDS);
        try {
            Process holder =
                    shell.start(
                            List.of(
                                    "unshare",
                                    "--net",
                                    "--mount",
                                    "--uts",
                                    "--propagation",
                                    "slave",
                                    "sh",
                                    "-c",
                                    script),
                            folder.resolve(name + ".log").toFile());
            holders.put(name, holder);
            Await.until(
                    "machine " + name,
                    () -> Files.exists(ready) || !holder.isAlive(),
                    Boolean::booleanValue);
            if (!holder.isAlive()) {
                throw new IllegalStateException(
                        "machine "
                                + name
                                + " did not come up: "
                                + Files.readString(folder.resolve(name + ".log")));
            }
        } catch (IOException e) {
            throw new IllegalStateException("machine " + name + " cannot be made", e);
        }
    }

    /** What is put before a command to run it on a machine. */
    List<String> prefix(String name) {
        return List.of(
                "nsenter",
                "--target",
                Long.toString(holders.get(name).pid()),
                "--mount",
                "--net",
                "--uts",
                "--wd=" + folder,
                "--");
    }

    /** A line of shell on a machine; it must succeed. */
    String on(String name, String line) {
        return tryOn(name, line).ok();
    }

    /** A line of shell on a machine. */
    Shell.Result tryOn(String name, String line) {
        List<String> command = new ArrayList<>(prefix(name));
        command.addAll(List.of("sh", "-c", line));
        return shell.run(command);
    }

    /** What the router, which is no node, gets from a URL. */
    Shell.Result fetchFromOutside(String url, String... headers) {
        StringBuilder line = new StringBuilder("curl -sS -i --max-time 5 ");
        for (String header : headers) {
            line.append("-H '").append(header).append("' ");
        }
        return tryOn(ROUTER, line.append(url).toString());
    }

    @Override
    public void close() {
        for (Process holder : holders.values()) {
            holder.destroyForcibly();
        }
        try {
            for (Process holder : holders.values()) {
                boolean _ = holder.waitFor(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
