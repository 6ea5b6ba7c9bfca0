package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.tls.Certificates;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.BusyboxImage;
import dev.shiplog.node.runtime.process.ProcessRuntime;
import dev.shiplog.resource.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A cluster of three machines, with real programs and real pods: a control plane, a node on the
 * same link and one behind a router, each in namespaces of its own. What works between machines,
 * and what happens when they or the ways between them fail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SeveralMachinesIT {
    private static final Path FOLDER = Path.of("src/test/resources/machines").toAbsolutePath();
    private static final Map<String, String> ADDRESSES = new LinkedHashMap<>();

    static {
        ADDRESSES.put("node-1", "192.0.2.11");
        ADDRESSES.put("near", "192.0.2.12");
        ADDRESSES.put("far", "192.0.2.66");
    }

    private final Map<String, Process> nodes = new TreeMap<>();
    private Optional<Machines> made = Optional.empty();
    private Optional<TestCluster> started = Optional.empty();

    // ---- the machines ----

    @BeforeAll
    void makeMachines() throws IOException {
        Optional<String> objection = PodNetwork.objection().or(ProcessRuntime::objection);
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        started =
                Optional.of(
                        new TestCluster(
                                "machines",
                                (shell, base) -> {
                                    Machines machines = new Machines(shell, base);
                                    made = Optional.of(machines);
                                    machines.near("node-1", ADDRESSES.get("node-1"));
                                    machines.near("near", ADDRESSES.get("near"));
                                    machines.far("far", ADDRESSES.get("far"));
                                    return machines.prefix("node-1");
                                }));
        cluster()
                .shiplog(
                        "start",
                        "--runtime",
                        "process",
                        "--listen",
                        ADDRESSES.get("node-1"),
                        "--node-monitor-grace-period",
                        "20s")
                .ok();
        Path image = cluster().base().resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(image)) {
            BusyboxImage.rootfsTar(BusyboxImage.onThisMachine().orElseThrow(), out);
        }
        cluster().shiplog("image", "import", image.toString(), "busybox:1.37").ok();
        String command = joinCommand();
        for (String node : List.of("near", "far")) {
            machines().on(node, shiplog(node) + " image import -p node " + image + " busybox:1.37");
            begin(node, command + " --runtime process");
        }
        for (String node : ADDRESSES.keySet()) {
            awaitReadiness(node, "True");
        }
        cluster().kubectl("apply", "-f", FOLDER.resolve("web.yaml").toString()).ok();
        Await.until(
                "a web pod on each machine",
                () -> readyPods("app=web").keySet(),
                found -> found.equals(new TreeSet<>(ADDRESSES.keySet())));
    }

    /** What {@code shiplog token create} says is to be run on the machine that joins. */
    private String joinCommand() {
        return cluster()
                .shiplog("token", "create")
                .ok()
                .lines()
                .filter(line -> line.contains("shiplog node "))
                .map(line -> line.strip().substring("shiplog ".length()))
                .findFirst()
                .orElseThrow();
    }

    private String shiplog(String machine) {
        return "SHIPLOG_HOME=" + home(machine) + " " + cluster().launcher();
    }

    private Path home(String machine) {
        return cluster().base().resolve("home-" + machine);
    }

    /** Starts a node's program; it is named after its machine, as nothing else is said. */
    private void begin(String machine, String arguments) throws IOException {
        List<String> command = new ArrayList<>(machines().prefix(machine));
        command.addAll(List.of("sh", "-c", "exec env " + shiplog(machine) + " " + arguments));
        nodes.put(
                machine,
                cluster()
                        .shell()
                        .through(List.of())
                        .start(command, cluster().base().resolve(machine + ".out").toFile()));
    }

    @AfterAll
    void removeMachines() throws InterruptedException {
        try {
            for (Map.Entry<String, Process> node : nodes.entrySet()) {
                node.getValue().destroy();
                if (!node.getValue().waitFor(30, TimeUnit.SECONDS)) {
                    node.getValue().destroyForcibly();
                }
                machines().link(node.getKey(), true);
                String said =
                        machines().on(node.getKey(), shiplog(node.getKey()) + " delete -p node");
                assertTrue(said.contains("kubectl delete node " + node.getKey()), said);
                assertEquals(
                        "",
                        machines()
                                .on(
                                        node.getKey(),
                                        "{ ip -o link; nft list tables; ip route; }"
                                                + " | grep -e shl -e shx -e 'proto 1' || true"));
            }
        } finally {
            try {
                started.ifPresent(TestCluster::close);
            } finally {
                made.ifPresent(Machines::close);
            }
        }
    }

    private TestCluster cluster() {
        return started.orElseThrow();
    }

    private Machines machines() {
        return made.orElseThrow();
    }

    // ---- looking ----

    private String readiness(String node) {
        for (JsonNode condition :
                cluster().kubectlJson("get", "node", node).path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private void awaitReadiness(String node, String status) {
        Await.until(
                node + " to be Ready=" + status,
                () -> {
                    Shell.Result found = cluster().kubectl("get", "node", node);
                    return found.code() == 0
                            ? readiness(node)
                            : found.output()
                                    + (nodes.containsKey(node)
                                            ? machines()
                                                    .on(
                                                            "node-1",
                                                            "cat "
                                                                    + cluster()
                                                                            .base()
                                                                            .resolve(node + ".out"))
                                            : "");
                },
                status::equals);
    }

    /** The ready pods of a selector, by node. */
    private SortedMap<String, JsonNode> readyPods(String selector) {
        SortedMap<String, JsonNode> pods = new TreeMap<>();
        for (JsonNode pod : cluster().pods("default", selector)) {
            if (TestCluster.ready(pod)) {
                pods.put(pod.path("spec").path("nodeName").asText(), pod);
            }
        }
        return pods;
    }

    private String web(String node) {
        return readyPods("app=web").get(node).path("metadata").path("name").asText();
    }

    private static String ip(JsonNode pod) {
        return pod.path("status").path("podIP").asText();
    }

    private Shell.Result exec(String pod, String... command) {
        List<String> words = new ArrayList<>(List.of("exec", pod, "--"));
        words.addAll(List.of(command));
        return cluster().kubectl(words.toArray(String[]::new));
    }

    /** What a pod gets from a URL, within a moment; whatever is wrong otherwise. */
    private String fetch(String pod, String url) {
        return exec(pod, "timeout", "5", "wget", "-qO-", url).output().strip();
    }

    private void awaitFetch(String pod, String url, String expected) {
        Await.until(
                pod + " to get \"" + expected + "\" from " + url,
                () -> fetch(pod, url),
                answer -> Pattern.compile(expected).matcher(answer).find());
    }

    private String log() {
        return cluster().shiplog("log", "--limit", "100000").ok();
    }

    /** How often each container runs on a machine, by the runtime's own word. */
    private NavigableSet<String> containers(String node) {
        Path folder =
                node.equals("node-1")
                        ? cluster().folder().resolve("process")
                        : home(node).resolve("node/process");
        NavigableSet<String> ids = new TreeSet<>();
        machines().on(node, "ls " + folder + "/containers").lines().forEach(ids::add);
        return ids;
    }

    /** Waits until exactly the containers of the pods run that the cluster has on a node. */
    private void awaitNothingDoubled(String node) {
        Await.until(
                "the containers of the pods on " + node + " and no others",
                () -> {
                    NavigableSet<String> expected = new TreeSet<>();
                    for (JsonNode pod :
                            cluster()
                                    .kubectlJson(
                                            "get",
                                            "pods",
                                            "-A",
                                            "--field-selector=spec.nodeName=" + node)
                                    .path("items")) {
                        for (JsonNode container : pod.path("status").path("containerStatuses")) {
                            expected.add(
                                    container
                                            .path("containerID")
                                            .asText()
                                            .replaceFirst(".*//", ""));
                        }
                    }
                    return Map.entry(expected, containers(node));
                },
                both -> both.getKey().equals(both.getValue()));
    }

    // ---- what works ----

    /**
     * Guide row 4: a machine joins with a token, and has a certificate and addresses of its own.
     */
    @Test
    void aMachineJoinsWithATokenAndHasACertificateAndARangeOfItsOwn() throws IOException {
        NavigableSet<String> ranges = new TreeSet<>();
        for (JsonNode node : cluster().kubectlJson("get", "nodes").path("items")) {
            String name = node.path("metadata").path("name").asText();
            ranges.add(node.path("spec").path("podCIDR").asText());
            assertEquals(
                    ADDRESSES.get(name),
                    node.path("status").path("addresses").path(0).path("address").asText());
            assertTrue(
                    ip(readyPods("app=web").get(name))
                            .startsWith(
                                    node.path("spec")
                                            .path("podCIDR")
                                            .asText()
                                            .replaceFirst("0/24", "")));
        }
        assertEquals(3, ranges.size(), ranges::toString);
        for (String name : List.of("near", "far")) {
            String subject =
                    Certificates.read(Files.readString(home(name).resolve("node/tls/node.crt")))
                            .getSubjectX500Principal()
                            .getName();
            assertEquals("CN=system:node:" + name + ",O=system:nodes", subject);
        }
        String wide = cluster().kubectl("get", "nodes", "-o", "wide").ok();
        assertTrue(wide.contains("192.0.2.66"), wide);
        String log = log();
        assertTrue(log.contains("Node/near  registered"), log);
    }

    /** Over a link that is shared, and through a tunnel where none is; nobody's address changes. */
    @Test
    void podsOfDifferentMachinesReachEachOtherAsThemselves() {
        SortedMap<String, JsonNode> pods = readyPods("app=web");
        for (Map.Entry<String, JsonNode> from : pods.entrySet()) {
            for (Map.Entry<String, JsonNode> to : pods.entrySet()) {
                if (!from.getKey().equals(to.getKey())) {
                    awaitFetch(
                            from.getValue().path("metadata").path("name").asText(),
                            "http://" + ip(to.getValue()) + ":8080/cgi-bin/who",
                            to.getKey()
                                    + " sees .*\\b"
                                    + Pattern.quote(ip(from.getValue()))
                                    + "\\b");
                }
            }
        }
        String routes = machines().on("near", "ip route");
        assertTrue(routes.contains("10.42.0.0/24 via 192.0.2.11 dev eth0"), routes);
        assertTrue(routes.contains(" dev shx-"), routes);
    }

    @Test
    void servicesNamesAndIngressesAnswerOnEveryMachine() {
        for (String node : ADDRESSES.keySet()) {
            String pod = web(node);
            String names = exec(pod, "nslookup", "web.default.svc.cluster.local").ok();
            String address =
                    cluster()
                            .kubectlJson("get", "svc", "web")
                            .path("spec")
                            .path("clusterIP")
                            .asText();
            assertTrue(names.contains(address), names);
            awaitFetch(pod, "http://" + address + "/cgi-bin/who", "sees");
            awaitFetch(pod, "http://web/cgi-bin/who", "sees");
            String port = "http://" + ADDRESSES.get(node) + ":30080/cgi-bin/who";
            Await.until(
                    "an answer at " + port,
                    () -> machines().fetchFromOutside(port).output(),
                    answer -> answer.contains(" sees "));
            String ingress = "http://" + ADDRESSES.get(node) + "/cgi-bin/who";
            Await.until(
                    "the Ingress at " + ingress,
                    () -> machines().fetchFromOutside(ingress, "Host: web.example").output(),
                    answer -> answer.contains(" sees "));
            String version =
                    fetch(pod, "--no-check-certificate https://kubernetes.default/version");
            assertFalse(version.contains("bad address"), version);
        }
    }

    @Test
    void kubectlReachesIntoPodsOfMachinesThatItCannotReach() throws IOException {
        String pod = web("far");
        assertEquals("serving on far\n", cluster().kubectl("logs", pod).ok());
        assertEquals("hello", exec(pod, "echo", "hello").ok().strip());
        Shell.Result failed = exec(pod, "sh", "-c", "exit 7");
        assertEquals(7, failed.code(), failed.output());
        Path file = cluster().base().resolve("file");
        Files.writeString(file, "x".repeat(100_000));
        cluster().kubectl("cp", file.toString(), pod + ":/tmp/there").ok();
        cluster().kubectl("cp", pod + ":/tmp/there", file + ".back").ok();
        assertEquals(Files.readString(file), Files.readString(Path.of(file + ".back")));
        String top = cluster().kubectl("top", "pod", pod).ok();
        assertTrue(top.contains(pod), top);
        assertTrue(cluster().kubectl("top", "node").ok().contains("far"));
        // The whole machine's, of which pods are a small part.
        String used =
                Json.parse(
                                cluster()
                                        .kubectl(
                                                "get",
                                                "--raw",
                                                "/apis/metrics.k8s.io/v1beta1/nodes/far")
                                        .ok())
                        .toNode()
                        .path("usage")
                        .path("memory")
                        .asText();
        assertTrue(Long.parseLong(used.replace("Ki", "")) > 100 * 1024, used);
        String names =
                cluster()
                        .kubectlJson("get", "service", "kube-dns", "-n", "kube-system")
                        .path("spec")
                        .path("clusterIP")
                        .asText();
        String resolv = exec(pod, "cat", "/etc/resolv.conf").ok();
        assertTrue(resolv.contains("nameserver " + names + "\n"), resolv);
        String session =
                """
                kubectl port-forward %1$s 18080:8080 >/dev/null & forward=$!
                for i in $(seq 50); do curl -s http://127.0.0.1:18080/cgi-bin/who && break; sleep 0.2; done
                kill $forward
                kubectl run attached --image=busybox:1.37 --restart=Never --overrides='{"spec":{"nodeName":"far"}}' \
                  -i --rm --quiet -- sh -c 'read line; echo "heard $line"' <<<word
                """
                        .formatted(pod);
        String said = cluster().shell().sh(session).ok();
        assertTrue(said.contains("far sees"), said);
        assertTrue(said.contains("heard word"), said);
    }

    // ---- what fails ----

    /** kill -9 of a node's program: its pods do not notice, and are found again. */
    @Test
    void aNodeWhoseProgramIsKilledFindsItsPodsAgain() throws Exception {
        String pod = web("near");
        NavigableSet<String> before = containers("near");
        nodes.get("near").destroyForcibly().waitFor();
        assertTrue(exec(pod, "true").failed().contains("node \"near\" is not connected"));
        awaitFetch(
                web("far"),
                "http://" + ip(readyPods("app=web").get("near")) + ":8080/cgi-bin/who",
                "near sees");
        begin("near", "node");
        Await.until("the pod is reached", () -> exec(pod, "true"), result -> result.code() == 0);
        assertEquals(before, containers("near"));
        assertEquals(
                0,
                readyPods("app=web")
                        .get("near")
                        .path("status")
                        .path("containerStatuses")
                        .path(0)
                        .path("restartCount")
                        .asInt());
        String twice = machines().tryOn("near", shiplog("near") + " node").failed();
        assertTrue(twice.contains("runs already"), twice);
    }

    /** The way to a machine is cut for longer than the cluster waits, and comes back. */
    @Test
    void aMachineThatIsCutOffLosesItsPodsToOthersAndEndsThemWhenItIsBack() throws Exception {
        cluster().kubectl("apply", "-f", FOLDER.resolve("mover.yaml").toString()).ok();
        Await.until(
                "the mover runs on near",
                () -> readyPods("app=mover").keySet(),
                found -> found.equals(new TreeSet<>(List.of("near"))));
        JsonNode old = readyPods("app=mover").get("near").path("metadata");
        File followed = cluster().base().resolve("followed").toFile();
        Process follow =
                cluster()
                        .shell()
                        .start(
                                List.of("kubectl", "logs", "-f", old.path("name").asText()),
                                followed);
        machines().link("near", false);
        try {
            awaitReadiness("near", "Unknown");
            Await.until(
                    "another pod elsewhere",
                    () -> readyPods("app=mover").keySet(),
                    found -> found.size() == 1 && !found.contains("near"));
            // Where it cannot be ended it goes on, and the cluster knows.
            JsonNode there = cluster().kubectlJson("get", "pod", old.path("name").asText());
            assertTrue(there.path("metadata").has("deletionTimestamp"), there::toString);
            Await.until(
                    "no endpoint on near",
                    () -> cluster().kubectl("get", "endpoints", "web", "-o", "yaml").ok(),
                    text -> !text.contains("nodeName: near") || text.contains("notReadyAddresses"));
        } finally {
            machines().link("near", true);
        }
        awaitReadiness("near", "True");
        Await.until(
                "one mover in all",
                () -> cluster().pods("default", "app=mover").size(),
                count -> count == 1);
        assertTrue(follow.waitFor(60, TimeUnit.SECONDS), "logs -f ends with its pod");
        for (String node : ADDRESSES.keySet()) {
            awaitNothingDoubled(node);
        }
        awaitFetch(
                web("far"),
                "http://"
                        + ip(
                                Await.until(
                                                "near serves again",
                                                () -> readyPods("app=web"),
                                                pods -> pods.containsKey("near"))
                                        .get("near"))
                        + ":8080/cgi-bin/who",
                "near sees");
        String log = log();
        for (String expected :
                List.of(
                        "Node near status is now: NodeNotReady",
                        "TaintManagerEviction: Marking for deletion Pod default/"
                                + old.path("name").asText(),
                        old.path("name").asText() + "  removed")) {
            assertTrue(log.contains(expected), () -> expected + " in:\n" + log);
        }
        String told = Files.readString(cluster().base().resolve("near.out"));
        assertTrue(told.contains("does not answer"), told);
        assertTrue(told.contains("answers again"), told);
        cluster().kubectl("delete", "deployment", "mover").ok();
    }

    @Test
    void whatSomebodyTakesFromTheKernelIsPutBack() {
        String pod = web("near");
        String bridge =
                machines()
                        .on(
                                "near",
                                "ip -o link show type bridge | grep -o 'shl-[0-9a-f]*' | head -1")
                        .strip();
        String cable =
                machines()
                        .on(
                                "near",
                                "ip -o link show master "
                                        + bridge
                                        + " | sed 's/^[0-9]*: //;s/@.*//' | head -1")
                        .strip();
        for (String damage :
                List.of(
                        "nft flush ruleset && ip link set " + bridge + " down",
                        "ip link set " + cable + " down && ip link del shx-" + bridge.substring(4),
                        "ip link del " + bridge)) {
            machines().on("near", damage);
            awaitFetch(pod, "http://web/cgi-bin/who", "sees");
            awaitFetch(
                    pod,
                    "http://" + ip(readyPods("app=web").get("far")) + ":8080/cgi-bin/who",
                    "far");
        }
        String described = cluster().kubectl("describe", "node", "near").ok();
        assertTrue(described.contains("NetworkRestored"), described);
        assertTrue(log().contains("NetworkRestored"), described);
    }

    /** kill -9 of what holds a pod together. */
    @Test
    void aPodWhoseSandboxIsKilledIsMadeAgain() {
        cluster().kubectl("apply", "-f", FOLDER.resolve("shared.yaml").toString()).ok();
        cluster().kubectl("wait", "--for=condition=Ready", "pod/shared", "--timeout=60s").ok();
        String holder =
                machines()
                        .on(
                                "near",
                                // Not the shell that looks for it.
                                "pgrep -f "
                                        + home("near").resolve("node/process/scripts/paus")
                                        + "[e]")
                        .strip();
        machines().on("near", "kill -9 " + holder);
        Await.until(
                "both containers were started again",
                () -> cluster().kubectlJson("get", "pod", "shared").path("status"),
                status ->
                        status.path("containerStatuses").size() == 2
                                && restarted(status.path("containerStatuses").path(0))
                                && restarted(status.path("containerStatuses").path(1)));
        assertEquals(
                "2",
                cluster()
                        .kubectl(
                                "exec",
                                "shared",
                                "-c",
                                "a",
                                "--",
                                "sh",
                                "-c",
                                "ps | grep -c 'sleep 1[d]'")
                        .ok()
                        .strip());
        cluster().kubectl("delete", "pod", "shared").ok();
        awaitNothingDoubled("near");
    }

    private static boolean restarted(JsonNode container) {
        return container.path("restartCount").asInt() == 1
                && container.path("state").has("running");
    }
}
