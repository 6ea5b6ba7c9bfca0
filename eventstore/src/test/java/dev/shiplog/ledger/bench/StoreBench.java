package dev.shiplog.ledger.bench;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.decide.RandomIds;
import dev.shiplog.event.Event;
import dev.shiplog.event.EventCodec;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.axon.AxonLedger;
import dev.shiplog.journal.proof.Replay;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Prints what the store does on this machine. Arguments: {@code commands} or {@code replay}, the
 * folder to measure in (default a temporary one), and how many events to replay (default
 * 1,000,000).
 */
public final class StoreBench {
    private static final int SECONDS_PER_RUN = 4;
    private static final int RUNS = 3;
    private static final int RESOURCES = 1_000;
    private static final Origin ORIGIN = Origin.request("user:bench", "bench");

    private StoreBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder =
                arguments.length > 1
                        ? Files.createDirectories(Path.of(arguments[1]))
                        : Files.createTempDirectory("shiplog-bench");
        int events = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
        try {
            switch (arguments[0]) {
                case "commands" -> commands(folder);
                case "replay" -> replay(folder, events);
                default ->
                        throw new IllegalArgumentException(
                                "expected commands or replay, found " + arguments[0]);
            }
        } finally {
            deleteAll(folder);
        }
    }

    private static void commands(Path folder) throws Exception {
        try (AxonLedger ledger =
                AxonLedger.open(
                        SqliteJournal.open(folder.resolve("commands.db")),
                        Instant::now,
                        new RandomIds(new SecureRandom()))) {
            List<ResourceKey> keys = create(ledger);
            run(ledger, keys, 64); // warm-up
            for (int run = 0; run < RUNS; run++) {
                double fsync = fsyncRate(folder.resolve("fsync"));
                Rate one = run(ledger, keys, 1);
                Rate many = run(ledger, keys, 64);
                System.out.printf(
                        Locale.ROOT,
                        "fsync loop %,.0f/s; 1 caller %,.0f commands/s (%.0f %% of fsync),"
                                + " %.0f us of processor time each;"
                                + " 64 callers %,.0f commands/s, %.0f us each%n",
                        fsync,
                        one.perSecond(),
                        100 * one.perSecond() / fsync,
                        one.processorMicros(),
                        many.perSecond(),
                        many.processorMicros());
            }
        }
    }

    private static List<ResourceKey> create(Ledger ledger) throws Exception {
        List<ResourceKey> keys = new ArrayList<>();
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < RESOURCES; i++) {
            ResourceKey key = new ResourceKey(new GroupKind("", "ConfigMap"), "default", "c" + i);
            keys.add(key);
            Command create =
                    new ResourceCommand.CreateResource(
                            key, "v1", new TreeMap<>(), new TreeMap<>(), body(i));
            outcomes.add(ledger.submit(create, ORIGIN));
        }
        for (CompletableFuture<Outcome> outcome : outcomes) {
            outcome.get(60, TimeUnit.SECONDS);
        }
        return keys;
    }

    /** How often something was done, and what each took of the processors. */
    private record Rate(double perSecond, double processorMicros) {}

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Commands a second by so many callers, each waiting for its answer. */
    private static Rate run(Ledger ledger, List<ResourceKey> keys, int callers) throws Exception {
        AtomicLong done = new AtomicLong();
        AtomicLong sequence = new AtomicLong(System.nanoTime());
        long processor = processorNanos();
        long begin = System.nanoTime();
        long end = begin + TimeUnit.SECONDS.toNanos(SECONDS_PER_RUN);
        List<Thread> threads = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            int offset = caller;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                int turn = offset;
                                while (System.nanoTime() < end) {
                                    ResourceKey key = keys.get(turn % keys.size());
                                    turn += callers;
                                    update(ledger, key, sequence.incrementAndGet());
                                    done.incrementAndGet();
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new Rate(
                done.get() / ((System.nanoTime() - begin) / 1e9),
                (processorNanos() - processor) / 1e3 / done.get());
    }

    private static void update(Ledger ledger, ResourceKey key, long value) {
        Command command =
                new ResourceCommand.UpdateStatus(
                        key,
                        ledger.state().resource(key).orElseThrow().uid(),
                        Json.canonical(
                                ("{\"value\":" + value + "}")
                                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        Outcome outcome = ledger.submit(command, ORIGIN).orTimeout(60, TimeUnit.SECONDS).join();
        if (!(outcome instanceof Outcome.Applied)) {
            throw new IllegalStateException("expected an event, found " + outcome);
        }
    }

    private static double fsyncRate(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            byte[] record = new byte[410];
            long begin = System.nanoTime();
            long end = begin + TimeUnit.SECONDS.toNanos(2);
            long count = 0;
            while (System.nanoTime() < end) {
                channel.write(ByteBuffer.wrap(record));
                channel.force(false);
                count++;
            }
            return count / ((System.nanoTime() - begin) / 1e9);
        }
    }

    private static void replay(Path folder, int events) throws Exception {
        Path file = folder.resolve("replay.db");
        double bytes;
        try (SqliteJournal journal = SqliteJournal.open(file)) {
            bytes = fill(journal, events);
        }
        try (Journal journal = SqliteJournal.openReadOnly(file)) {
            for (int run = 0; run <= RUNS; run++) {
                long processor = processorNanos();
                Replay.Result result = Replay.verify(journal);
                double micros = (processorNanos() - processor) / 1e3 / result.events();
                System.out.printf(
                        Locale.ROOT,
                        "replay, %s: %,d events of %.0f bytes in %.2f s, %,.0f verified events/s,"
                                + " %.2f us of processor time each%n",
                        run == 0 ? "cold" : "warm",
                        result.events(),
                        bytes,
                        result.elapsed().toNanos() / 1e9,
                        result.eventsPerSecond(),
                        micros);
            }
        }
    }

    /** Half of them creations and changes of desired state, half of them status changes. */
    private static double fill(Journal journal, int events) throws Exception {
        int size = 1_000;
        long bytes = 0;
        CompletableFuture<List<StoredEvent>> last = new CompletableFuture<>();
        for (int first = 0; first < events; first += size) {
            List<NewEvent> batch = new ArrayList<>();
            for (int i = first; i < Math.min(first + size, events); i++) {
                NewEvent event = event(i);
                bytes += event.payload().length;
                batch.add(event);
            }
            last = journal.append(batch, AppendCondition.none());
        }
        last.get(10, TimeUnit.MINUTES);
        return (double) bytes / events;
    }

    private static NewEvent event(int number) {
        int resource = number % 5_000;
        ResourceKey key = ResourceKey.pod("shop", "web-" + resource);
        Uid uid = new Uid(new UUID(1, resource).toString());
        Event event =
                number < 5_000
                        ? new ResourceEvent.ResourceCreated(
                                key,
                                "v1",
                                uid,
                                new TreeMap<>(),
                                new TreeMap<>(),
                                List.of(),
                                List.of(),
                                body(number),
                                "",
                                dev.shiplog.resource.Json.EMPTY)
                        : number % 2 == 0
                                ? new ResourceEvent.ResourceRevised(key, uid, number, body(number))
                                : new ResourceEvent.StatusChanged(key, uid, body(number));
        EventCodec codec = EventCodec.STANDARD;
        String type = codec.type(event);
        return new NewEvent(
                new UUID(2, number).toString(),
                type,
                codec.version(type),
                Instant.ofEpochSecond(1_800_000_000L + number),
                ORIGIN,
                Tags.of(event),
                codec.encode(event));
    }

    private static Json body(int number) {
        return Json.canonical(
                ("{\"spec\":{\"containers\":[{\"command\":[\"httpd\",\"-f\",\"-p\",\"8080\"],"
                                + "\"image\":\"busybox:1.37\",\"name\":\"web\",\"ports\":"
                                + "[{\"containerPort\":8080,\"protocol\":\"TCP\"}],\"resources\":"
                                + "{\"requests\":{\"cpu\":\"100m\",\"memory\":\"64Mi\"}}}],"
                                + "\"restartPolicy\":\"Always\",\"sequence\":"
                                + number
                                + "}}")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
