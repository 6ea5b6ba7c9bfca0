package dev.shiplog.e2e;

import dev.shiplog.resource.Json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * What the API costs: a server as users start it, in a process of its own, asked over TLS with a
 * token on connections that stay open. Beside each rate stands the processor time of the server a
 * request, which says more than the rate where others use the machine. Prints medians; asserts
 * nothing.
 *
 * <p>Reads are asked for twice: by a client in this process, which costs as much as the server, and
 * by {@link Wrk} where it is installed.
 *
 * <p>Arguments: which of {@code get list commits events watch}; none for all. Asked for by name
 * only: {@code curve}, what a write costs from the first on, as the server's code is compiled and
 * the cluster grows; {@code curve=10} for ten thousand of each.
 */
final class ApiBench {
    private static final int RUNS = 3;
    private static final int SECONDS_PER_RUN = 4;

    /** A server that just started compiles its code while it answers. */
    private static final int WARM_UP_SECONDS = 8;

    private static final int PODS = 1_000;
    private static final int WATCHERS = 1_000;
    private static final int CHANGES_A_SECOND = 100;
    private static final int WATCH_SECONDS = 10;
    private static final int CURVE_POINTS = 3;
    private static final String CURVE = "curve";
    private static final int CURVE_STEP = 1_000;
    private static final int MAX_REQUESTS_PER_RUN = 200_000;

    /**
     * What is created stays: on a quick machine, runs that were bounded by time alone would fill
     * the server's memory.
     */
    private static final int MAX_CREATES_PER_RUN = 2_000;

    /** Of Linux: the unit of processor times in /proc. */
    private static final double TICKS_A_SECOND = 100;

    private static final String NAMESPACE = "/api/v1/namespaces/bench/";

    private final TestCluster cluster;
    private final AtomicInteger sequence = new AtomicInteger();

    private ApiBench(TestCluster cluster) {
        this.cluster = cluster;
    }

    public static void main(String[] arguments) throws Exception {
        Set<String> wanted =
                new TreeSet<>(
                        arguments.length > 0
                                ? List.of(arguments)
                                : List.of("get", "list", "commits", "events", "watch"));
        try (TestCluster cluster = new TestCluster("bench")) {
            new ApiBench(cluster).run(wanted);
        }
    }

    private void run(Set<String> wanted) throws Exception {
        cluster.shiplog("start", "--runtime", "simulated").ok();
        Wire.Server server = server();
        String owner;
        try (Wire wire = server.connect()) {
            wire.call(
                            "POST",
                            "/api/v1/namespaces",
                            "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"bench\"}}")
                    .expect(201);
            owner =
                    uid(
                            wire.call("POST", NAMESPACE + "configmaps", configMap("owner"))
                                    .expect(201));
        }
        measured(
                "fill: pods that are events, 16 callers",
                server,
                16,
                PODS,
                wire -> {
                    pod(wire, owner);
                });
        if (wanted.contains("get")) {
            gets(server);
        }
        if (wanted.contains("list")) {
            lists(server);
        }
        if (wanted.contains("commits")) {
            commits(server, 16);
            commits(server, 1);
        }
        if (wanted.contains("events")) {
            created(
                    "create Pods that are events, 16 callers",
                    server,
                    16,
                    wire -> pod(wire, owner));
        }
        if (wanted.contains("watch")) {
            watch(server);
        }
        for (String mode : wanted) {
            if (mode.startsWith(CURVE)) {
                String[] parts = mode.split("=", 2);
                curve(server, owner, parts.length > 1 ? Integer.parseInt(parts[1]) : CURVE_POINTS);
            }
        }
    }

    private void curve(Wire.Server server, String owner, int points) throws Exception {
        for (int i = 1; i <= points; i++) {
            measured(
                    "create Pods that are events, 16 callers, thousand " + i,
                    server,
                    16,
                    CURVE_STEP,
                    wire -> pod(wire, owner));
        }
        for (int i = 1; i <= points; i++) {
            measured(
                    "create ConfigMaps that are commits, 16, thousand " + i,
                    server,
                    16,
                    CURVE_STEP,
                    this::commit);
        }
    }

