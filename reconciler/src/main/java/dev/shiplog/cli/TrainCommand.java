package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.audit.Moment;
import dev.shiplog.audit.Trail;
import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.NativeCrypto;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;
import dev.shiplog.event.EventCodec;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.sqlite.NativeLibrary;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.JournalHistory;

import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a cluster and its client through their ordinary work, with simulated pods, so that the JVMs
 * of both can keep what they learnt in an AOT cache (JEP 514). Called by the launcher after a
 * build, in a home of its own.
 */
@Command(
        name = "train",
        hidden = true,
        description = "Warm up for an AOT cache; called by the launcher.")
final class TrainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long the server may take to write its cache. */
    private static final Duration WRITING = Duration.ofMinutes(2);

    private static final int REPEATS = 5;

    /** Of a server that keeps nothing of what it learns; see {@code ops/lib/jvm.sh}. */
    private static final Map<String, String> UNTRAINED =
            Map.of("SHIPLOG_AOT_OUTPUT", "", "SHIPLOG_NO_AOT", "1");

    @Override
    public Integer call() throws Exception {
        Path libraries = Path.of(System.getenv("SHIPLOG_AOT_OUTPUT"), "native");
        NativeLibrary.unpack(libraries);
        NativeCrypto.unpack(libraries);
        Profile profile = Profile.of("train", System.getenv());
        profile.create();
        Settings settings =
                Settings.DEFAULT
                        .change()
                        .runtime("simulated")
                        .seed(
                                Optional.of(
                                        Path.of(System.getenv("SHIPLOG_DIST"), "manifests-example")
                                                .toString()))
                        .build();
        // The first start leaves what the second one finds, which alone is learnt from.
        run(profile, settings, UNTRAINED, _ -> {});
        run(
                profile,
                settings,
                Map.of(),
                client -> {
                    read(client);
                    ask(profile);
                });
        return 0;
    }

    private static void run(
            Profile profile,
            Settings settings,
            Map<String, String> environment,
            Consumer<ServerClient> work)
            throws Exception {
        Display display =
                new Display(new PrintWriter(System.out, false, StandardCharsets.UTF_8), false);
        Endpoint endpoint = new Launch(profile, display, environment).ensureRunning(settings);
        ProcessHandle server = endpoint.process().orElseThrow();
        try (ServerClient client = ServerClient.open(profile, endpoint)) {
            awaitReady(client);
            work.accept(client);
        } finally {
            // It writes while it ends; the launcher takes what it wrote even if this client failed.
            server.destroy();
            server.onExit().get(WRITING.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void awaitReady(ServerClient client) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode status = Launch.status(client);
        while (!status.path("phase").asText().equals("Ready")) {
            if (System.nanoTime() > deadline) {
                throw new CommandFailure("the training cluster did not become Ready: " + status);
            }
            Thread.sleep(Duration.ofMillis(50));
            status = Launch.status(client);
        }
    }

    private static void read(ServerClient client) {
        for (int i = 0; i < REPEATS; i++) {
            client.get("/api", PATIENCE);
            client.get("/apis", PATIENCE);
            client.get("/version", PATIENCE);
            client.get("/api/v1/pods", PATIENCE);
            client.get("/api/v1/nodes", PATIENCE);
            client.get("/apis/apps/v1/deployments?limit=500", PATIENCE);
            client.get("/shiplog/v1/proof", PATIENCE);
        }
        // As a node asks for its pods.
        client.post(
                "/api/v1/namespaces/default/serviceaccounts/default/token",
                "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\",\"spec\":{}}",
                PATIENCE);
    }

    private static void ask(Profile profile) {
        try (Journal journal = SqliteJournal.openReadOnly(profile.log())) {
            JournalHistory history = new JournalHistory(journal, EventCodec.STANDARD);
            history.stateAt(new Moment(history, Instant.now(), ZoneOffset.UTC).find("now"));
            Trail.Question all =
                    new Trail.Question(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Trail.Telling.EVERYTHING);
            new Trail(history)
                    .newest(all, 10)
                    .forEach(event -> {
                        EventLine.of(event);
                        EventJson.of(event);
                    });
        }
    }
}
