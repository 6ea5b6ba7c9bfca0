package dev.shiplog.node.network.plane;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.network.pod.PodNetwork;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Pods of different nodes: two nodes on one link, a third behind a router. Each node is a network
 * namespace with a program of its own in it.
 */
class SeveralNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VIP = "10.111.223.5";

    private final String run = UUID.randomUUID().toString().substring(0, 6);
    private final List<AutoCloseable> opened = new ArrayList<>();

    /** A node with the way to talk to its program. */
    private record Node(Netns netns, Process process, BufferedReader answers, PrintWriter orders) {
        String order(String words) throws IOException {
            orders.println(words);
            orders.flush();
            String answer = answers.readLine();
            return answer == null ? "the node's program ended" : answer;
        }
    }

    private record Pod(Netns netns, String address) {}

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void podsReachEachOtherOverTheLinkAndThroughTheTunnelAsThemselves() throws Exception {
        Optional<String> objection = PodNetwork.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        Netns router = netns("router");
        Netns one = netns("one");
        Netns two = netns("two");
        Netns three = netns("three");
        router.run("ip", "link", "add", "near", "type", "bridge");
        router.run("ip", "addr", "add", "192.0.2.1/26", "dev", "near");
        router.run("ip", "link", "set", "near", "up");
        router.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        link(router, "port-a", one, "192.0.2.11/26", "192.0.2.1", true);
        link(router, "port-b", two, "192.0.2.12/26", "192.0.2.1", true);
        link(router, "port-c", three, "192.0.2.66/26", "192.0.2.65", false);
        router.run("ip", "addr", "add", "192.0.2.65/26", "dev", "port-c");
        Node first = node(one, "one");
        Node second = node(two, "two");
        Node third = node(three, "three");
        Pod client = pod(first, 1);
        Pod near = pod(second, 2);
        Pod far = pod(third, 3);
        near.netns.serve(8080, "near");
        far.netns.serve(8080, "far");
        await("over the link", () -> seen(client, near.address, 8080, "near"));
        await("through the tunnel", () -> seen(client, far.address, 8080, "far"));
        String routes = one.run("ip", "route");
        assertTrue(routes.contains("10.223.2.0/24 via 192.0.2.12"), routes);
        assertTrue(routes.contains("10.223.3.0/24 via 10.223.3.0 dev shx-"), routes);
        // A Service whose endpoint is on another node: from a pod, and by every node's port.
        for (Node node : List.of(first, second, third)) {
            node.order("service " + VIP + " " + far.address + "@three");
        }
        await("by the Service", () -> seen(client, VIP, 80, "far"));
        await("by a node's port", () -> near.netns.ask("192.0.2.11", 30080).startsWith("far "));
        await("on the node", () -> one.ask(VIP, 80).startsWith("far "));
        await("by its own loopback", () -> one.ask("127.0.0.1", 30080).startsWith("far "));
    }

    private static boolean seen(Pod client, String address, int port, String name)
            throws InterruptedException {
        return client.netns.ask(address, port).startsWith(name + " " + client.address + ":");
    }

    private Netns netns(String name) throws Exception {
        Netns made = Netns.make("shltest-" + run + "-" + name);
        opened.add(made);
        made.run("ip", "link", "set", "lo", "up");
        return made;
    }

    private static void link(
            Netns router, String port, Netns node, String address, String gateway, boolean bridged)
            throws IOException {
        router.run(
                "ip",
                "link",
                "add",
                port,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                node.path().toString());
        if (bridged) {
            router.run("ip", "link", "set", port, "master", "near");
        }
        router.run("ip", "link", "set", port, "up");
        node.run("ip", "addr", "add", address, "dev", "eth0");
        node.run("ip", "link", "set", "eth0", "up");
        node.run("ip", "route", "add", "default", "via", gateway);
    }

    private Node node(Netns netns, String name) throws Exception {
        Process process =
                new ProcessBuilder(
                                "ip",
                                "netns",
                                "exec",
                                netns.path().getFileName().toString(),
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                NodeInNamespace.class.getName(),
                                run,
                                name,
                                "one=192.0.2.11=10.223.1.0/24",
                                "two=192.0.2.12=10.223.2.0/24",
                                "three=192.0.2.66=10.223.3.0/24")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        opened.add(() -> {
            process.getOutputStream().close();
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            process.destroyForcibly();
        });
        Node node =
                new Node(
                        netns,
                        process,
                        process.inputReader(StandardCharsets.UTF_8),
                        new PrintWriter(process.outputWriter(StandardCharsets.UTF_8)));
        String said = String.valueOf(node.answers.readLine());
        assertTrue(said.equals("ready"), said);
        return node;
    }

    private Pod pod(Node node, int number) throws Exception {
        Netns netns = netns("pod" + number);
        String id = "%06x%06x".formatted(Integer.parseInt(run, 16), number);
        return new Pod(netns, node.order("plug " + id + " " + netns.path()));
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("expected within " + PATIENCE.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
