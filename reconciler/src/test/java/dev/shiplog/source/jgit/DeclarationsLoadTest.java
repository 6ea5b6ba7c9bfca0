package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.decide.RandomIds;
import dev.shiplog.journal.axon.AxonLedger;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.source.Author;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.Pusher;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How many creates a second, with the real log and a real disk: {@code -Dload=true}. */
@EnabledIfSystemProperty(named = "load", matches = "true")
class DeclarationsLoadTest {
    @TempDir Path root;

    @Test
    void creates() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        for (int n = 0; n < 4; n++) {
            Files.writeString(files.resolve("n" + n + ".yaml"), Yaml.namespace("load" + n));
        }
        Instant start = Instant.now();
        try (Ledger ledger =
                        AxonLedger.open(
                                SqliteJournal.open(root.resolve("log.db")),
                                Instant::now,
                                new RandomIds(new SecureRandom()));
                ServedRepository repository =
                        ServedRepository.open(
                                new ServedRepository.Config(
                                        Cluster.SOURCE,
                                        root.resolve("git/cluster.git"),
                                        "/git/cluster.git",
                                        "main",
                                        ""),
                                Optional.of(files),
                                Optional.empty(),
                                ledger,
                                Manifests::decode,
                                InstantSource.system())) {
            repository.sync();
            run(repository, "load0", 16, 1_000);
            run(repository, "load1", 1, 1_000);
            run(repository, "load2", 16, 5_000);
        }
        System.out.println("all of it: " + Duration.between(start, Instant.now()));
        GitCommand bare = new GitCommand(root, root.resolve("git/cluster.git"));
        bare.git("fsck", "--strict");
        String counted = bare.git("rev-list", "--count", "main").strip();
        assertTrue(counted.endsWith("7001"), counted);
        System.out.println(bare.git("count-objects", "-v").replace("\n", ", "));
    }

    private static void run(ServedRepository repository, String namespace, int callers, int count)
            throws Exception {
        Declarations declarations = repository.declarations();
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        try (ExecutorService executor = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> all = new ArrayList<>();
            for (int c = 0; c < callers; c++) {
                all.add(
                        executor.submit(() -> {
                            for (int i = next.getAndIncrement();
                                    i < count;
                                    i = next.getAndIncrement()) {
                                String name = "rc-" + callers + "-" + count + "-" + i;
                                assertInstanceOf(
                                        Result.Written.class,
                                        declarations
                                                .write(edit(namespace, name))
                                                .get(60, TimeUnit.SECONDS));
                            }
                            return null;
                        }));
            }
            for (Future<?> one : all) {
                one.get(300, TimeUnit.SECONDS);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "%d callers, %d creates in %.2f s: %.0f/s%n",
                callers, count, seconds, count / seconds);
    }

    private static Edit edit(String namespace, String name) {
        Json document =
                Json.parse(
                        """
                        {"apiVersion":"v1","kind":"ReplicationController",
                         "metadata":{"name":"%s","namespace":"%s"},
                         "spec":{"replicas":0,"selector":{"app":"a"},"template":{
                           "metadata":{"labels":{"app":"a"}},
                           "spec":{"containers":[{"name":"main","image":"busybox:1.37"}]}}}}
                        """
                                .formatted(name, namespace));
        ResourceKey key = ResourceKey.parse("ReplicationController/" + namespace + "/" + name);
        return new Edit(
                new Author("ann", "ann@shiplog.local"),
                new Pusher("ann"),
                "Create ReplicationController " + name + "\n\nShiplog-Actor: user:ann\n",
                List.of(new Change.Put(key, Optional.empty(), document)),
                false);
    }
}
