package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.image.TestRegistry;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.BusyboxImage;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Every manifest of the guide, as it stands, does what it says: its images come from a real
 * registry at the very address that the first manifest names, which is the mirror of all others,
 * and what it says is outside answers outside. All on a machine of its own, a set of namespaces.
 */
abstract class SeedJourney {
    private static final Path SEED =
            Path.of("../eventstore/src/test/resources/manifests/seed").toAbsolutePath();

    /** As the manifests name them. */
    private static final String REGISTRY = "192.168.38.128:5000";

    private static final List<String> OUTSIDE = List.of("11.11.11.11", "22.22.22.22");

    private static final String NODE = "192.0.2.11";
    private static final int ASKED = 24;
    private static final int REGISTRY_END_SECONDS = 10;

    private final String runtime;
    private Optional<TestCluster> made = Optional.empty();
    private Optional<Machines> machine = Optional.empty();

    SeedJourney(String runtime) {
        this.runtime = runtime;
    }

    /**
     * Words before each command, such as those that say which Engine is meant.
     *
     * @throws Exception if what the runtime needs cannot be had
     */
    abstract List<String> prefix() throws Exception;

    /** The process that holds a pod's namespaces; empty if they need none. */
    abstract Optional<String> sandbox(TestCluster cluster, String uid);

    /** The containers that run, by their ids. */
    abstract SortedSet<String> containers(TestCluster cluster);

    /** Takes away what {@link #prefix} made. */
    abstract void end() throws Exception;

    @Test
    void everyManifestOfTheGuideDoesWhatItSays() throws Exception {
        Optional<String> objection = PodNetwork.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        try (TestRegistry registry = TestRegistry.open()) {
            List<String> words = prefix();
            try (TestCluster cluster =
                    new TestCluster(
                            "seed-" + runtime,
                            (shell, base) -> {
                                Machines machines = new Machines(shell, base);
                                machine = Optional.of(machines);
                                machines.near("node-1", NODE);
                                // An Engine of another name is taken for another machine's.
                                machines.on("node-1", "hostname " + hostname());
                                List<String> all = new ArrayList<>(machines.prefix("node-1"));
                                all.addAll(words);
                                return all;
                            })) {
                made = Optional.of(cluster);
                push(registry);
                Process served = serve(registry);
                try {
                    follow();
                } finally {
                    served.destroy();
                    assertTrue(served.waitFor(REGISTRY_END_SECONDS, TimeUnit.SECONDS));
                }
            } finally {
                machine.ifPresent(Machines::close);
                end();
            }
        }
    }

    private static String hostname() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void push(TestRegistry registry) throws Exception {
        Path rootfs = cluster().base().resolve("rootfs.tar");
        try (OutputStream out = Files.newOutputStream(rootfs)) {
            BusyboxImage.rootfsTar(BusyboxImage.onThisMachine().orElseThrow(), out);
        }
        String says = "mkdir -p /www; echo %s >/www/index.html; httpd -p %d -h /www; ";
        String rests = "trap exit TERM; sleep 3600 & wait";
        String kubia = says.formatted("\"You've hit $(hostname)\"", 8080);
        push(registry, rootfs, "kubia", kubia + rests);
        push(registry, rootfs, "luksa/kubia", kubia + rests);
        push(registry, rootfs, "luksa/kubia-unhealthy", kubia + "rm /www/index.html; " + rests);
        push(registry, rootfs, "library/nginx", says.formatted("Welcome to nginx", 80) + rests);
        push(
                registry,
                rootfs,
                "luksa/ssd-monitor",
                "trap exit TERM; while true; do echo SSD OK; sleep 5 & wait; done");
    }

    private static void push(TestRegistry registry, Path rootfs, String name, String script)
            throws Exception {
        registry.push(name, rootfs, List.of("/bin/sh", "-c", script));
    }

    /** The same images at the address that the manifests know. */
    private Process serve(TestRegistry registry) throws IOException {
        machines().on("node-1", "ip addr add 192.168.38.128/32 dev lo");
        Path settings = cluster().base().resolve("registry.yml");
        Files.writeString(settings, registry.settings(REGISTRY));
        Process served =
                cluster()
                        .shell()
                        .start(
                                List.of("docker-registry", "serve", settings.toString()),
                                cluster().base().resolve("registry.log").toFile());
        Await.until(
                "the registry",
                () -> machines().tryOn("node-1", "curl -fsS http://" + REGISTRY + "/v2/"),
                answer -> answer.code() == 0);
        return served;
    }

    private TestCluster cluster() {
        return made.orElseThrow();
    }

    private Machines machines() {
        return machine.orElseThrow();
    }

    private String ok(String line) {
        return cluster().shell().sh(line).ok();
    }

    private void until(String what, String line, String expected) {
        Await.until(what, () -> cluster().shell().sh(line).output(), out -> out.contains(expected));
    }

    private List<JsonNode> ready(String selector, int count) {
        return cluster()
                .awaitPods(
                        "default",
                        selector,
                        count + " ready pods " + selector,
                        pods -> pods.size() == count && pods.stream().allMatch(TestCluster::ready));
    }

