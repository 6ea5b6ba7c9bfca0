package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.journal.Journal;
import dev.shiplog.journal.proof.Replay;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kills the whole program with SIGKILL at random moments while it works. After each death the log
 * must hold everything that was acknowledged, its chain must verify, the replayed state must equal
 * the live one; and once left in peace, the cluster must be what Git declares, with exactly one
 * live container for each container of each pod.
 *
 * <p>{@code -Dtorture.rounds=N} and {@code -Dtorture.seed=S} choose how often and with which luck.
 */
abstract class Torture {
    private static final Pattern APPLIED = Pattern.compile("position (\\d+)");
    private static final Pattern CREATED = Pattern.compile("configmap/(\\S+) created");
    private static final int ROUNDS_TO_PEACE = 10;
    private static final int LONGEST_LIFE_MILLIS = 1_500;

    private final String runtime;
    private final int rounds;
    private final long seed = Long.getLong("torture.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<String, Long> acknowledged = new TreeMap<>();

    /** Objects that kubectl was told are created, each by a commit of the server's. */
    private final Set<String> declared = new TreeSet<>();

    /**
     * @param rounds how often the program is killed if nobody says
     */
    Torture(String runtime, int rounds) {
        this.runtime = runtime;
        this.rounds = Integer.getInteger("torture.rounds", rounds);
    }

    /**
     * How many containers of the cluster live, by {@code <uid of the pod>/<container>}; asked of
     * whoever runs them, not of Shiplog.
     */
    abstract Map<String, Integer> liveContainers(TestCluster cluster);

    @Test
    void nothingAcknowledgedIsLostAndNoContainerIsDoubledOrForgotten()
            throws IOException, InterruptedException {
        System.out.println("torture on " + runtime + ": " + rounds + " rounds, seed " + seed);
        try (TestCluster cluster = new TestCluster("torture")) {
            cluster.shiplog("demo", "--runtime", runtime).ok();
            Shell clone = cluster.cloned("work");
            for (int round = 1; round <= rounds; round++) {
                live(cluster, clone, round);
                cluster.shiplog("start").ok();
                verifyLog(cluster, round);
                if (round % ROUNDS_TO_PEACE == 0 || round == rounds) {
                    cluster.awaitReady();
                    verifyByCommand(cluster, round);
                    verifyAcknowledged(cluster, round);
                    verifyDeclared(cluster, clone, round);
                    verifyContainers(cluster, round);
                }
            }
        }
    }

    /** Works on a running cluster and kills it meanwhile. */
    private void live(TestCluster cluster, Shell clone, int round)
            throws IOException, InterruptedException {
        clone.run("git", "fetch", "-q").ok();
        clone.run("git", "reset", "-q", "--hard", "origin/main").ok();
        int replicas = 1 + random.nextInt(4);
        clone.sh("sed -i 's/replicas: .*/replicas: " + replicas + "/' shop/frontend.yaml").ok();
        clone.run("git", "commit", "-q", "--allow-empty", "-am", "Round " + round).ok();
        String commit = clone.run("git", "rev-parse", "HEAD").ok().strip();

        List<JsonNode> pods = cluster.pods("shop", "app=shop,tier=frontend");
        File pushed = cluster.base().resolve("pushed").toFile();
        File deleted = cluster.base().resolve("deleted").toFile();
        Process push = clone.start(List.of("git", "push"), pushed);
        List<String> delete =
                new ArrayList<>(List.of("kubectl", "delete", "pod", "-n", "shop", "--wait=false"));
        pods.stream()
                .limit(1)
                .forEach(pod -> delete.add(pod.path("metadata").path("name").asText()));
        Process deletion = clone.start(delete, deleted);
        File created = cluster.base().resolve("created").toFile();
        Process creation = clone.start(List.of("sh", "-c", creations(round)), created);
        if (creating(round)) {
            Await.until(
                    "the first of the round's objects",
                    () -> text(created),
                    said -> CREATED.matcher(said).find());
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
        kill(cluster);
        push.waitFor();
        deletion.waitFor();
        creation.waitFor();
        CREATED.matcher(text(created)).results().forEach(line -> declared.add(line.group(1)));
        Matcher applied = APPLIED.matcher(Files.readString(pushed.toPath()));
        if (push.exitValue() == 0 && applied.find()) {
            acknowledged.put(commit, Long.parseLong(applied.group(1)));
        }
    }

    /** In every second round: a commit by the server makes a push from before it fail. */
    private static boolean creating(int round) {
        return round % 2 == 0;
    }

    private static String creations(int round) {
        return creating(round)
                ? "for i in 1 2 3; do kubectl create configmap -n shop round-"
                        + round
                        + "-$i --from-literal=round="
                        + round
                        + " || exit 1; done"
                : ":";
    }

    private static String text(File file) {
        try {
            return Files.readString(file.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void kill(TestCluster cluster) throws IOException {
        JsonNode endpoint =
                Json.parse(Files.readString(cluster.folder().resolve("server.json"))).toNode();
        ProcessHandle server = ProcessHandle.of(endpoint.path("pid").asLong()).orElseThrow();
        server.destroyForcibly();
        Await.until("the server to be dead", server::isAlive, alive -> !alive);
    }

    /**
     * What {@code shiplog replay --verify} does, in this process: the command itself is tried when
     * there is peace.
     */
    private void verifyLog(TestCluster cluster, int round) {
        JsonNode live = cluster.proof();
        try (Journal journal = SqliteJournal.openReadOnly(cluster.log())) {
            Replay.Result replayed =
                    Replay.verify(journal, new Position(live.path("position").asLong()));
            assertEquals(
                    live.path("stateHash").asText() + " " + live.path("headHash").asText(),
                    HexFormat.of().formatHex(replayed.stateHash())
                            + " "
                            + HexFormat.of().formatHex(replayed.headHash()),
                    () ->
                            "live and replayed, round "
                                    + round
                                    + ", seed "
                                    + seed
                                    + ", position "
                                    + replayed.head());
        }
    }

    private void verifyByCommand(TestCluster cluster, int round) {
        JsonNode proof =
                Json.parse(cluster.shiplog("replay", "--verify", "-o", "json").ok()).toNode();
        assertTrue(
                proof.path("verified").asBoolean(),
                () -> "round " + round + ", seed " + seed + ": " + proof);
        assertTrue(proof.path("comparedWithLive").asBoolean());
        assertEquals(
                proof.path("position").asLong(),
                proof.path("events").asLong(),
                "positions are dense");
    }

    /** Once for several deaths: what the log has once it keeps, as each of its proofs says. */
    private void verifyAcknowledged(TestCluster cluster, int round) {
        String log =
                cluster.shiplog("log", "--actor", "git:", "--limit", "100000", "-o", "json").ok();
        acknowledged.forEach((commit, position) ->
                assertTrue(
                        log.lines()
                                .map(line -> Json.parse(line).toNode())
                                .anyMatch(event ->
                                        event.path("position").asLong() <= position
                                                && event.path("event")
                                                        .path("commit")
                                                        .asText()
                                                        .equals(commit)),
                        () ->
                                "round "
                                        + round
                                        + ", seed "
                                        + seed
                                        + ": commit "
                                        + commit
                                        + ", acknowledged at "
                                        + position
                                        + ", is not in the log"));
    }

    /** What kubectl was told is created is there, and is in the repository. */
    private void verifyDeclared(TestCluster cluster, Shell clone, int round) {
        String where = "round " + round + ", seed " + seed;
        List<String> live =
                cluster.kubectl("get", "configmaps", "-n", "shop", "-o", "name")
                        .ok()
                        .lines()
                        .toList();
        clone.run("git", "fetch", "-q").ok();
        List<String> files =
                clone.run("git", "ls-tree", "-r", "--name-only", "origin/main")
                        .ok()
                        .lines()
                        .toList();
        for (String name : declared) {
            assertTrue(
                    live.contains("configmap/" + name), () -> where + ": " + name + " of " + live);
            String file = "shop/configmap-" + name + ".yaml";
            assertTrue(files.contains(file), () -> where + ": " + file + " of " + files);
        }
        assertFalse(round >= ROUNDS_TO_PEACE && declared.isEmpty(), where);
    }

    /** One live container for each container of each pod, and none that no pod has. */
    private void verifyContainers(TestCluster cluster, int round) {
        Map<String, Integer> expected = new TreeMap<>();
        for (JsonNode pod : cluster.kubectlJson("get", "pods", "-A").path("items")) {
            for (JsonNode container : pod.path("spec").path("containers")) {
                expected.put(
                        pod.path("metadata").path("uid").asText()
                                + "/"
                                + container.path("name").asText(),
                        1);
            }
        }
        Await.until(
                "the containers of the pods and no others, round "
                        + round
                        + ", seed "
                        + seed
                        + ": "
                        + expected,
                () -> liveContainers(cluster),
                expected::equals);
    }
}
