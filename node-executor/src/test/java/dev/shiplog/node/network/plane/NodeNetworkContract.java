package dev.shiplog.node.network.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.linux.Inside;
import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.linux.Sctp;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.node.network.pod.HostPort;
import dev.shiplog.node.network.pod.Interface;
import dev.shiplog.node.network.pod.Plug;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a packet meets on a real kernel: pods are bare network namespaces, the outside is one more
 * on a link of its own.
 */
abstract class NodeNetworkContract {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How often the kernel is looked at here: nobody waits for the usual time. */
    private static final Duration OFTEN = Duration.ofSeconds(1);

    static final Subnet CLUSTER = Subnet.parse("10.222.0.0/16");
    static final String VIP = "10.111.222.5";
    private static final String NODE_ADDRESS = "192.0.2.129";
    private static final String OUTSIDE_ADDRESS = "192.0.2.130";

    final String run = UUID.randomUUID().toString().substring(0, 6);
    final NetworkNames names = NetworkNames.of("test-" + run, "here");
    final List<Netns> namespaces = new ArrayList<>();
    final Queue<String> lacking = new ConcurrentLinkedQueue<>();
    final FakeView view = new FakeView();
    Optional<NodeNetwork> network = Optional.empty();
    PodNetwork pods = PodNetwork.of(names, CLUSTER);

    abstract PlaneKind plane();

    /** Whether endpoints see who asks, and connections last longer than the program. */
    abstract boolean transparent();

    @BeforeEach
    void open() throws Exception {
        Optional<String> objection = PodNetwork.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        pods = PodNetwork.of(names, Subnet.parse("10.222.0.0/24"));
        Subnet range = pods.prepare(Optional.empty());
        view.node("here", "127.0.0.1", range.toString());
        start();
    }

    void start() throws Exception {
        start(plane());
    }

    void start(PlaneKind plane) throws Exception {
        NodeNetwork started =
                new NodeNetwork(
                        pods,
                        "test-" + run,
                        new NodeName("here"),
                        view,
                        OptionalInt.empty(),
                        Optional.empty(),
                        plane,
                        new NodeNetwork.Listener() {
                            @Override
                            public void mended(List<String> parts) {}

                            @Override
                            public void lacking(String what) {
                                lacking.add(what);
                            }
                        });
        network = Optional.of(started);
        started.checkEvery(OFTEN);
        started.start();
        started.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        network.ifPresent(NodeNetwork::close);
        for (Netns namespace : namespaces) {
            namespace.close();
        }
        if (PodNetwork.objection().isEmpty()) {
            pods.purge();
            assertFalse(new Interface(names.bridge()).exists());
            assertEquals(Optional.empty(), new Nft(names.podTable()).text());
            assertEquals(Optional.empty(), new Nft(names.serviceTable()).text());
        }
    }

    record Pod(Netns netns, String address) {
        String ask(String where, int port) throws InterruptedException {
            return netns.ask(where, port);
        }
    }

    Pod pod(String name, HostPort... ports) throws Exception {
        Netns netns = Netns.make("shltest-" + run + "-" + name);
        namespaces.add(netns);
        String address = pods.allocate();
        String id = "%06x%06x".formatted(Integer.parseInt(run, 16), namespaces.size());
        pods.plugIn(new Plug(id, address, List.of(ports)), netns.path());
        return new Pod(netns, address);
    }

    Pod server(String name, HostPort... ports) throws Exception {
        Pod pod = pod(name, ports);
        pod.netns.serve(8080, name);
        await(name + " serves", () -> Netns.askFromHere(pod.address, 8080).startsWith(name));
        return pod;
    }

    /** Another machine on a link of its own. */
    private Netns outside() throws Exception {
        Netns outside = Netns.make("shltest-" + run + "-outside");
        namespaces.add(outside);
        String link = "sho-" + run;
        Interface.ip(
                "link add " + link + " type veth peer name eth0 netns " + outside.path(),
                "addr add " + NODE_ADDRESS + "/30 dev " + link,
                "link set " + link + " up");
        outside.run("ip", "link", "set", "lo", "up");
        outside.run("ip", "addr", "add", OUTSIDE_ADDRESS + "/30", "dev", "eth0");
        outside.run("ip", "link", "set", "eth0", "up");
        outside.run("ip", "route", "add", "default", "via", NODE_ADDRESS);
        return outside;
    }

    static String spec(String type, String more) {
        return "{\"type\":\"%s\",\"clusterIP\":\"%s\"%s}".formatted(type, VIP, more);
    }