    private static String name(JsonNode pod) {
        return pod.path("metadata").path("name").asText();
    }

    private void follow() throws IOException {
        cluster()
                .shiplog(
                        "start",
                        "--runtime",
                        runtime,
                        "--listen",
                        NODE,
                        "--insecure-registry",
                        REGISTRY,
                        "--registry-mirror",
                        "http://" + REGISTRY)
                .ok();
        try (var files = Files.list(SEED)) {
            for (Path file : files.sorted(Comparator.comparing(Path::toString)).toList()) {
                String said = ok("kubectl create -f " + file);
                boolean old = Files.readString(file).contains("beta");
                assertEquals(old, said.contains("deprecated"), said);
            }
        }
        workloads();
        services();
        ingress();
        nodes();
        readiness();
        faults();
        liveness();
        nothingIsDoubled();
        assertTrue(
                cluster()
                        .shiplog("replay", "--verify")
                        .ok()
                        .contains("The live cluster is exactly what its log says"));
    }

    /** 01, 02, 04, 07, 08. */
    private void workloads() {
        // One of the ReplicationController, three of the ReplicaSet: same labels, other owners.
        List<JsonNode> kubia = ready("app=kubia", 4);
        assertEquals(
                "1 1 192.168.38.128:5000/kubia",
                ok(
                        "kubectl get rc kubia -o jsonpath='{.status.replicas}"
                                + " {.status.readyReplicas} {.spec.template.spec.containers[0].image}'"));
        assertEquals("3", ok("kubectl get rs kubia -o jsonpath={.status.readyReplicas}"));
        assertEquals(
                "apps/v1 In",
                ok(
                        "kubectl get rs kubia-expr -o jsonpath='{.apiVersion}"
                                + " {.spec.selector.matchExpressions[0].operator}'"));
        ready("app=kubia-expr", 3);
        ready("app=myapp", 1);
        ok("kubectl wait --for=condition=Ready pod/nginx -n czm --timeout=60s");
        assertEquals("Active", ok("kubectl get ns czm -o jsonpath={.status.phase}"));
        for (JsonNode pod : kubia) {
            assertEquals(
                    "You've hit " + name(pod),
                    ok("curl -fsS -m 5 http://" + pod.at("/status/podIP").asText() + ":8080")
                            .strip());
        }
        String nginx = ok("kubectl get pod nginx -o jsonpath={.status.podIP}");
        assertEquals("Welcome to nginx", ok("curl -fsS -m 5 http://" + nginx).strip());
    }

    /** 09, 10, 11, 12, 13. */
    private void services() {
        String hit =
                ok(
                        "kubectl exec nginx -- sh -c 'for i in $(seq "
                                + ASKED
                                + "); do timeout 5 wget -qO- http://kubia || exit 1; done'");
        assertEquals(1, new TreeSet<>(hit.lines().toList()).size(), hit);
        assertTrue(hit.startsWith("You've hit kubia-"), hit);
        for (String address : OUTSIDE) {
            machines().on(Machines.ROUTER, "ip addr add " + address + "/32 dev lo");
            machines()
                    .on(
                            Machines.ROUTER,
                            "mkdir -p %1$s && echo %1$s >%1$s/index.html && busybox httpd -p %1$s:80 -h %1$s"
                                    .formatted(address));
        }
        String met =
                ok(
                        "kubectl exec nginx -- sh -c 'for i in $(seq "
                                + ASKED
                                + "); do timeout 5 wget -qO- http://external-service || exit 1; done'");
        assertEquals(new TreeSet<>(OUTSIDE), new TreeSet<>(met.lines().toList()));
        assertEquals(
                "11.11.11.11 22.22.22.22",
                ok(
                        "kubectl get endpoints external-service -o"
                                + " jsonpath='{.subsets[0].addresses[*].ip}'"));
        until(
                "the alias",
                "kubectl exec nginx -- nslookup -type=cname"
                        + " external-alias.default.svc.cluster.local",
                "canonical name = someapi.somecompany.com");
        String outside = machines().fetchFromOutside("http://" + NODE + ":30123/").ok();
        assertTrue(outside.contains("You've hit kubia-"), outside);
    }

    /** 14. */
    private void ingress() {
        Await.until(
                "the Ingress",
                () ->
                        machines()
                                .fetchFromOutside("http://" + NODE + "/", "Host: kubia.example.com")
                                .output(),
                answer -> answer.contains("You've hit kubia-"));
        String other =
                machines().fetchFromOutside("http://" + NODE + "/", "Host: other.example").output();
        assertTrue(other.contains(" 404 "), other);
        until("its address", "kubectl get ingress kubia", NODE);
    }

    /** 03, 15: who waits for a node's labels. */
    private void nodes() {
        until(
                "refusal",
                "kubectl describe pod kubia-gpu",
                "didn't match Pod's node affinity/selector");
        ok("kubectl label node node-1 gpu=true disk=ssd");
        ok("kubectl wait --for=condition=Ready pod/kubia-gpu --timeout=60s");
        String monitor = name(ready("app=ssd-monitor", 1).getFirst());
        until("its log", "kubectl logs " + monitor, "SSD OK");
        ok("kubectl label node node-1 disk=hdd --overwrite");
        until("its end", "kubectl get po -l app=ssd-monitor", "No resources found");
    }

