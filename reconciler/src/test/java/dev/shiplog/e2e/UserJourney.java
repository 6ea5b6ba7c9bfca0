package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What teams, auditors and on-call engineers do, in the order in which a new user does it, with the
 * launcher, real git, real kubectl and real containers. One cluster for all steps: each finds what
 * the one before left.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class UserJourney {
    private static final String FRONTEND = "shop/frontend.yaml";
    private static final String SELECTOR = "app=shop,tier=frontend";

    /** Of one rolling update, many times over. */
    private static final int MAX_EVENTS = 100_000;

    private final String runtime;

    /** The one that all tests of the journey use. */
    TestCluster cluster;

    private Shell clone;

    UserJourney(String runtime) {
        this.runtime = runtime;
    }

    /** Every container of the cluster that the runtime knows, by its own id, running or not. */
    abstract SortedSet<String> containers(TestCluster cluster);

    /**
     * What of the cluster is left on the machine, beside containers: networks, mounts, processes.
     */
    abstract String remains(TestCluster cluster);

    @BeforeAll
    void makeCluster() {
        cluster = new TestCluster("e2e-" + runtime);
    }

    @AfterAll
    void removeCluster() {
        cluster.close();
    }

    @Test
    @Order(1)
    void demoStartsUntilEveryPodIsReadyAndSaysWhatToTryNext() {
        String output = cluster.shiplog("demo", "--runtime", runtime).ok();
        for (String expected :
                List.of(
                        "git clone -c",
                        "kubeconfig",
                        "replay --verify",
                        "rollback --to",
                        "git revert",
                        "dashboard")) {
            assertTrue(
                    output.contains(expected),
                    () -> "expected \"" + expected + "\" in:\n" + output);
        }
        String visit =
                Pattern.compile("curl -H 'Host: shop\\.localhost' http://127\\.0\\.0\\.1\\S+")
                        .matcher(output)
                        .results()
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no curl line in:\n" + output))
                        .group();
        String page = cluster.shell().sh(visit).ok();
        assertTrue(page.contains("<h1>The fruit shop</h1>"), page);
        Await.until(
                "the stock, by the backend's name",
                () -> cluster.shell().sh(visit).output(),
                text -> text.contains("\"apples\": 12"));
        assertTrue(cluster.shell().sh(visit + "stock").ok().contains("backend-"), visit);
        assertFalse(output.contains("0 of 0 pods"), output);
        JsonNode status = cluster.status();
        assertEquals("Ready", status.path("phase").asText());
        assertEquals(runtime, status.path("runtime").asText());
        assertTrue(status.path("apiServer").asText().startsWith("https://"));
        assertTrue(status.path("position").asLong() > 0);
        assertEquals(40, status.path("revision").asText().length());
        assertEquals(
                cluster.folder().resolve("kubeconfig").toString(),
                status.path("kubeconfig").asText());
        for (JsonNode pod : cluster.kubectlJson("get", "pods", "-A").path("items")) {
            assertTrue(TestCluster.ready(pod), pod::toPrettyString);
        }
    }

    @Test
    @Order(2)
    void thePrintedCloneLineNeedsNoPromptAndAPushScales() {
        String line =
                Pattern.compile("git clone -c .*cluster\\.git")
                        .matcher(cluster.shiplog("start").ok())
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group();
        cluster.shell().sh(line + " " + cluster.base().resolve("plain")).ok();
        clone = cluster.cloned("work");
        assertEquals(
                "Jane Doe <jane@example.com>\n",
                clone.run("git", "log", "--max-parents=0", "--format=%an <%ae>").ok());

        clone.sh("sed -i 's/replicas: 3/replicas: 5/' " + FRONTEND).ok();
        String pushed = push("More frontends");
        assertTrue(pushed.contains("frontend"), pushed);
        assertTrue(pushed.contains("replicas"), pushed);
        cluster.awaitPods(
                "shop",
                SELECTOR,
                "5 ready frontends",
                pods -> pods.size() == 5 && pods.stream().allMatch(TestCluster::ready));
        cluster.awaitReady();
    }

    @Test
    @Order(3)
    void aTypoIsRefusedWithItsPlaceAndNothingChanges() {
        JsonNode before = cluster.standing();
        clone.sh("sed -i 's/replicas: 5/replica: 5/' " + FRONTEND).ok();
        clone.sh("git commit -qam 'A typo'").ok();
        String refused = clone.run("git", "push").failed();
        assertTrue(
                Pattern.compile("shop/frontend\\.yaml:\\d+:\\d+").matcher(refused).find(), refused);
        assertTrue(refused.contains("replica"), refused);
        assertTrue(refused.contains("did you mean"), refused);
        assertTrue(refused.contains("\"replicas\""), refused);
        assertEquals(before.path("revision"), cluster.standing().path("revision"));
        clone.sh("git reset -q --hard HEAD~1").ok();
        assertEquals(5, cluster.pods("shop", SELECTOR).size());
    }

    @Test
    @Order(4)
    void kubectlReads() {
        String listed = cluster.kubectl("get", "pods,rs,rc,deploy,nodes", "-A", "-o", "wide").ok();
        for (String expected :
                List.of(
                        "pod/",
                        "replicaset.apps/",
                        "replicationcontroller/",
                        "deployment.apps/",
                        "node/")) {
            assertTrue(listed.contains(expected), () -> expected + " in:\n" + listed);
        }
        String pod = podNames(SELECTOR).first();
        String described = cluster.kubectl("describe", "pod", pod, "-n", "shop").ok();
        for (String expected :
                List.of(
                        "Scheduled",
                        "Pulled",
                        "Created",
                        "Started",
                        "Controlled By:",
                        "ReplicaSet/frontend")) {
            assertTrue(described.contains(expected), () -> expected + " in:\n" + described);
        }
        String node = cluster.kubectl("describe", "nodes").ok();
        assertTrue(node.contains("Non-terminated Pods"), node);
    }

    @Test
    @Order(5)
    void logsFollowAndWatchesTell() throws IOException, InterruptedException {
        String pod = podNames(SELECTOR).first();
        File logs = cluster.base().resolve("logs").toFile();
        Process follow =
                cluster.shell().start(List.of("kubectl", "logs", "-f", pod, "-n", "shop"), logs);
        File watched = cluster.base().resolve("watched").toFile();
        Process watch =
                cluster.shell()
                        .start(List.of("kubectl", "get", "pods", "-n", "shop", "-w"), watched);
        try {
            Await.until("lines in the followed log", () -> lines(logs), lines -> lines.size() >= 2);
            Await.until("the watch to begin", () -> lines(watched), lines -> !lines.isEmpty());

            SortedSet<String> before = podNames(SELECTOR);
            cluster.kubectl("delete", "pod", pod, "-n", "shop").ok();
            cluster.awaitPods(
                    "shop",
                    SELECTOR,
                    "a replacement",
                    pods -> pods.size() == 5 && pods.stream().allMatch(TestCluster::ready));
            SortedSet<String> after = podNames(SELECTOR);
            assertFalse(after.contains(pod));
            after.removeAll(before);
            assertEquals(1, after.size());
            Await.until(
                    "the watch to show it",
                    () -> String.join("\n", lines(watched)),
                    text -> text.contains("Terminating") && text.contains(after.first()));
        } finally {
            follow.destroy();
            watch.destroy();
            follow.waitFor();
            watch.waitFor();
        }
        cluster.awaitReady();
    }

    @Test
    @Order(6)
    void aRollingUpdateKeepsItsBoundsAndARevertBringsAllBack() {
        List<String> before = specs();
        String oldSet = replicaSetOf(SELECTOR);
        clone.sh(
                        "sed -i 's/terminationGracePeriodSeconds: .*/terminationGracePeriodSeconds: 4/' "
                                + FRONTEND)
                .ok();
        long start = cluster.standing().path("position").asLong();
        String pushed = push("Another template");
        assertTrue(pushed.contains("restart"), pushed);
        Await.until(
                "a new ReplicaSet for all",
                () -> cluster.pods("shop", SELECTOR),
                pods ->
                        pods.size() == 5
                                && pods.stream().allMatch(TestCluster::ready)
                                && pods.stream().noneMatch(pod -> ownerOf(pod).equals(oldSet)));
        cluster.awaitReady();
        assertBounds(start, 5, 1, 1);

        clone.run("git", "revert", "--no-edit", "HEAD").ok();
        clone.run("git", "push").ok();
        Await.until(
                "the old ReplicaSet again",
                () -> cluster.pods("shop", SELECTOR),
                pods ->
                        pods.size() == 5
                                && pods.stream().allMatch(TestCluster::ready)
                                && pods.stream().allMatch(pod -> ownerOf(pod).equals(oldSet)));
        cluster.awaitReady();
        assertEquals(before, specs());
    }

    @Test
    @Order(7)
    void rollbackIsACommit() {
        String target = clone.run("git", "rev-parse", "HEAD").ok().strip();
        clone.sh("sed -i 's/replicas: 5/replicas: 1/' " + FRONTEND).ok();
        push("Too few");
        cluster.awaitPods("shop", SELECTOR, "one frontend", pods -> pods.size() == 1);
        String output = cluster.shiplog("rollback", "--to", target).ok();
        assertTrue(output.contains("frontend"), output);
        cluster.awaitPods(
                "shop",
                SELECTOR,
                "5 frontends",
                pods -> pods.size() == 5 && pods.stream().allMatch(TestCluster::ready));
        clone.run("git", "pull", "-q").ok();
        assertEquals("", clone.run("git", "diff", target).ok());
        assertTrue(clone.run("git", "log", "-1").ok().contains("Roll back"));
        cluster.awaitReady();
    }

    @Test
    @Order(8)
    void theHistoryAnswers() {
        String head = clone.run("git", "rev-parse", "HEAD").ok().strip();
        String pod = podNames(SELECTOR).first();
        String why = cluster.shiplog("why", "pod/" + pod, "-n", "shop").ok();
        assertTrue(why.contains("because"), why);
        assertTrue(why.contains("Author: "), why);

        String log = cluster.shiplog("log", "--actor", "git:", "--limit", "1000").ok();
        assertTrue(log.contains("More frontends"), log);
        assertTrue(log.contains("jane@example.com"), log);
        String ofCommit =
                cluster.shiplog("log", "--commit", head.substring(0, 8), "-o", "json").ok();
        ofCommit.lines()
                .forEach(line ->
                        assertEquals(head, Json.parse(line).toNode().path("commit").asText()));
        assertFalse(ofCommit.isBlank());

        String first = clone.run("git", "rev-list", "--max-parents=0", "HEAD").ok().strip();
        String then = cluster.shiplog("state", "--at", first, "deploy/frontend", "-n", "shop").ok();
        assertEquals(3, Json.parse(then).toNode().path("spec").path("replicas").asInt());
        String diff = cluster.shiplog("diff", first, "now").ok();
        assertTrue(diff.contains("~ Deployment.apps/shop/frontend"), diff);
        assertTrue(
                diff.contains("- spec.replicas: 3") && diff.contains("+ spec.replicas: 5"), diff);
        assertTrue(cluster.shiplog("state", "--at", "now").ok().contains("deployment/frontend"));
    }

    @Test
    @Order(9)
    void theLogProvesItself() {
        JsonNode proof =
                Json.parse(cluster.shiplog("replay", "--verify", "-o", "json").ok()).toNode();
        assertTrue(proof.path("verified").asBoolean(), proof::toString);
        assertTrue(proof.path("comparedWithLive").asBoolean(), proof::toString);
        assertEquals(proof.path("events").asLong(), proof.path("position").asLong());
    }

    @Test
    @Order(10)
    void podsOutliveAStopAndAreTakenUp() {
        SortedSet<String> before = containers(cluster);
        SortedSet<String> names = podNames(SELECTOR);
        assertFalse(before.isEmpty());
        String runtime = cluster.status().path("runtime").asText();
        cluster.shiplog("stop").ok();
        assertEquals("Stopped", cluster.status().path("phase").asText());
        assertEquals(runtime, cluster.status().path("runtime").asText());
        assertEquals(before, containers(cluster));
        cluster.shiplog("start").ok();
        cluster.awaitReady();
        assertEquals(before, containers(cluster));
        assertEquals(names, podNames(SELECTOR));
        for (JsonNode pod : cluster.kubectlJson("get", "pods", "-A").path("items")) {
            for (JsonNode container : pod.path("status").path("containerStatuses")) {
                assertEquals(0, container.path("restartCount").asInt(), pod::toPrettyString);
            }
        }
    }

    @Test
    @Order(11)
    void deleteLeavesNothing() {
        assertNotEquals("", remains(cluster));
        cluster.shiplog("delete").ok();
        assertEquals(new TreeSet<>(), containers(cluster));
        assertEquals("", remains(cluster));
        assertFalse(Files.exists(cluster.folder()));
    }

    private String push(String message) {
        clone.run("git", "commit", "-qam", message).ok();
        return clone.run("git", "push").ok();
    }

    private SortedSet<String> podNames(String selector) {
        SortedSet<String> names = new TreeSet<>();
        cluster.pods("shop", selector)
                .forEach(pod -> names.add(pod.path("metadata").path("name").asText()));
        return names;
    }

    private String replicaSetOf(String selector) {
        return ownerOf(cluster.pods("shop", selector).getFirst());
    }

    private static String ownerOf(JsonNode pod) {
        return pod.path("metadata").path("ownerReferences").path(0).path("name").asText();
    }

    /** What every declared object asks for, without what differs from life to life. */
    private List<String> specs() {
        List<String> specs = new ArrayList<>();
        for (JsonNode item : cluster.kubectlJson("get", "ns,deploy,rc,rs", "-A").path("items")) {
            if (item.path("spec").path("replicas").asInt(1) > 0) {
                specs.add(
                        item.path("kind").asText()
                                + " "
                                + item.path("metadata").path("name").asText()
                                + " "
                                + item.path("metadata").path("labels")
                                + " "
                                + item.path("spec"));
            }
        }
        return specs;
    }

    /**
     * At no event since a position were there more pods than wanted plus surge, or fewer ready than
     * wanted minus unavailable.
     */
    private void assertBounds(long since, int wanted, int surge, int unavailable) {
        int states =
                cluster.history(history -> {
                    ClusterState state = history.stateAt(new Position(since));
                    int seen = 0;
                    for (Recorded event :
                            history.read(state.position(), Optional.empty(), MAX_EVENTS)) {
                        state = state.evolve(List.of(event));
                        assertBounds(state, wanted + surge, wanted - unavailable);
                        seen++;
                    }
                    return seen;
                });
        assertTrue(states > wanted, () -> states + " events since " + since);
    }

    private static void assertBounds(ClusterState state, int most, int fewest) {
        List<JsonNode> live =
                state.resources(GroupKind.POD).stream()
                        .map(pod -> pod.document().toNode())
                        .filter(pod ->
                                pod.path("metadata")
                                        .path("labels")
                                        .path("tier")
                                        .asText()
                                        .equals("frontend"))
                        .filter(pod -> !pod.path("metadata").has("deletionTimestamp"))
                        .toList();
        long ready = live.stream().filter(TestCluster::ready).count();
        assertTrue(
                live.size() <= most, () -> live.size() + " pods at position " + state.position());
        assertTrue(ready >= fewest, () -> ready + " ready at position " + state.position());
    }

    private static List<String> lines(File file) {
        try {
            return file.exists() ? Files.readAllLines(Path.of(file.getPath())) : List.of();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