    private void gets(Wire.Server server) throws Exception {
        Load get =
                wire ->
                        wire.send(
                                        wire.get(
                                                NAMESPACE
                                                        + "pods/p"
                                                        + (1 + sequence.incrementAndGet() % PODS)))
                                .expect(200);
        warm(server, 16, get);
        series("GET one pod, 1 connection", server, 1, get);
        series("GET one pod, 16 connections", server, 16, get);
        List<String> pods =
                IntStream.rangeClosed(1, PODS).mapToObj(i -> NAMESPACE + "pods/p" + i).toList();
        byWrk("GET one pod, 1 connection", server, pods, "Accept: application/json", 1);
        byWrk("GET one pod, 16 connections", server, pods, "Accept: application/json", 16);
    }

    private void lists(Wire.Server server) throws Exception {
        for (String encoding : List.of("identity", "gzip")) {
            Load list =
                    wire ->
                            wire.send(wire.get(NAMESPACE + "pods", "Accept-Encoding: " + encoding))
                                    .expect(200);
            warm(server, 4, list);
            series("LIST 1,000 pods, " + encoding + ", 1 connection", server, 1, list);
            series("LIST 1,000 pods, " + encoding + ", 4 connections", server, 4, list);
            List<String> path = List.of(NAMESPACE + "pods");
            String header = "Accept-Encoding: " + encoding;
            byWrk("LIST 1,000 pods, " + encoding + ", 1 connection", server, path, header, 1);
            byWrk("LIST 1,000 pods, " + encoding + ", 4 connections", server, path, header, 4);
        }
    }

    private void commits(Wire.Server server, int callers) throws Exception {
        created(
                "create ConfigMaps that are commits, " + callers + " callers",
                server,
                callers,
                this::commit);
    }

    private void commit(Wire wire) {
        wire.call("POST", NAMESPACE + "configmaps", configMap(next("c"))).expect(201);
    }

    private void pod(Wire wire, String owner) {
        wire.call(
                        "POST",
                        NAMESPACE + "pods",
                        """
                        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s","labels":{"app":"bench"},
                         "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"%s"}]},
                         "spec":{"schedulerName":"nobody","containers":[{"name":"main","image":"busybox:1.37",
                         "command":["sleep","1d"],"resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}]}}
                        """
                                .formatted(next("p"), owner))
                .expect(201);
    }

    private String next(String prefix) {
        return prefix + sequence.incrementAndGet();
    }

    private static String configMap(String name) {
        return """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{"app":"bench"}},
         "data":{"database":"postgres://db.example.org:5432/shop","level":"info","retries":"5",
         "motd":"A few words that somebody wrote to be read at the start of the program."}}
        """
                .formatted(name);
    }

