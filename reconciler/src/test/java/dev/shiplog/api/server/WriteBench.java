package dev.shiplog.api.server;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.api.stream.Streams;
import dev.shiplog.api.tls.AdminToken;
import dev.shiplog.api.tls.TlsFiles;
import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.decide.RandomIds;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.axon.AxonLedger;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.loop.Controllers;
import dev.shiplog.loop.Loop;
import dev.shiplog.loop.QuartzDueTimes;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.secret.Keyring;
import dev.shiplog.resource.secret.SealingKey;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.resource.yaml.PlainSecrets;
import dev.shiplog.source.SealedManifests;
import dev.shiplog.source.WriteMode;
import dev.shiplog.source.jgit.ServedRepository;

import jdk.jfr.Configuration;
import jdk.jfr.Recording;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * What a write costs without HTTP, TLS and the disk: requests handed to the API's handler, with
 * ledger, repository and controllers as in a server, in a folder that should be a RAM disk. Beside
 * processor time it tells what is allocated, which hardly moves with the load of the machine.
 *
 * <p>Arguments: {@code events} or {@code commits}; how many, in thousands; callers; a folder. With
 * {@code -Dprofile=FILE} the second half is recorded.
 */
final class WriteBench {
    private static final int STEP = 1_000;
    private static final SourceName SOURCE = new SourceName("cluster");
    private static final SortedMap<String, String> NONE = Collections.emptySortedMap();

    private WriteBench() {}