    static String ports(String more) {
        return ",\"ports\":[{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":8080" + more + "}]";
    }

    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("expected within " + PATIENCE.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Test
    void guideRow59PodsSeeEachOthersOwnAddress() throws Exception {
        Pod one = server("one");
        Pod two = pod("two");
        await("they talk", () -> two.ask(one.address, 8080).startsWith("one " + two.address + ":"));
    }

    @Test
    void guideRow75AServicesAddressLeadsToItsPodsFromPodsAndFromTheNode() throws Exception {
        Pod one = server("one");
        Pod two = server("two");
        Pod client = pod("client");
        view.service("web", spec("ClusterIP", ports("")), "{}");
        await("refused", () -> client.ask(VIP, 80).contains("refused"));
        assertTrue(Netns.askFromHere(VIP, 80).contains("refused"));
        view.endpoints("web", 8080, "TCP", one.address + "@here", two.address + "@here");
        await("it leads", () -> client.ask(VIP, 80).matches("(one|two) .*"));
        Set<String> answered = new HashSet<>();
        await(
                "both answer",
                () -> {
                    String answer = client.ask(VIP, 80);
                    assertEquals(transparent(), answer.contains(client.address + ":"), answer);
                    answered.add(answer.split(" ", -1)[0]);
                    return answered.size() == 2;
                });
        assertTrue(Netns.askFromHere(VIP, 80).matches("(one|two) .*"));
        // A port that it does not have.
        assertTrue(client.ask(VIP, 81).contains("refused"));
        // A pod reaches itself through its Service.
        view.endpoints("web", 8080, "TCP", one.address + "@here");
        await("one alone", () -> one.ask(VIP, 80).startsWith("one "));
        view.endpoints("web", 8080, "TCP");
        await("refused again", () -> client.ask(VIP, 80).contains("refused"));
        view.endpoints("web", 8080, "TCP", two.address + "@here");
        await("the other one", () -> client.ask(VIP, 80).startsWith("two "));
        view.remove(GroupKind.SERVICE, "web");
        await("gone", () -> !client.ask(VIP, 80).startsWith("two"));
    }

    @Test
    void guideRow77AClientStaysWithItsEndpointWhileThatIsThere() throws Exception {
        Pod one = server("one");
        Pod two = server("two");
        Pod client = pod("client");
        view.service(
                "web",
                spec(
                        "ClusterIP",
                        ",\"sessionAffinity\":\"ClientIP\",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":600}}"
                                + ports("")),
                "{}");
        view.endpoints("web", 8080, "TCP", one.address + "@here", two.address + "@here");
        await("it leads", () -> client.ask(VIP, 80).matches("(one|two) .*"));
        String first = client.ask(VIP, 80).split(" ", -1)[0];
        for (int i = 0; i < 12; i++) {
            assertEquals(first, client.ask(VIP, 80).split(" ", -1)[0]);
        }
        if (transparent()) {
            // A program that starts again forgets nothing of it.
            network.orElseThrow().close();
            start();
            for (int i = 0; i < 12; i++) {
                assertEquals(first, client.ask(VIP, 80).split(" ", -1)[0]);
            }
        }
        Pod other = first.equals("one") ? two : one;
        view.endpoints("web", 8080, "TCP", other.address + "@here");
        await(
                "the other one",
                () ->
                        client.ask(VIP, 80).matches("(one|two) .*")
                                && !client.ask(VIP, 80).startsWith(first));
    }

    @Test
    void guideRow83NodePortsLeadFromTheOutsideAndFromTheLoopback() throws Exception {
        Pod one = server("one");
        Netns outside = outside();
        view.service("web", spec("NodePort", ports(",\"nodePort\":30987")), "{}");
        view.endpoints("web", 8080, "TCP", one.address + "@here");
        await("it leads", () -> outside.ask(NODE_ADDRESS, 30987).startsWith("one "));
        // The cluster's policy hides who asked.
        assertFalse(outside.ask(NODE_ADDRESS, 30987).contains(OUTSIDE_ADDRESS));
        assertTrue(Netns.askFromHere("127.0.0.1", 30987).startsWith("one "));
        assertTrue(Netns.askFromHere(NODE_ADDRESS, 30987).startsWith("one "));
        Pod client = pod("client");
        // Hidden too, as kube-proxy does: the policy is the port's, whoever asks.
        await("a pod is led too", () -> client.ask(NODE_ADDRESS, 30987).startsWith("one "));
    }

    @Test
    void guideRow84ALocalPolicyKeepsTheClientsAddressAndDropsWithoutEndpointsHere()
            throws Exception {
        Pod one = server("one");
        Netns outside = outside();
        String local = ",\"externalTrafficPolicy\":\"Local\"";
        view.service("web", spec("NodePort", local + ports(",\"nodePort\":30986")), "{}");
        view.endpoints("web", 8080, "TCP", one.address + "@here");
        await(
                "it leads",
                () -> outside.ask(NODE_ADDRESS, 30986).startsWith("one " + seen(OUTSIDE_ADDRESS)));
        view.endpoints("web", 8080, "TCP", one.address + "@there");
        // Dropped, not refused, where we can; the node itself is led all the same.
        await(
                "dropped",
                () ->
                        outside.ask(NODE_ADDRESS, 30986)
                                .contains(transparent() ? "no answer" : "reset"));
        assertTrue(Netns.askFromHere(NODE_ADDRESS, 30986).startsWith("one "));
    }

    @Test
    void guideRow85ABalancedAddressLeadsAndSaysWhetherItIsServedHere() throws Exception {
        Pod one = server("one");
        Netns outside = outside();
        view.service(
                "web",
                spec(
                        "LoadBalancer",
                        ",\"externalTrafficPolicy\":\"Local\",\"healthCheckNodePort\":30985,"
                                + "\"loadBalancerSourceRanges\":[\"192.0.2.0/24\"]"
                                + ports(",\"nodePort\":30984")),
                "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"" + NODE_ADDRESS + "\"}]}}");
        view.endpoints("web", 8080, "TCP", one.address + "@here");
        await(
                "it leads",
                () -> outside.ask(NODE_ADDRESS, 80).startsWith("one " + seen(OUTSIDE_ADDRESS)));
        await("healthy", () -> health(outside).contains("\"localEndpoints\":1"));
        view.endpoints("web", 8080, "TCP", one.address + "@there");
        await("unhealthy", () -> health(outside).contains("503"));
    }

    private String seen(String client) {
        return transparent() ? client + ":" : "";
    }

    private static String health(Netns outside) throws Exception {
        return Inside.call(
                outside.path(),
                () -> {
                    try (Socket client = new Socket(NODE_ADDRESS, 30985)) {
                        client.getOutputStream()
                                .write(
                                        "GET /healthz HTTP/1.0\r\n\r\n"
                                                .getBytes(StandardCharsets.UTF_8));
                        return new String(
                                client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException refused) {
                        return String.valueOf(refused.getMessage());
                    }
                });
    }

    @Test
    void datagramsAreLedToo() throws Exception {
        Pod one = pod("one");
        one.netns.serveUdp(9053, "one");
        Pod client = pod("client");
        view.service(
                "names",
                "{\"type\":\"ClusterIP\",\"clusterIP\":\""
                        + VIP
                        + "\",\"ports\":[{\"port\":53,\"protocol\":\"UDP\"}]}",
                "{}");
        view.endpoints("names", 9053, "UDP", one.address + "@here");
        try (DatagramChannel datagrams = client.netns.datagrams(VIP, 53)) {
            await("an answer", () -> Netns.send(datagrams).startsWith("one "));
            Pod two = pod("two");
            two.netns.serveUdp(9053, "two");
            view.endpoints("names", 9053, "UDP", two.address + "@here");
            // One client, one socket: it must not stay with the endpoint that is gone.
            assumeTrue(!transparent() || Programs.installed("conntrack"), "no conntrack");
            await("the other one", () -> Netns.send(datagrams).startsWith("two "));
        }
    }

    @Test
    void anExternalAddressLeadsFromTheOutside() throws Exception {
        Pod one = server("one");
        Netns outside = outside();
        view.service(
                "web", spec("ClusterIP", ",\"externalIPs\":[\"198.51.100.77\"]" + ports("")), "{}");
        view.endpoints("web", 8080, "TCP", one.address + "@here");
        await("from outside", () -> outside.ask("198.51.100.77", 80).startsWith("one "));
        await("from a pod", () -> pod("client").ask("198.51.100.77", 80).startsWith("one "));
        view.service("web", spec("ClusterIP", ports("")), "{}");
        await("no more", () -> !outside.ask("198.51.100.77", 80).startsWith("one "));
    }

    @Test
    void aBalancedAddressIsFenced() throws Exception {
        Pod one = server("one");
        Netns outside = outside();
        view.service(
                "web",
                spec(
                        "LoadBalancer",
                        ",\"loadBalancerSourceRanges\":[\"203.0.113.0/24\"]" + ports("")),
                "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"" + NODE_ADDRESS + "\"}]}}");
        view.endpoints("web", 8080, "TCP", one.address + "@here");
        await("from the node", () -> Netns.askFromHere(NODE_ADDRESS, 80).startsWith("one "));
        assertFalse(outside.ask(NODE_ADDRESS, 80).startsWith("one "));
    }

    @Test
    void aServiceOfSctpIsToldWhereTheKernelHasNone() throws Exception {
        view.service(
                "signals",
                spec("ClusterIP", ",\"ports\":[{\"port\":2905,\"protocol\":\"SCTP\"}]"),
                "{}");
        view.service("web", spec("ClusterIP", ports("")), "{}");
        Pod one = server("one");
        view.endpoints("web", 8080, "TCP", one.address + "@here");
        await("the next one leads", () -> Netns.askFromHere(VIP, 80).startsWith("one "));
        assertEquals(
                Sctp.objection()
                        .map(reason -> List.of("Service default/signals: " + reason))
                        .orElse(List.of()),
                List.copyOf(lacking));
    }
}