    private void watch(Wire.Server server) throws Exception {
        long before = residentMebibytes();
        String version;
        try (Wire wire = server.connect()) {
            version =
                    Json.parse(wire.call("GET", NAMESPACE + "pods?limit=1", "").expect(200).text())
                            .toNode()
                            .path("metadata")
                            .path("resourceVersion")
                            .asText();
        }
        List<Wire> wires = new ArrayList<>();
        long[][] latencies = new long[WATCHERS][2 * CHANGES_A_SECOND * WATCH_SECONDS];
        int[] counts = new int[WATCHERS];
        List<Thread> readers = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(WATCHERS);
        for (int i = 0; i < WATCHERS; i++) {
            Wire wire = server.small();
            wires.add(wire);
            int mine = i;
            readers.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                wire.begin(
                                        wire.get(
                                                NAMESPACE
                                                        + "pods?watch=true&resourceVersion="
                                                        + version));
                                begun.countDown();
                                Sightings sightings = new Sightings(latencies[mine]);
                                while (wire.more(sightings)) {
                                    counts[mine] = sightings.count;
                                }
                            }));
        }
        if (!begun.await(120, TimeUnit.SECONDS)) {
            throw new IllegalStateException("expected " + WATCHERS + " watches, found fewer");
        }
        long during = residentMebibytes();
        int changes = CHANGES_A_SECOND * WATCH_SECONDS;
        AtomicInteger turn = new AtomicInteger();
        // Each caller changes its own pod.
        Map<Wire, Integer> pods = Collections.synchronizedMap(new IdentityHashMap<>());
        double cpu = cpuSeconds();
        long begin = System.nanoTime();
        together(
                server,
                8,
                wire -> {
                    int number = turn.getAndIncrement();
                    if (number >= changes) {
                        return false;
                    }
                    LockSupport.parkNanos(
                            begin
                                    + number * (1_000_000_000L / CHANGES_A_SECOND)
                                    - System.nanoTime());
                    wire.call(
                                    "PATCH",
                                    NAMESPACE
                                            + "pods/p"
                                            + pods.computeIfAbsent(wire, _ -> pods.size() + 1)
                                            + "/status",
                                    "{\"status\":{\"message\":\"@@%016x\"}}"
                                            .formatted(System.nanoTime()))
                            .expect(200);
                    return true;
                });
        double seconds = (System.nanoTime() - begin) / 1e9;
        // What is still under way: a second is enough, or it was too late anyway.
        Thread.sleep(1_000);
        double used = cpuSeconds() - cpu;
        long after = residentMebibytes();
        wires.forEach(Wire::close);
        for (Thread reader : readers) {
            reader.join();
        }
        long[] all =
                IntStream.range(0, WATCHERS)
                        .mapToObj(i -> Arrays.stream(latencies[i], 0, counts[i]))
                        .flatMapToLong(one -> one)
                        .sorted()
                        .toArray();
        System.out.printf(
                Locale.ROOT,
                "%d watchers, %.0f changes/s: %,d of %,d delivered, request to delivery p50 %.1f ms,"
                        + " p99 %.1f ms; server %.1f µs CPU a delivery; resident MiB %d before, %d with"
                        + " watchers, %d after%n",
                WATCHERS,
                changes / seconds,
                all.length,
                (long) WATCHERS * changes,
                at(all, 0.5) / 1e6,
                at(all, 0.99) / 1e6,
                1e6 * used / Math.max(1, all.length),
                before,
                during,
                after);
    }

    /** Finds the times that changes carry, and how long ago they were. */
    private static final class Sightings implements Wire.Looking {
        private static final int DIGITS = 16;

        private final long[] latencies;
        private int count;
        private int marks;
        private int digits;
        private long value;

        Sightings(long[] latencies) {
            this.latencies = latencies;
        }

        @Override
        public void at(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                byte b = bytes[i];
                if (digits > 0) {
                    value = value << 4 | Character.digit(b, 16);
                    if (--digits == 0 && count < latencies.length) {
                        latencies[count++] = System.nanoTime() - value;
                    }
                } else if (b != '@') {
                    marks = 0;
                } else if (++marks == 2) {
                    marks = 0;
                    digits = DIGITS;
                    value = 0;
                }
            }
        }
    }

    /** What one caller does, again and again. */
    private interface Load {
        void once(Wire wire);
    }

    private interface Step {
        /** Whether to go on. */
        boolean once(Wire wire);
    }

    /**
     * Processor time, in seconds in all, or in microseconds a request.
     *
     * @param compilers of the server's, what its compilers took
     * @param collector of the server's, what the collection of garbage took
     * @param client this process and those that it started
     */
    private record Costs(double server, double compilers, double collector, double client) {
        /** From a moment on, in microseconds for each of so many. */
        Costs since(Costs before, long requests) {
            double micros = 1e6 / requests;
            return new Costs(
                    micros * (server - before.server),
                    micros * (compilers - before.compilers),
                    micros * (collector - before.collector),
                    micros * (client - before.client));
        }
    }

    private record Run(double rate, double p50, double p99, Costs each) {}

    private void created(String what, Wire.Server server, int callers, Load create)
            throws Exception {
        once(server, callers, WARM_UP_SECONDS, MAX_CREATES_PER_RUN, create);
        series(what, server, callers, MAX_CREATES_PER_RUN, create);
    }

    private void warm(Wire.Server server, int callers, Load load) throws Exception {
        once(server, callers, WARM_UP_SECONDS, MAX_REQUESTS_PER_RUN, load);
    }

    private void series(String what, Wire.Server server, int callers, Load load) throws Exception {
        series(what, server, callers, MAX_REQUESTS_PER_RUN, load);
    }

    private void series(String what, Wire.Server server, int callers, int count, Load load)
            throws Exception {
        List<Run> runs = new ArrayList<>();
        List<Double> fsyncs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            fsyncs.add(fsyncRate());
            runs.add(once(server, callers, SECONDS_PER_RUN, count, load));
        }
        print(what, medians(runs), median(fsyncs));
    }

    private void byWrk(
            String what, Wire.Server server, List<String> paths, String header, int connections)
            throws IOException {
        Wrk wrk = new Wrk(cluster.shell(), cluster.base(), server.port(), server.token());
        if (!wrk.installed()) {
            System.out.println(what + ": wrk is not installed (on Debian: apt-get install wrk)");
            return;
        }
        List<Run> runs = new ArrayList<>();
        List<Double> fsyncs = new ArrayList<>();
        for (int i = 0; i < RUNS; i++) {
            fsyncs.add(fsyncRate());
            Costs before = costs();
            Wrk.Measured measured = wrk.get(paths, header, connections, SECONDS_PER_RUN);
            Costs each = costs().since(before, measured.requests());
            runs.add(new Run(measured.rate(), measured.p50(), measured.p99(), each));
        }
        print(what + ", by wrk", medians(runs), median(fsyncs));
    }

    private static Run medians(List<Run> runs) {
        return new Run(
                median(runs.stream().map(Run::rate).toList()),
                median(runs.stream().map(Run::p50).toList()),
                median(runs.stream().map(Run::p99).toList()),
                new Costs(
                        median(runs.stream().map(run -> run.each().server()).toList()),
                        median(runs.stream().map(run -> run.each().compilers()).toList()),
                        median(runs.stream().map(run -> run.each().collector()).toList()),
                        median(runs.stream().map(run -> run.each().client()).toList())));
    }

    private void measured(String what, Wire.Server server, int callers, int count, Load load)
            throws Exception {
        print(what, once(server, callers, 120, count, load), fsyncRate());
    }

    private static void print(String what, Run run, double fsyncs) {
        System.out.printf(
                Locale.ROOT,
                "%-48s %,8.0f/s  p50 %7.2f ms  p99 %7.2f ms  CPU a request: server %,6.0f µs"
                        + " (compilers %,.0f, collector %,.0f), client %,5.0f µs  (fsync loop %,.0f/s)%n",
                what,
                run.rate(),
                run.p50(),
                run.p99(),
                run.each().server(),
                run.each().compilers(),
                run.each().collector(),
                run.each().client(),
                fsyncs);
    }

    private Run once(Wire.Server server, int callers, int seconds, int count, Load load)
            throws Exception {
        AtomicInteger left = new AtomicInteger(count);
        AtomicLong done = new AtomicLong();
        long[] times = new long[count];
        Costs before = costs();
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        together(
                server,
                callers,
                wire -> {
                    if (left.getAndDecrement() <= 0 || System.nanoTime() > end) {
                        return false;
                    }
                    long sent = System.nanoTime();
                    load.once(wire);
                    times[(int) done.getAndIncrement()] = System.nanoTime() - sent;
                    return true;
                });
        double elapsed = (System.nanoTime() - begin) / 1e9;
        int n = (int) done.get();
        long[] sorted = Arrays.stream(times, 0, n).sorted().toArray();
        return new Run(
                n / elapsed,
                at(sorted, 0.5) / 1e6,
                at(sorted, 0.99) / 1e6,
                costs().since(before, n));
    }

    private static void together(Wire.Server server, int callers, Step step) throws Exception {
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            wires.add(server.connect());
        }
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (Wire wire : wires) {
            Thread thread =
                    Thread.ofVirtual()
                            .unstarted(() -> {
                                while (step.once(wire)) {
                                    // The step says when it is enough.
                                }
                            });
            thread.setUncaughtExceptionHandler((_, failure) -> {
                synchronized (failures) {
                    failures.add(failure);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        wires.forEach(Wire::close);
        if (!failures.isEmpty()) {
            throw new IllegalStateException(
                    failures.size() + " callers failed", failures.getFirst());
        }
    }

    private static double at(long[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String uid(Wire.Answer answer) {
        return Json.parse(answer.text()).toNode().path("metadata").path("uid").asText();
    }

    /** As many small records made durable one after another, on the disk that the server uses. */
    private double fsyncRate() throws IOException {
        Path file = cluster.base().resolve("fsync");
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] record = new byte[410];
            long begin = System.nanoTime();
            long end = begin + TimeUnit.SECONDS.toNanos(1);
            long count = 0;
            while (System.nanoTime() < end) {
                channel.write(ByteBuffer.wrap(record));
                channel.force(false);
                count++;
            }
            return count / ((System.nanoTime() - begin) / 1e9);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private long pid() throws IOException {
        return Json.parse(Files.readString(cluster.folder().resolve("server.json")))
                .toNode()
                .path("pid")
                .asLong();
    }

    private double cpuSeconds() throws IOException {
        return cpuSeconds(String.valueOf(pid()));
    }

    /** Since they began. */
    private Costs costs() throws IOException {
        return new Costs(
                cpuSeconds(),
                threadSeconds("C1 CompilerThre", "C2 CompilerThre"),
                threadSeconds("VM Thread"),
                cpuSeconds("self") + endedChildren());
    }

    /** See proc_pid_stat(5): cutime and cstime. */
    private static double endedChildren() throws IOException {
        String[] fields = statFields(Files.readString(Path.of("/proc/self/stat")));
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_A_SECOND;
    }

    /** See proc_pid_stat(5): utime and stime. */
    private static double cpuSeconds(String process) throws IOException {
        return cpuSecondsOf(Files.readString(Path.of("/proc/" + process + "/stat")));
    }

    /** What the server's threads of these names took; Linux keeps fifteen letters of a name. */
    private double threadSeconds(String... names) throws IOException {
        double seconds = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                Path stat = thread.resolve("stat");
                String text = Files.exists(stat) ? Files.readString(stat) : "";
                for (String name : names) {
                    seconds += text.contains("(" + name + ")") ? cpuSecondsOf(text) : 0;
                }
            }
        }
        return seconds;
    }

    private static double cpuSecondsOf(String stat) {
        String[] fields = statFields(stat);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
    }

    /** Those that follow the name. */
    private static String[] statFields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    private long residentMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) / 1024)
                .sum();
    }

    private Wire.Server server() throws IOException, GeneralSecurityException {
        int port = URI.create(cluster.status().path("apiServer").asText()).getPort();
        String authority =
                Files.readAllLines(cluster.folder().resolve("kubeconfig")).stream()
                        .filter(line -> line.contains("certificate-authority-data:"))
                        .map(line ->
                                line.substring(line.indexOf(':') + 1).replace("\"", "").strip())
                        .findFirst()
                        .orElseThrow();
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Base64.getDecoder().decode(authority))));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocketFactory factory = context.getSocketFactory();
        String token = Files.readString(cluster.folder().resolve("token")).strip();
        return new Wire.Server(factory, port, token);
    }
}
