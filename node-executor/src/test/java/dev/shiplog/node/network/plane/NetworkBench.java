package dev.shiplog.node.network.plane;

import dev.shiplog.node.linux.Inside;
import dev.shiplog.node.linux.NetworkNamespace;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.node.network.pod.Plug;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.resource.NodeName;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a Service costs: connections and bytes by its address beside the pod's own, the time to
 * program many, and from a change of endpoints to the first connection that follows it. Prints;
 * asserts nothing. Root on Linux.
 */
final class NetworkBench {
    private static final int CONNECTIONS = 2_000;
    private static final long BYTES = 1L << 30;
    private static final int SERVICES = 10_000;
    private static final int CHANGES = 20;
    private static final String VIP = "10.111.224.5";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int ANSWER_MILLIS = 200;
    private static final Duration TRY = Duration.ofMillis(20);

    private NetworkBench() {}

    public static void main(String[] args) throws Exception {
        Nft.prepare();
        String run = UUID.randomUUID().toString().substring(0, 6);
        PodNetwork pods =
                PodNetwork.of(
                        NetworkNames.of("bench-" + run, "here"), Subnet.parse("10.224.0.0/24"));
        FakeView view = new FakeView();
        view.node("here", "127.0.0.1", pods.prepare(Optional.empty()).toString());
        try (Netns server = Netns.make("shlbench-" + run + "-s");
                Netns client = Netns.make("shlbench-" + run + "-c");
                NodeNetwork network =
                        new NodeNetwork(
                                pods, run, new NodeName("here"), view, OptionalInt.empty())) {
            network.start();
            network.ready().get(60, TimeUnit.SECONDS);
            String address = pods.allocate();
            pods.plugIn(new Plug(run + "01", address, List.of()), server.path());
            String other = pods.allocate();
            pods.plugIn(new Plug(run + "02", other, List.of()), client.path());
            server.serve(8080, "one");
            source(server);
            web(view, address, 8080);
            view.service(
                    "bulk",
                    "{\"type\":\"ClusterIP\",\"clusterIP\":\"10.111.224.6\",\"ports\":[{\"port\":81,\"protocol\":\"TCP\"}]}",
                    "{}");
            view.endpoints("bulk", 8081, "TCP", address + "@here");
            follow(client, "one");
            connections("pod's address", client, address, 8080);
            connections("Service's address", client, VIP, 80);
            bytes("pod's address", client, address, 8081);
            bytes("Service's address", client, "10.111.224.6", 81);
            many(view, client, address);
            connections("Service's address, with 10,000 others", client, VIP, 80);
            changes(view, client, server, address);
        } finally {
            pods.purge();
        }
    }

    private static void web(FakeView view, String address, int port) {
        view.service(
                "web",
                "{\"type\":\"ClusterIP\",\"clusterIP\":\"%s\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}"
                        .formatted(VIP),
                "{}");
        view.endpoints("web", port, "TCP", address + "@here");
    }

    /** Writes bytes to whoever connects. */
    private static void source(Netns server) throws Exception {
        ServerSocketChannel listening =
                Inside.call(
                        server.path(),
                        () ->
                                ServerSocketChannel.open(StandardProtocolFamily.INET)
                                        .bind(new InetSocketAddress(8081)));
        Thread.ofVirtual()
                .start(() -> {
                    while (true) {
                        try (SocketChannel to = listening.accept()) {
                            ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 18);
                            for (long sent = 0; sent < BYTES; ) {
                                sent += to.write(chunk.clear());
                            }
                        } catch (IOException closed) {
                            return;
                        }
                    }
                });
    }

    private static SocketChannel connect(Netns client, String address, int port)
            throws IOException, InterruptedException {
        return NetworkNamespace.connect(
                client.path(),
                List.of(new InetSocketAddress(InetAddress.ofLiteral(address), port)),
                LIMIT);
    }

    private static void connections(String what, Netns client, String address, int port)
            throws Exception {
        long[] micros = new long[CONNECTIONS];
        ByteBuffer answer = ByteBuffer.allocate(100);
        for (int i = 0; i < CONNECTIONS; i++) {
            long begin = System.nanoTime();
            try (SocketChannel channel = connect(client, address, port)) {
                channel.read(answer.clear());
            }
            micros[i] = (System.nanoTime() - begin) / 1_000;
        }
        Arrays.sort(micros);
        System.out.printf(
                "connect and one answer, %s: median %d us, 99th percentile %d us%n",
                what, micros[CONNECTIONS / 2], micros[CONNECTIONS * 99 / 100]);
    }

    private static void bytes(String what, Netns client, String address, int port)
            throws Exception {
        ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 18);
        long begin = System.nanoTime();
        long got = 0;
        try (SocketChannel channel = connect(client, address, port)) {
            for (int read = 0; read >= 0; read = channel.read(chunk.clear())) {
                got += read;
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf("throughput, %s: %.2f GiB/s%n", what, got / seconds / (1L << 30));
    }

    /**
     * Until a Service's address leads somewhere. A connection that was begun before never gets
     * there, so each try is one of its own and short.
     */
    private static void answers(Netns client, String vip) throws Exception {
        while (true) {
            InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(vip), 80);
            try (SocketChannel channel =
                    NetworkNamespace.connect(client.path(), List.of(to), TRY)) {
                channel.socket().setSoTimeout(ANSWER_MILLIS);
                if (channel.socket().getInputStream().read() == 'o') {
                    return;
                }
            } catch (IOException notYet) {
                LockSupport.parkNanos(TRY.toNanos() / 2);
            }
        }
    }

    /** From the first of many Services being told of to the last one's first answer. */
    private static void many(FakeView view, Netns client, String address) throws Exception {
        view.hold();
        for (int i = 0; i < SERVICES; i++) {
            view.service(
                    "many-" + i,
                    "{\"type\":\"NodePort\",\"clusterIP\":\"10.112.%d.%d\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}"
                            .formatted(i / 250, i % 250 + 1),
                    "{}");
            view.endpoints("many-" + i, 8080, "TCP", address + "@here", "10.224.0.250@here");
        }
        view.service(
                "last",
                "{\"type\":\"ClusterIP\",\"clusterIP\":\"10.112.250.1\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}",
                "{}");
        view.endpoints("last", 8080, "TCP", address + "@here");
        view.service(
                "zz",
                "{\"type\":\"ClusterIP\",\"clusterIP\":\"10.112.250.2\",\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}",
                "{}");
        view.endpoints("zz", 8080, "TCP", address + "@here");
        long begin = System.nanoTime();
        view.release();
        answers(client, "10.112.250.1");
        answers(client, "10.112.250.2");
        System.out.printf(
                "10,000 Services of 2 endpoints programmed: %d ms%n",
                (System.nanoTime() - begin) / 1_000_000);
    }

    private static void follow(Netns client, String answer) throws Exception {
        while (!client.ask(VIP, 80).startsWith(answer)) {
            Thread.onSpinWait();
        }
    }

    private static void changes(FakeView view, Netns client, Netns server, String address)
            throws Exception {
        server.serve(8082, "two");
        long[] millis = new long[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            long begin = System.nanoTime();
            view.endpoints("web", i % 2 == 0 ? 8082 : 8080, "TCP", address + "@here");
            follow(client, i % 2 == 0 ? "two" : "one");
            millis[i] = (System.nanoTime() - begin) / 1_000_000;
        }
        Arrays.sort(millis);
        System.out.printf(
                "change of endpoints to the first connection that follows it, among 10,000"
                        + " Services: median %d ms, longest %d ms%n",
                millis[CHANGES / 2], millis[CHANGES - 1]);
    }
}