    public static void main(String[] arguments) throws Exception {
        boolean commits = arguments[0].equals("commits");
        int thousands = Integer.parseInt(arguments[1]);
        int callers = Integer.parseInt(arguments[2]);
        Path folder = Files.createTempDirectory(Path.of(arguments[3]), "write-bench");
        Keyring keys = new Keyring(SealingKey.generate(), List.of());
        SecretDocuments secrets = new SecretDocuments(() -> keys);
        InstantSource clock = InstantSource.system();
        try {
            run(folder, commits, thousands, callers, secrets, clock);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> {
                            boolean _ = file.toFile().delete();
                        });
            }
        }
        // The due times' threads are not daemons.
        System.exit(0);
    }

    private static void run(
            Path folder,
            boolean commits,
            int thousands,
            int callers,
            SecretDocuments secrets,
            InstantSource clock)
            throws Exception {
        try (AxonLedger ledger =
                        AxonLedger.open(
                                SqliteJournal.open(folder.resolve("log.db")),
                                clock::instant,
                                new RandomIds(new SecureRandom()));
                ServedRepository repository =
                        ServedRepository.open(
                                new ServedRepository.Config(
                                        SOURCE,
                                        folder.resolve("repository.git"),
                                        "file:///repo",
                                        "main",
                                        "",
                                        WriteMode.COMMIT),
                                Optional.empty(),
                                Optional.empty(),
                                ledger,
                                new SealedManifests(secrets, PlainSecrets.REFUSED),
                                clock);
                Loop loop =
                        new Loop(ledger, Controllers.all(), new QuartzDueTimes(), clock::instant)) {
            submit(
                    ledger,
                    new ResourceCommand.CreateResource(
                            ResourceKey.namespace("bench"), "v1", NONE, NONE, Json.EMPTY));
            submit(
                    ledger,
                    new NodeCommand.RegisterNode(
                            new NodeName("n1"),
                            new TreeMap<>(),
                            Json.parse("{\"spec\":{}}"),
                            Json.parse(
                                    "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}")));
            repository.sync();
            loop.start();
            ApiServer.Parts parts =
                    ApiServer.parts(
                            new ApiConfig(
                                    ledger,
                                    InetAddress.getLoopbackAddress(),
                                    0,
                                    TlsFiles.open(folder.resolve("tls"), List.of(), Instant.now()),
                                    Optional.of(AdminToken.open(folder.resolve("token"))),
                                    Authorizer.masters(),
                                    (_, _, _, _, _) -> {},
                                    Streams.of(new FakeContainers()),
                                    repository.declarations(),
                                    Optional.empty(),
                                    List.of(),
                                    clock::instant,
                                    secrets,
                                    new BesideStore(clock::instant),
                                    Duration.ofSeconds(2)));
            String owner =
                    ledger.state()
                            .resource(ResourceKey.namespace("bench"))
                            .orElseThrow()
                            .uid()
                            .value();
            AtomicInteger sequence = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Recording recording = new Recording(Configuration.getConfiguration("profile"));
            for (int step = 0; step < thousands; step++) {
                if (step == thousands / 2 && System.getProperty("profile") != null) {
                    recording.start();
                }
                long cpu = cpu();
                long allocated = allocated();
                long begin = System.nanoTime();
                CountDownLatch done = new CountDownLatch(callers);
                AtomicInteger left = new AtomicInteger(STEP);
                for (int i = 0; i < callers; i++) {
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (left.getAndDecrement() > 0) {
                                        Reply reply =
                                                parts.handler()
                                                        .handle(
                                                                commits
                                                                        ? configMap(sequence)
                                                                        : pod(sequence, owner));
                                        if (reply.code() != 201) {
                                            throw new IllegalStateException(
                                                    new String(
                                                            ((Reply.Whole) reply).body(),
                                                            StandardCharsets.UTF_8));
                                        }
                                    }
                                } catch (Exception e) {
                                    failure.set(e);
                                }
                                done.countDown();
                            });
                }
                done.await();
                if (failure.get() != null) {
                    throw new IllegalStateException(failure.get());
                }
                System.out.printf(
                        Locale.ROOT,
                        "%s, %d callers, thousand %d: %,7.0f µs of processor time, %,6.1f kB allocated, %,6.0f/s%n",
                        commits ? "commits" : "events",
                        callers,
                        step + 1,
                        (cpu() - cpu) / 1e3 / STEP,
                        (allocated() - allocated) / 1e3 / STEP,
                        STEP * 1e9 / (System.nanoTime() - begin));
            }
            if (System.getProperty("profile") != null) {
                recording.dump(Path.of(System.getProperty("profile")));
            }
        }
    }

    private static void submit(AxonLedger ledger, Command command) throws Exception {
        var _ =
                ledger.submit(command, Origin.request("system:bench", "bench"))
                        .get(10, TimeUnit.SECONDS);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getTotalThreadAllocatedBytes();
    }

    private static Request pod(AtomicInteger sequence, String owner) {
        return new Post(
                "/api/v1/namespaces/bench/pods",
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p%d","labels":{"app":"bench"},
                 "ownerReferences":[{"apiVersion":"v1","kind":"Namespace","name":"bench","uid":"%s"}]},
                 "spec":{"schedulerName":"nobody","containers":[{"name":"main","image":"busybox:1.37",
                 "command":["sleep","1d"],"resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}]}}
                """
                        .formatted(sequence.incrementAndGet(), owner));
    }

    private static Request configMap(AtomicInteger sequence) {
        return new Post(
                "/api/v1/namespaces/bench/configmaps",
                """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c%d","labels":{"app":"bench"}},
                 "data":{"database":"postgres://db.example.org:5432/shop","level":"info","retries":"5",
                 "motd":"A few words that somebody wrote to be read at the start of the program."}}
                """
                        .formatted(sequence.incrementAndGet()));
    }

    private record Post(String rawPath, String text) implements Request {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public Query query() {
            return Query.parse("");
        }

        @Override
        public Optional<String> header(String name) {
            return name.equalsIgnoreCase("Content-Type")
                    ? Optional.of("application/json")
                    : Optional.empty();
        }

        @Override
        public Identity identity() {
            return new Identity("admin", new TreeSet<>(List.of(Identity.MASTERS)));
        }

        @Override
        public String id() {
            return rawPath + System.nanoTime();
        }

        @Override
        public InputStream body() throws IOException {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