    /** 06. */
    private void readiness() {
        List<JsonNode> pods =
                cluster()
                        .awaitPods(
                                "default",
                                "app=kubia-ready",
                                "three running pods",
                                found ->
                                        found.size() == 3
                                                && found.stream()
                                                        .allMatch(pod ->
                                                                pod.at("/status/phase")
                                                                        .asText()
                                                                        .equals("Running")));
        pods.forEach(pod -> assertFalse(TestCluster.ready(pod), pod::toString));
        String chosen = name(pods.getFirst());
        ok("kubectl exec " + chosen + " -- touch /var/ready");
        ok("kubectl wait --for=condition=Ready pod/" + chosen + " --timeout=60s");
        until(
                "one of three",
                "kubectl get rc kubia-ready -o jsonpath={.status.readyReplicas}/{.status.replicas}",
                "1/3");
    }

    /** What is broken under the manifests is mended, and told. */
    private void faults() {
        String bridge =
                machines()
                        .on(
                                "node-1",
                                "ip -o link show type bridge | grep -o 'shl-[0-9a-f]*' | head -1")
                        .strip();
        for (String damage : List.of("nft flush ruleset", "ip link set " + bridge + " down")) {
            machines().on("node-1", damage);
            until("traffic after " + damage, fromNginx("http://kubia"), "You've hit kubia-");
            Await.until(
                    "traffic from outside after " + damage,
                    () -> machines().fetchFromOutside("http://" + NODE + ":30123/").output(),
                    answer -> answer.contains("You've hit kubia-"));
        }
        until("what was mended", "kubectl describe node node-1", "NetworkRestored");
        assertTrue(cluster().shiplog("log", "--limit", "100000").ok().contains("NetworkRestored"));
        String uid = ok("kubectl get pod nginx -o jsonpath={.metadata.uid}");
        Optional<String> holder = sandbox(cluster(), uid);
        if (holder.isPresent()) {
            ok("kill -9 " + holder.get());
            until(
                    "the pod in another sandbox",
                    "kubectl get pod nginx -o"
                            + " jsonpath=restarts:{.status.containerStatuses[0].restartCount}",
                    "restarts:1");
            ok("kubectl wait --for=condition=Ready pod/nginx --timeout=60s");
            assertEquals(uid, ok("kubectl get pod nginx -o jsonpath={.metadata.uid}"));
            until("it reaches others", fromNginx("http://kubia"), "You've hit kubia-");
            String nginx = ok("kubectl get pod nginx -o jsonpath={.status.podIP}");
            until("it is reached", "curl -sS -m 5 http://" + nginx, "Welcome to nginx");
            String told = ok("kubectl describe pod nginx");
            assertTrue(told.contains("SandboxChanged"), told);
        }
    }

    private static String fromNginx(String url) {
        return "kubectl exec nginx -- timeout 5 wget -qO- " + url;
    }

    /** Beside what runs there is at most what ran before it, whose log can still be asked for. */
    private void nothingIsDoubled() {
        Await.until(
                "the containers of the pods, and no others",
                () -> Map.entry(ids("state", "running"), containers(cluster())),
                both -> {
                    SortedSet<String> others = new TreeSet<>(both.getValue());
                    others.removeAll(both.getKey());
                    others.removeAll(ids("lastState", "terminated"));
                    return others.isEmpty() && both.getValue().containsAll(both.getKey());
                });
    }

    /** The ids of the containers that pods say to be, or to have been, in a state. */
    private SortedSet<String> ids(String which, String state) {
        SortedSet<String> ids = new TreeSet<>();
        for (JsonNode pod : cluster().kubectlJson("get", "pods", "-A").path("items")) {
            for (JsonNode container : pod.path("status").path("containerStatuses")) {
                JsonNode found = container.path(which).path(state);
                if (!found.isMissingNode()) {
                    String id =
                            which.equals("state")
                                    ? container.path("containerID").asText()
                                    : found.path("containerID").asText();
                    ids.add(id.replaceFirst(".*//", ""));
                }
            }
        }
        return ids;
    }

    /** 05: nothing is at the path that its probe asks for. */
    private void liveness() {
        // It may have been restarted more often by now.
        Await.until(
                "a restart",
                () ->
                        cluster()
                                .shell()
                                .sh(
                                        "kubectl get pod kubia-liveness -o"
                                                + " jsonpath={.status.containerStatuses[0].restartCount}")
                                .output(),
                restarts -> restarts.strip().matches("[1-9][0-9]*"));
        String told = ok("kubectl describe pod kubia-liveness");
        assertTrue(
                told.contains("Liveness probe failed: HTTP probe failed with statuscode: 404"),
                told);
        assertTrue(told.contains("failed liveness probe, will be restarted"), told);
    }
}
