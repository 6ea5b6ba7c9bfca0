package dev.shiplog.e2e;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.event.EventCodec;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.History;
import dev.shiplog.ledger.JournalHistory;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A cluster of its own for a test: the launcher, real git and real kubectl, in a folder that is
 * deleted afterwards.
 */
final class TestCluster implements AutoCloseable {
    private static final Set<String> STARTS = Set.of("demo", "start");

    /**
     * Below the ports that Linux gives to connections, so that none is taken between two starts.
     */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 29_999;

    private final Path base;
    private final int port = freePort();
    private final Path root;
    private final String profile;
    private final boolean elsewhere;

    /** The one that was asked last, if any. */
    private final List<Look> looks = new ArrayList<>(1);

    private final Shell shell;

    TestCluster(String profile) {
        this(profile, false, (_, _) -> List.of());
    }

    /**
     * A cluster that runs somewhere else than right here.
     *
     * @param machine gives the words before each command, of a shell here and a folder
     */
    TestCluster(String profile, BiFunction<Shell, Path, List<String>> machine) {
        this(profile, true, machine);
    }

    private TestCluster(
            String profile, boolean elsewhere, BiFunction<Shell, Path, List<String>> machine) {
        try {
            this.profile = profile;
            this.elsewhere = elsewhere;
            root = Path.of(System.getProperty("shiplog.root", ".")).toAbsolutePath();
            base = Files.createTempDirectory("shiplog-e2e-");
            Files.writeString(
                    base.resolve("gitconfig"),
                    "[user]\n\tname = Jane Doe\n\temail = jane@example.com\n[init]\n\tdefaultBranch = main\n");
            Map<String, String> environment = new TreeMap<>();
            environment.put("SHIPLOG_HOME", base.resolve("home").toString());
            environment.put("HOME", base.toString());
            environment.put("SHIPLOG_NO_BUILD", "1");
            environment.put("GIT_CONFIG_GLOBAL", base.resolve("gitconfig").toString());
            environment.put("GIT_CONFIG_NOSYSTEM", "1");
            environment.put("GIT_TERMINAL_PROMPT", "0");
            environment.put("KUBECONFIG", folder().resolve("kubeconfig").toString());
            Shell here = new Shell(base, environment);
            shell = here.through(machine.apply(here, base));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port of its own: a clone must find the cluster again after any restart. */
    private static int freePort() {
        int span = LAST_PORT - FIRST_PORT + 1;
        // Far from where the forks beside this one look: they may have taken theirs down for a
        // moment.
        int start = (int) (ProcessHandle.current().pid() * 101 % span);
        for (int i = 0; i < span; i++) {
            int candidate = FIRST_PORT + (start + i) % span;
            try (ServerSocket _ =
                    new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return candidate;
            } catch (IOException _) {
                // Somebody has it.
            }
        }
        throw new IllegalStateException(
                "expected a free port between "
                        + FIRST_PORT
                        + " and "
                        + LAST_PORT
                        + ", found none");
    }

    /** The profile's folder. */
    Path folder() {
        return base.resolve("home").resolve(profile);
    }

    Path base() {
        return base;
    }

    Shell shell() {
        return shell;
    }

    String launcher() {
        return root.resolve("ops/shiplog").toString();
    }

    Shell.Result shiplog(String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-p", profile));
        if (STARTS.contains(arguments[0])) {
            command.addAll(List.of("--port", String.valueOf(port)));
        }
        return shell.run(command);
    }

    Shell.Result kubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        return shell.run(command);
    }

    JsonNode kubectlJson(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("-o", "json"));
        return Json.parse(kubectl(command.toArray(String[]::new)).ok()).toNode();
    }

    /** What {@code shiplog status} prints. */
    JsonNode status() {
        return Json.parse(shiplog("status", "-o", "json").ok()).toNode();
    }

    /** What {@code shiplog status} asks for, of a cluster that runs. */
    JsonNode standing() {
        return look("/shiplog/v1/status");
    }

    /** What {@code shiplog replay --verify} compares the log with, of a cluster that runs. */
    JsonNode proof() {
        return look("/shiplog/v1/proof");
    }

    /**
     * Waits until the cluster is what Git declares. Asked as cheaply as can be: each {@code shiplog
     * status} is a JVM, and takes from the cluster the processor that it needs to become ready.
     */
    void awaitReady() {
        Await.until(
                "phase Ready",
                this::standing,
                status -> status.path("phase").asText().equals("Ready"));
    }

    /**
     * Asks the log itself, as {@code shiplog state} and {@code shiplog log} do, but in this process
     * and for as many positions as wanted; the cluster may run meanwhile.
     */
    <T> T history(Function<History, T> question) {
        try (Journal journal = SqliteJournal.openReadOnly(log())) {
            return question.apply(new JournalHistory(journal, EventCodec.STANDARD));
        }
    }

    /** The log's file. */
    Path log() {
        return folder().resolve("log.db");
    }

    /** Waits until a selector finds pods that fit. */
    List<JsonNode> awaitPods(
            String namespace, String selector, String what, Predicate<List<JsonNode>> fits) {
        return Await.until(what, () -> pods(namespace, selector), fits);
    }

    List<JsonNode> pods(String namespace, String selector) {
        List<JsonNode> pods = new ArrayList<>();
        look("/api/v1/namespaces/"
                        + namespace
                        + "/pods?labelSelector="
                        + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .path("items")
                .forEach(pods::add);
        return pods;
    }

    /** What the API has at a path; see {@link Look}. */
    private JsonNode look(String path) {
        if (elsewhere) {
            return Json.parse(kubectl("get", "--raw", path).ok()).toNode();
        }
        try {
            return looking().at(path);
        } catch (UncheckedIOException _) {
            // The server may be another one by now.
            endLooking();
            return looking().at(path);
        }
    }

    private Look looking() {
        if (looks.isEmpty()) {
            looks.add(new Look(folder()));
        }
        return looks.getFirst();
    }

    private void endLooking() {
        looks.forEach(Look::close);
        looks.clear();
    }

    static boolean ready(JsonNode pod) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return false;
        }
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** A fresh clone of the cluster's repository. */
    Shell cloned(String name) {
        shiplog("clone", base.resolve(name).toString()).ok();
        return shell.in(base.resolve(name));
    }

    @Override
    public void close() {
        endLooking();
        Shell.Result deleted = shiplog("delete");
        try (var files = Files.walk(base)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the test's folder " + base + " could not be deleted", e);
        }
        deleted.ok();
    }
}
