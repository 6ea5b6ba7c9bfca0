package dev.shiplog.node.network.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How many questions a second are answered, and how long one takes: over UDP on loopback, from
 * clients that each wait for their answer, about the names of 10,000 Services; alone, and while the
 * cluster changes a hundred times a second.
 */
public final class DnsBench {
    private static final int SERVICES = 10_000;
    private static final int CLIENTS = 8;
    private static final int WARM_UP_SECONDS = 5;
    private static final int SECONDS = 10;
    private static final int MOST_SAMPLES = 4_000_000;

    private DnsBench() {}

    /** No arguments. */
    public static void main(String[] arguments) throws Exception {
        FakeCluster cluster = new FakeCluster().namespace("default");
        for (int i = 0; i < SERVICES; i++) {
            service(cluster, i, 0);
        }
        long begin = System.nanoTime();
        try (ClusterDns dns =
                ClusterDns.start(
                        cluster,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List::of)) {
            System.out.printf(
                    "%,d Services taken up in %d ms%n",
                    SERVICES, (System.nanoTime() - begin) / 1_000_000);
            run(dns.address(), WARM_UP_SECONDS);
            System.out.println("alone:          " + run(dns.address(), SECONDS));
            CountDownLatch end = new CountDownLatch(1);
            Thread changes =
                    Thread.ofPlatform().start(() -> {
                        try {
                            for (int i = 0; !end.await(10, TimeUnit.MILLISECONDS); i++) {
                                service(cluster, i % SERVICES, i);
                            }
                        } catch (InterruptedException _) {
                            Thread.currentThread().interrupt();
                        }
                    });
            System.out.println("100 changes/s:  " + run(dns.address(), SECONDS));
            end.countDown();
            changes.join(TimeUnit.SECONDS.toMillis(5));
        }
    }

    private static void service(FakeCluster cluster, int number, int round) {
        cluster.service(
                "default",
                "service-" + number,
                "{\"clusterIP\":\"10.96.%d.%d\",\"ports\":[{\"name\":\"p%d\",\"port\":80}]}"
                        .formatted(number / 250, number % 250, round));
    }

    private static String run(InetSocketAddress server, int seconds) throws Exception {
        long[][] samples = new long[CLIENTS][];
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long cpu = processorNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            threads.add(
                    Thread.ofPlatform().start(() -> {
                        try {
                            samples[client] = ask(server, client, end);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long[] all = Arrays.stream(samples).flatMapToLong(Arrays::stream).sorted().toArray();
        return "%,d/s, p50 %d µs, p99 %d µs, p99.9 %d µs; %.1f µs of processor a question, client and server"
                .formatted(
                        all.length / seconds,
                        all[all.length / 2] / 1_000,
                        all[(int) (all.length * 0.99)] / 1_000,
                        all[(int) (all.length * 0.999)] / 1_000,
                        (processorNanos() - cpu) / 1_000.0 / all.length);
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long[] ask(InetSocketAddress server, int client, long end) throws IOException {
        long[] times = new long[MOST_SAMPLES / CLIENTS];
        int count = 0;
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(server);
            ByteBuffer answer = ByteBuffer.allocate(512);
            for (int i = client; System.nanoTime() < end && count < times.length; i++) {
                byte[] question =
                        Message.newQuery(
                                        Record.newRecord(
                                                Name.fromString(
                                                        "service-"
                                                                + i * 31 % SERVICES
                                                                + ".default.svc.cluster.local."),
                                                Type.A,
                                                DClass.IN))
                                .toWire();
                long begin = System.nanoTime();
                channel.write(ByteBuffer.wrap(question));
                channel.read(answer.clear());
                times[count++] = System.nanoTime() - begin;
                if (answer.get(1) != question[1] || answer.get(7) != 1) {
                    throw new IOException("expected an answer with one address, found another");
                }
            }
        }
        return Arrays.copyOf(times, count);
    }
}
