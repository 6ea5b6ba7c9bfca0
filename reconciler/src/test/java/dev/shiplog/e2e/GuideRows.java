package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.runtime.BusyboxImage;
import dev.shiplog.resource.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rows of docs/spec/guide.md that are about commands and the ways of a single cluster, each by
 * its number, with the commands as a reader of the guide types them. One cluster for all; each row
 * takes away what it brought.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
abstract class GuideRows {
    private static final Path FOLDER = Path.of("src/test/resources/guide").toAbsolutePath();
    private static final String SLEEP =
            " --image=busybox:1.37 -- sh -c 'trap exit TERM; sleep 3600 & wait'";

    private final String runtime;
    private TestCluster cluster;

    GuideRows(String runtime) {
        this.runtime = runtime;
    }

    /** Makes an image known to the runtime: no registry is asked. */
    abstract void load(TestCluster cluster, Path archive, String image);

    @BeforeAll
    void makeCluster() throws IOException {
        cluster = new TestCluster("guide-" + runtime);
        cluster.shiplog("start", "--vm-driver", runtime, "--memory", "2g").ok();
        Path archive = cluster.base().resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BusyboxImage.rootfsTar(BusyboxImage.onThisMachine().orElseThrow(), out);
        }
        load(cluster, archive, "busybox:1.37");
        try (var files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(file, cluster.base().resolve(file.getFileName()));
            }
        }
        ok("kubectl create -f kubia-manual.yaml");
        ok("kubectl create -f kubia-rc.yaml");
        ok("kubectl scale rc kubia --replicas=3");
        ready("kubia-manual");
        awaitRc(3);
    }

    @AfterAll
    void removeCluster() {
        cluster.close();
    }

    /** What a line printed that must succeed. */
    private String ok(String line) {
        return cluster.shell().sh(line).ok();
    }

    /** What a line printed that must fail. */
    private String failed(String line) {
        return cluster.shell().sh(line).failed();
    }

    private static void has(String output, String... expected) {
        for (String text : expected) {
            assertTrue(output.contains(text), () -> "expected \"" + text + "\" in:\n" + output);
        }
    }

    private void until(String what, String line, String expected) {
        Await.until(what, () -> cluster.shell().sh(line).output(), out -> out.contains(expected));
    }

    private void ready(String pod) {
        ok("kubectl wait --for=condition=Ready pod/" + pod + " --timeout=60s");
    }

    private void awaitRc(int replicas) {
        until(
                replicas + " ready",
                "kubectl get rc kubia -o jsonpath=ready:{.status.readyReplicas},",
                "ready:" + (replicas == 0 ? "" : replicas) + ",");
    }

    private List<String> names(String arguments) {
        return ok("kubectl get po -o name " + arguments).lines().toList();
    }

    private void delete(String what) {
        ok("kubectl delete --now " + what);
    }

    // Systems and components

    @Test
    @DisplayName("guide row 1: a cluster keeps what is wished, and chooses the machines itself")
    void row01() {
        String gone = names("-l app=kubia").getFirst();
        ok("kubectl delete --now " + gone);
        awaitRc(3);
        assertFalse(names("-l app=kubia").contains(gone));
        String nodes = "kubectl get po -l app=kubia -o jsonpath={.items[*].spec.nodeName}";
        assertEquals("node-1 node-1 node-1", ok(nodes).strip());
    }

    @Test
    @DisplayName("guide row 2: a control plane node takes no pods once it is tainted as one")
    void row02() {
        has(ok("kubectl get nodes"), "control-plane");
        String taint = "kubectl taint node node-1 node-role.kubernetes.io/control-plane:NoSchedule";
        ok(taint);
        try {
            ok("kubectl run shy" + SLEEP);
            until("refusal", "kubectl describe po shy", "untolerated taint");
        } finally {
            ok(taint + "-");
        }
        ready("shy");
        delete("po shy");
    }

    @Test
    @DisplayName("guide row 3: whatever changes went through the API server, and it says by whom")
    void row03() {
        ok("kubectl label node node-1 rack=7");
        has(cluster.shiplog("log", "node/node-1").ok(), "user:admin");
        ok("kubectl label node node-1 rack-");
        assertEquals("ok", ok("kubectl get --raw /readyz").strip());
    }

    @Test
    @DisplayName("guide row 4: the scheduler filters by requests against what is allocatable")
    void row04() {
        ok(
                "kubectl run hungry --image=busybox:1.37 --overrides='"
                        + "{\"spec\":{\"containers\":[{\"name\":\"hungry\",\"image\":\"busybox:1.37\","
                        + "\"resources\":{\"requests\":{\"cpu\":\"1000\"}}}]}}'");
        until(
                "refusal",
                "kubectl describe po hungry",
                "0/1 nodes are available: 1 Insufficient cpu");
        delete("po hungry");
    }

    @Test
    @DisplayName("guide row 5: pods bear a lost node for 300 s before they are evicted")
    void row05() {
        JsonNode pod = cluster.kubectlJson("get", "pod", "kubia-manual");
        Set<String> borne = new TreeSet<>();
        for (JsonNode toleration : pod.path("spec").path("tolerations")) {
            assertEquals(300, toleration.path("tolerationSeconds").asInt());
            borne.add(toleration.path("key").asText());
        }
        assertEquals(
                Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"), borne);
    }

    @Test
    @DisplayName("guide row 6: of two that take a Lease, one wins")
    void row06() {
        ok("kubectl create -f leader.yaml");
        String read = ok("kubectl get lease leader -o json");
        ok(
                "kubectl patch lease leader --type=merge -p '{\"spec\":{\"holderIdentity\":\"second\"}}'");
        Path stale = cluster.base().resolve("stale.json");
        write(stale, read);
        has(failed("kubectl replace -f " + stale), "Conflict");
        assertEquals("second", ok("kubectl get lease leader -o jsonpath={.spec.holderIdentity}"));
        ok("kubectl delete lease leader");
    }

    @Test
    @DisplayName("guide row 7: a version is a position in the log, and a watch goes on from it")
    void row07() {
        String list = "kubectl get --raw '/api/v1/namespaces/default/configmaps'";
        long version =
                Json.parse(ok(list)).toNode().path("metadata").path("resourceVersion").asLong();
        assertTrue(version <= cluster.status().path("position").asLong());
        ok("kubectl create configmap seen --from-literal=a=b");
        String watched =
                ok(
                        "kubectl get --raw '/api/v1/namespaces/default/configmaps?watch=1"
                                + "&timeoutSeconds=1&resourceVersion="
                                + version
                                + "'");
        has(watched, "\"ADDED\"", "\"seen\"");
        ok("kubectl delete configmap seen");
        has(
                failed(
                        "kubectl get --raw '/api/v1/pods?resourceVersion=1&resourceVersionMatch=Exact'"
                                + " && kubectl get --raw '/api/v1/pods?resourceVersion=99999999999'"),
                "Error from server");
    }

    @Test
    @DisplayName("guide row 8: a pod of another scheduler waits for that one")
    void row08() {
        ok("kubectl create -f other-scheduler.yaml");
        ok("kubectl run later" + SLEEP);
        ready("later");
        // By now ours has been by, and left it alone.
        has(ok("kubectl get po patient"), "Pending");
        assertEquals(
                "", ok("kubectl get events -o name --field-selector involvedObject.name=patient"));
        write(
                cluster.base().resolve("binding.json"),
                "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"patient\"},"
                        + "\"target\":{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"node-1\"}}");
        ok(
                "kubectl create --raw /api/v1/namespaces/default/pods/patient/binding -f"
                        + " binding.json");
        ready("patient");
        delete("po patient later");
    }

    @Test
    @DisplayName("guide row 9: a node renews its Lease")
    void row09() {
        String renewed =
                "kubectl get lease -n kube-node-lease node-1 -o jsonpath={.spec.renewTime}";
        String first = ok(renewed);
        Await.until("a renewal", () -> ok(renewed), now -> !now.equals(first));
        has(ok("kubectl get nodes"), "Ready");
    }

    @Test
    @DisplayName("guide row 10: a node runs the pods that name it, and no others")
    void row10() {
        ok("kubectl run mine --overrides='{\"spec\":{\"nodeName\":\"node-1\"}}'" + SLEEP);
        ok("kubectl run foreign --overrides='{\"spec\":{\"nodeName\":\"node-9\"}}'" + SLEEP);
        ready("mine");
        has(ok("kubectl get po foreign"), "Pending");
        String events =
                ok("kubectl get events --field-selector involvedObject.name=mine --no-headers");
        assertFalse(events.contains("Scheduled"), events);
        ok("kubectl delete po mine foreign --grace-period=0 --force");
    }

    @Test
    @DisplayName("guide row 11: a Service's address leads to a ready pod")
    void row11() {
        ok("kubectl label po kubia-manual row=11 --overwrite");
        ok(
                "kubectl expose pod kubia-manual --name=row11 --port=80 --target-port=8080 --selector=row=11");
        until("an endpoint", "kubectl get endpoints row11", ":8080");
        String address = ok("kubectl get svc row11 -o jsonpath={.spec.clusterIP}");
        until(
                "an answer",
                "kubectl exec kubia-manual -c beside -- timeout 5 wget -q -O - http://" + address,
                "kubia-manual");
        ok("kubectl delete svc row11");
    }

    @Test
    @DisplayName("guide rows 12 and 13: the runtime is a plug-in, and a container says which")
    void row12() {
        String ids =
                "kubectl get po kubia-manual -o jsonpath={.status.containerStatuses[*].containerID}";
        for (String id : ok(ids).split(" ", -1)) {
            assertTrue(id.startsWith(runtime + "://"), id);
        }
        has(ok("kubectl get nodes -o wide"), "CONTAINER-RUNTIME", runtime + "://");
    }

    @Test
    @DisplayName("guide row 14: a container has namespaces of its own")
    void row14() throws IOException {
        for (String name : List.of("net", "pid", "mnt", "uts", "ipc")) {
            String inside = ok("kubectl exec kubia-manual -c kubia -- ls -l /proc/self/ns/" + name);
            Matcher number = Pattern.compile(name + ":\\[\\d+\\]").matcher(inside);
            assertTrue(number.find(), inside);
            String outside = Files.readSymbolicLink(Path.of("/proc/self/ns", name)).toString();
            assertFalse(number.group().equals(outside), inside);
        }
        assertEquals("kubia-manual", ok("kubectl exec kubia-manual -c kubia -- hostname").strip());
    }

    @Test
    @DisplayName("guide row 16: a pod is submitted, scheduled, pulled, created, started")
    void row16() {
        ok("kubectl run steps" + SLEEP);
        ready("steps");
        List<JsonNode> events = new ArrayList<>();
        cluster.kubectlJson("get", "events", "--field-selector", "involvedObject.name=steps")
                .path("items")
                .forEach(events::add);
        List<String> reasons =
                events.stream()
                        .sorted(
                                Comparator.comparingLong((JsonNode event) ->
                                        event.path("metadata").path("resourceVersion").asLong()))
                        .map(event -> event.path("reason").asText())
                        .filter(reason -> !reason.equals("Pulling"))
                        .toList();
        assertEquals(List.of("Scheduled", "Pulled", "Created", "Started"), reasons);
        delete("po steps");
    }

    @Test
    @DisplayName("guide row 17: containers of a pod are on one node and see one another")
    void row17() {
        has(ok("kubectl get po kubia-manual"), "2/2");
        assertEquals(
                "kubia-manual",
                ok("kubectl exec kubia-manual -c beside -- wget -q -O - http://127.0.0.1:8080")
                        .strip());
    }

    @Test
    @DisplayName("guide row 18: who asks for no number of replicas gets one")
    void row18() {
        ok("sed 's/kubia$/single/' kubia-rc.yaml | kubectl create -f -");
        assertEquals("1", ok("kubectl get rc single -o jsonpath={.spec.replicas}"));
        delete("rc single");
    }

    @Test
    @DisplayName("guide row 19: a machine with swap on is told so, with the reason")
    void row19() throws IOException {
        String said = cluster.shiplog("start").ok();
        long devices = Files.readAllLines(Path.of("/proc/swaps")).stream().skip(1).count();
        assertEquals(devices > 0, said.contains("swap is on here"), said);
    }

    @Test
    @DisplayName(
            "guide rows 20 and 56: the system's own log is followed through a stop and a start")
    void row20() throws Exception {
        File followed = cluster.base().resolve("followed").toFile();
        Process follow =
                cluster.shell()
                        .start(
                                List.of(
                                        cluster.launcher(),
                                        "logs",
                                        "-f",
                                        "-n",
                                        "0",
                                        "-p",
                                        "guide-" + runtime),
                                followed);
        try {
            String uids = "kubectl get po -l app=kubia -o jsonpath={.items[*].metadata.uid}";
            String before = ok(uids);
            cluster.shiplog("stop").ok();
            has(cluster.shiplog("stop").ok(), "was stopped already");
            has(ok(cluster.launcher() + " profile list"), "Stopped");
            cluster.shiplog("start").ok();
            has(ok(cluster.launcher() + " profile list"), "Running");
            assertEquals(before, ok(uids));
            Await.until(
                    "the line of its start",
                    () -> read(followed.toPath()),
                    text -> text.contains("answers at https://"));
        } finally {
            follow.destroy();
            follow.waitFor();
        }
        has(cluster.shiplog("logs", "-n", "-1").ok(), "answers at https://");
        assertEquals(2, cluster.shiplog("logs", "-n", "2").ok().lines().count());
        ready("kubia-manual");
        awaitRc(3);
    }

    // Commands

    @Test
    @DisplayName("guide row 21: kubectl and server say their versions")
    void row21() {
        has(ok("kubectl version"), "Client Version: v1.", "Server Version: v1.");
    }

    @Test
    @DisplayName("guide row 22: run makes one pod, with the label run")
    void row22() {
        has(ok("kubectl run kubia-run --port=8080" + SLEEP), "pod/kubia-run created");
        ready("kubia-run");
        JsonNode pod = cluster.kubectlJson("get", "pod", "kubia-run");
        assertEquals("kubia-run", pod.path("metadata").path("labels").path("run").asText());
        assertEquals(
                8080,
                pod.path("spec")
                        .path("containers")
                        .path(0)
                        .path("ports")
                        .path(0)
                        .path("containerPort")
                        .asInt());
        delete("po kubia-run");
    }

    @Test
    @DisplayName("guide row 23: run --generator is gone")
    void row23() {
        has(
                failed("kubectl run kubia --image=busybox:1.37 --generator=run/v1"),
                "unknown flag: --generator");
    }

    @Test
    @DisplayName("guide row 24: create -f makes what there is not yet")
    void row24() {
        has(failed("kubectl create -f kubia-manual.yaml"), "AlreadyExists");
        has(
                failed("sed 's/spec:/spce:/' kubia-rc.yaml | kubectl create -f -"),
                "unknown field \"spce\"");
    }

    @Test
    @DisplayName("guide row 25: exec runs a command in a container")
    void row25() {
        assertEquals(
                "kubia-manual\n",
                ok("kubectl exec kubia-manual -c kubia -- wget -q -O - http://localhost:8080"));
        assertEquals(
                7,
                cluster.shell().sh("kubectl exec kubia-manual -c kubia -- sh -c 'exit 7'").code());
    }

    @Test
    @DisplayName("guide rows 26 and 31: get po, with and without -A")
    void row26() {
        assertTrue(
                Pattern.compile("NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE")
                        .matcher(ok("kubectl get po -A"))
                        .find());
        String own = ok("kubectl get pods");
        assertTrue(
                Pattern.compile("(?m)^kubia-manual +2/2 +Running +0 +\\d+").matcher(own).find(),
                own);
    }

    @Test
    @DisplayName("guide row 27: get nodes")
    void row27() {
        String nodes = ok("kubectl get nodes");
        assertTrue(
                Pattern.compile(
                                "NAME +STATUS +ROLES +AGE +VERSION\n"
                                        + "node-1 +Ready +control-plane +\\S+ +v1\\.")
                        .matcher(nodes)
                        .find(),
                nodes);
    }

    @Test
    @DisplayName("guide row 28: describe node tells of its pods, its Lease and its events")
    void row28() {
        has(
                ok("kubectl describe node node-1"),
                "Non-terminated Pods:",
                "kubia-manual",
                "Allocated resources:",
                "RenewTime:",
                "Events:");
    }

    @Test
    @DisplayName("guide row 29: cluster-info")
    void row29() {
        has(
                ok("kubectl cluster-info").replaceAll("\u001b\\[[0-9;]*m", ""),
                "Kubernetes control plane is running at https://127.0.0.1:",
                "DNS is running at https://127.0.0.1:");
    }

    @Test
    @DisplayName("guide row 30: delete all --all takes what all means, and no more")
    void row30() {
        ok("kubectl create ns everything");
        ok("kubectl create -n everything -f everything.yaml");
        ok("kubectl create -n everything secret generic stays --from-literal=a=b");
        until("a pod", "kubectl get po -n everything", "Running");
        String said = ok("kubectl delete all --all -n everything --now");
        has(
                said,
                "pod \"kubia-",
                "service \"kubia\" deleted",
                "replicationcontroller \"kubia\" deleted");
        until("none is left", "kubectl get all -n everything", "No resources found");
        has(
                ok("kubectl get secret,cm,ingress -n everything"),
                "secret/stays",
                "configmap/stays",
                "/stays");
        ok("kubectl delete ns everything --timeout=60s");
    }

    @Test
    @DisplayName("guide row 32: -o wide tells addresses and nodes")
    void row32() {
        String wide = ok("kubectl get po kubia-manual -o wide");
        has(wide, "IP", "NODE", "NOMINATED NODE", "READINESS GATES", "node-1");
        String address = ok("kubectl get po kubia-manual -o jsonpath={.status.podIP}");
        assertFalse(address.isEmpty());
        has(wide, address);
    }

    @Test
    @DisplayName("guide row 33: -o yaml and -o json are the whole object")
    void row33() {
        has(ok("kubectl get po kubia-manual -o yaml"), "apiVersion: v1", "kind: Pod", "podIP:");
        JsonNode pod = cluster.kubectlJson("get", "po", "kubia-manual");
        assertEquals("Running", pod.path("status").path("phase").asText());
        assertFalse(pod.path("metadata").has("managedFields"));
    }

    @Test
    @DisplayName("guide row 34: labels as a column, and as columns of their own")
    void row34() {
        has(ok("kubectl get po --show-labels"), "LABELS", "app=kubia");
        has(ok("kubectl get po -L app,env"), "APP", "ENV");
    }

    @Test
    @DisplayName("guide row 35: with its controller, a pod goes too")
    void row35() {
        ok("sed 's/kubia$/brief/' kubia-rc.yaml | kubectl create -f -");
        until("its pod", "kubectl get po -l app=brief", "Running");
        ok("kubectl delete rc brief");
        until("its end", "kubectl get po -l app=brief", "No resources found");
    }

    @Test
    @DisplayName("guide row 36: --cascade=false leaves the pods")
    void row36() {
        ok("sed 's/kubia$/orphans/' kubia-rc.yaml | kubectl create -f -");
        until("its pod", "kubectl get po -l app=orphans", "Running");
        List<String> before = names("-l app=orphans");
        has(ok("kubectl delete rc orphans --cascade=false"), "deprecated");
        String owners =
                "kubectl get po -l app=orphans -o jsonpath={.items[*].metadata.ownerReferences}";
        Await.until("no owner", () -> ok(owners), String::isEmpty);
        assertEquals(before, names("-l app=orphans"));
        has(ok("kubectl get po -l app=orphans"), "Running");
        ok("sed 's/kubia$/orphans/' kubia-rc.yaml | kubectl create -f -");
        Await.until("adoption", () -> ok(owners), text -> text.contains("orphans"));
        assertEquals(before, names("-l app=orphans"));
        ok("kubectl delete rc orphans --cascade=foreground");
        assertEquals(List.of(), names("-l app=orphans"));
    }

    @Test
    @DisplayName("guide row 37: a managed pod that is deleted is replaced")
    void row37() {
        List<String> before = names("-l app=kubia");
        ok("kubectl delete --now " + before.getFirst());
        awaitRc(3);
        List<String> after = new ArrayList<>(names("-l app=kubia"));
        after.removeAll(before);
        assertEquals(1, after.size());
    }

    @Test
    @DisplayName("guide row 38: describe pod")
    void row38() {
        has(
                ok("kubectl describe pod kubia-manual"),
                "Node:             node-1/",
                "Containers:\n  kubia:",
                "State:          Running",
                "Events:",
                "Started container kubia");
    }

    @Test
    @DisplayName("guide rows 39, 40 and 41: expose as a node port, and shiplog service finds it")
    void row39() {
        ok("kubectl label po kubia-manual row=39 --overwrite");
        has(
                ok(
                        "kubectl expose pod kubia-manual --name=kubia-nodeport --port=80"
                                + " --target-port=8080 --type=NodePort"),
                "service/kubia-nodeport exposed");
        String services = ok("kubectl get services");
        assertTrue(
                Pattern.compile("kubernetes +ClusterIP +10\\.\\d+\\.0\\.1 +<none> +443/TCP")
                        .matcher(services)
                        .find(),
                services);
        assertTrue(
                Pattern.compile("kubia-nodeport +NodePort +10\\.\\S+ +<none> +80:3[0-2]\\d{3}/TCP")
                        .matcher(services)
                        .find(),
                services);
        assertEquals("39", ok("kubectl get svc kubia-nodeport -o jsonpath={.spec.selector.row}"));
        String url = cluster.shiplog("service", "kubia-nodeport", "--url").ok().strip();
        assertTrue(url.matches("http://[0-9.]+:3[0-2]\\d{3}"), url);
        until("an answer", "curl -s --max-time 5 " + url, "kubia-manual");
        has(cluster.shiplog("service").ok(), "NAMESPACE", url);
        has(
                cluster.shiplog("service", "kubernetes", "--url").failed(),
                "expected a Service of type NodePort or LoadBalancer");
        ok("kubectl label po kubia-manual row-");
        has(
                cluster.shiplog("service", "kubia-nodeport", "--url", "--wait", "1").failed(),
                "no ready pod stands behind service kubia-nodeport");
        ok("kubectl delete svc kubia-nodeport");
    }

    @Test
    @DisplayName("guide row 42: logs")
    void row42() {
        assertEquals("Kubia server starting...\n", ok("kubectl logs kubia-manual -c kubia"));
        has(ok("kubectl logs kubia-manual"), "Kubia server starting...");
    }

    @Test
    @DisplayName("guide row 43: port-forward, on the loopback of both families")
    void row43() {
        String said =
                ok(
                        "kubectl port-forward kubia-manual 18888:8080 >forward.log 2>&1 & p=$!;"
                                + " for i in $(seq 50); do grep -q Forwarding forward.log && break;"
                                + " sleep 0.2; done; curl -s --max-time 10 http://127.0.0.1:18888;"
                                + " kill $p; cat forward.log");
        has(said, "kubia-manual\n", "Forwarding from 127.0.0.1:18888 -> 8080");
        if (InetAddress.getLoopbackAddress().getAddress().length > 4
                || Files.exists(Path.of("/proc/net/if_inet6"))) {
            has(said, "Forwarding from [::1]:18888 -> 8080");
        }
    }

    @Test
    @DisplayName("guide rows 44, 45 and 46: labels, selectors, and deletion by them")
    void row44() {
        for (String pod : List.of("one", "two", "three")) {
            ok("kubectl run " + pod + " --labels=set=row44" + SLEEP);
        }
        ok("kubectl label po one creation_method=manual env=prod");
        ok("kubectl label po two env=devel");
        has(failed("kubectl label po two env=debug"), "--overwrite is false");
        ok("kubectl label po two env=debug --overwrite");
        assertEquals(List.of("pod/one"), names("-l set=row44,creation_method=manual"));
        assertEquals(List.of("pod/one", "pod/two"), names("-l set=row44,env"));
        assertEquals(List.of("pod/three"), names("-l 'set=row44,!env'"));
        assertEquals(List.of("pod/one", "pod/two"), names("-l 'set=row44,env in (prod,debug)'"));
        assertEquals(List.of("pod/three", "pod/two"), names("-l 'set=row44,env notin (prod)'"));
        assertEquals(List.of("pod/three", "pod/two"), names("-l 'set=row44,env!=prod'"));
        ok("kubectl label po one env-");
        assertEquals(List.of("pod/one", "pod/three"), names("-l 'set=row44,!env'"));
        has(ok("kubectl delete po -l set=row44 --now"), "\"one\"", "\"two\"", "\"three\"");
        assertEquals(List.of(), names("-l set=row44"));
    }

    @Test
    @DisplayName("guide rows 47, 48, 49, 50 and 65: namespaces")
    void row47() {
        has(ok("kubectl get ns"), "default", "kube-system", "kube-public", "kube-node-lease");
        has(ok("kubectl get po --namespace kube-system"), "No resources found");
        ok("kubectl create -f custom-namespace.yaml");
        has(ok("kubectl create namespace czm"), "namespace/czm created");
        ok("kubectl create -f kubia-manual.yaml -n custom-namespace");
        has(ok("kubectl get po -n custom-namespace"), "kubia-manual");
        has(
                failed(
                        "sed 's/name: kubia-manual/&\\n  namespace: czm/' kubia-manual.yaml"
                                + " | kubectl create -n custom-namespace -f -"),
                "does not match");
        has(ok("kubectl get nodes -n czm"), "node-1");
        for (String kept : List.of("default", "kube-system", "kube-public")) {
            has(failed("kubectl delete ns " + kept), "forbidden");
        }
        ok("kubectl delete ns custom-namespace czm --timeout=90s");
        has(failed("kubectl get ns custom-namespace"), "NotFound");
        has(ok("kubectl get po kubia-manual"), "Running");
    }

    @Test
    @DisplayName("guide row 51: edit rc changes the template, and no pod that there is")
    void row51() {
        List<String> before = names("-l app=kubia");
        ok("KUBE_EDITOR=\"sed -i 's/sleep 3600/sleep 3601/'\" kubectl edit rc kubia");
        assertEquals(before, names("-l app=kubia"));
        ok("kubectl delete --now " + before.getFirst());
        awaitRc(3);
        List<String> after = new ArrayList<>(names("-l app=kubia"));
        after.removeAll(before);
        has(ok("kubectl get -o yaml " + after.getFirst()), "sleep 3601");
        has(ok("kubectl get -o yaml " + before.getLast()), "sleep 3600");
    }

    @Test
    @DisplayName("guide row 52: scale")
    void row52() {
        has(ok("kubectl scale rc kubia --replicas=4"), "replicationcontroller/kubia scaled");
        awaitRc(4);
        ok("kubectl scale rc kubia --replicas=3");
        awaitRc(3);
        has(
                failed("kubectl scale rc kubia --current-replicas=9 --replicas=1"),
                "Expected replicas to be 9");
    }

    @Test
    @DisplayName("guide row 53: get ingresses, and the guide's own version of one")
    void row53() {
        has(ok("kubectl create -f kubia-ingress.yaml"), "deprecated", "created");
        String listed = ok("kubectl get ingresses");
        assertTrue(
                Pattern.compile(
                                "NAME +CLASS +HOSTS +ADDRESS +PORTS +AGE\n"
                                        + "kubia +<none> +kubia\\.example\\.com ")
                        .matcher(listed)
                        .find(),
                listed);
        ok("kubectl delete ingress kubia");
    }

    @Test
    @DisplayName("guide row 54: apply makes, changes only what was changed, and leaves the rest")
    void row54() {
        ok("sed 's/kubia$/applied/' kubia-rc.yaml > applied.yaml");
        has(ok("kubectl apply -f applied.yaml"), "created");
        ok("kubectl scale rc applied --replicas=2");
        ok("sed -i 's/^  name: applied/&\\n  labels:\\n    team: blue/' applied.yaml");
        has(ok("kubectl apply -f applied.yaml"), "configured");
        assertEquals(
                "2 blue",
                ok(
                        "kubectl get rc applied -o jsonpath='{.spec.replicas} {.metadata.labels.team}'"));
        has(ok("kubectl apply -f applied.yaml"), "unchanged");
        delete("rc applied");
    }

    @Test
    @DisplayName("guide row 55: start takes minikube's words, and they act")
    void row55() {
        JsonNode node = cluster.kubectlJson("get", "node", "node-1").path("status");
        assertEquals("2097152Ki", node.path("allocatable").path("memory").asText());
        assertEquals(runtime, cluster.status().path("runtime").asText());
        ok(
                "kubectl run fat --image=busybox:1.37 --overrides='"
                        + "{\"spec\":{\"containers\":[{\"name\":\"fat\",\"image\":\"busybox:1.37\","
                        + "\"resources\":{\"requests\":{\"memory\":\"2Gi\"}}},"
                        + "{\"name\":\"more\",\"image\":\"busybox:1.37\","
                        + "\"resources\":{\"requests\":{\"memory\":\"1Mi\"}}}]}}'");
        until("refusal", "kubectl describe po fat", "1 Insufficient memory");
        delete("po fat");
        String start = cluster.launcher() + " start -p other --runtime simulated ";
        has(failed(start + "--memory lots"), "expected an amount of memory such as 4g");
        has(failed(start + "--vm-driver virtualbox"), "makes no virtual machine");
        has(
                failed(start + "--registry-mirror http://mirror/with/path"),
                "expected a registry such as");
        assertFalse(Files.exists(cluster.folder().resolveSibling("other")));
    }

    @Test
    @DisplayName(
            "guide rows 56 and 57: config holds for new clusters, side by side; delete takes all")
    void row57() {
        String shiplog = cluster.launcher();
        has(failed(shiplog + " config set memry 1g"), "did you mean \"memory\"?");
        has(failed(shiplog + " config set memory much"), "expected an amount of memory");
        has(failed(shiplog + " config set vm-driver docker"), "\"runtime\"");
        has(failed(shiplog + " config get memory"), "memory is not set");
        ok(shiplog + " config set memory 1024");
        ok(shiplog + " config set runtime simulated");
        ok(shiplog + " config set registry-mirror https://mirror.example");
        assertEquals("1024\n", ok(shiplog + " config get memory"));
        has(ok(shiplog + " config view"), "memory: 1024", "runtime: simulated");
        ok(shiplog + " start -p other");
        try {
            Path home = cluster.folder().resolveSibling("other");
            assertEquals(
                    "1048576Ki",
                    ok(
                            "KUBECONFIG="
                                    + home.resolve("kubeconfig")
                                    + " kubectl get node node-1 -o"
                                    + " jsonpath={.status.allocatable.memory}"));
            has(read(home.resolve("settings.json")), "https://mirror.example");
            JsonNode profiles = Json.parse(ok(shiplog + " profile list -o json")).toNode();
            assertEquals(2, profiles.size());
            profiles.forEach(profile ->
                    assertEquals("Running", profile.path("status").asText(), profile::toString));
            has(ok("kubectl get po kubia-manual"), "Running");
        } finally {
            ok(shiplog + " delete -p other");
        }
        assertFalse(Files.exists(cluster.folder().resolveSibling("other")));
        for (String key : List.of("memory", "runtime", "registry-mirror")) {
            ok(shiplog + " config unset " + key);
        }
        assertEquals("", ok(shiplog + " config view"));
        has(ok("kubectl get po kubia-manual"), "Running");
    }

    @Test
    @DisplayName("guide row 57: the dashboard shows itself to those who are let in")
    void row57dashboard() {
        String url = cluster.shiplog("dashboard", "--url").ok().strip();
        String page = url.substring(0, url.indexOf('?'));
        String ca = " --cacert " + cluster.folder().resolve("tls/ca.crt") + " ";
        String stranger = ok("curl -s -i" + ca + page);
        has(stranger, "401", "shiplog dashboard");
        assertFalse(stranger.contains("kubia"), stranger);
        has(
                ok("curl -s -L -c jar" + ca + "'" + url + "'"),
                "kubia-manual",
                "node-1",
                "Newest commits");
        has(ok("curl -s -b jar" + ca + page), "kubia-manual");
        // The ticket was good once.
        String again = ok("curl -s -i -L" + ca + "'" + url + "'");
        has(again, "401");
        assertFalse(again.contains("kubia-manual"), again);
    }

    // Resources, fields, behaviours

    @Test
    @DisplayName("guide row 61: when an image is pulled")
    void row61() {
        String policy = " --dry-run=server -o jsonpath={.spec.containers[0].imagePullPolicy}";
        assertEquals("Always", ok("kubectl run a --image=busybox" + policy));
        assertEquals("Always", ok("kubectl run a --image=busybox:latest" + policy));
        assertEquals("IfNotPresent", ok("kubectl run a --image=busybox:1.37" + policy));
        ok("kubectl run absent --image=registry.invalid/absent:1 --image-pull-policy=Never");
        until("its reason", "kubectl get po absent", "ErrImageNeverPull");
        delete("po absent");
    }

    @Test
    @DisplayName("guide rows 62 and 63: what labels and annotations may be")
    void row62() {
        has(failed("kubectl label po kubia-manual 'a b=c'"), "name part must consist of");
        has(failed("kubectl label po kubia-manual a=" + "v".repeat(64)), "63");
        ok("kubectl label po kubia-manual example.com/a=" + "v".repeat(63));
        ok("kubectl label po kubia-manual example.com/a-");
        ok("kubectl annotate po kubia-manual example.com/someannotation='foo bar'");
        has(ok("kubectl describe po kubia-manual"), "example.com/someannotation: foo bar");
        assertEquals(List.of(), names("-l example.com/someannotation"));
        ok("kubectl annotate po kubia-manual example.com/someannotation-");
        String big = "a".repeat(90_000);
        has(
                failed(
                        "a=$(printf '%090000d' 0);"
                                + " kubectl annotate po kubia-manual a=$a b=$a c=$a"),
                "may not be more than 262144 bytes");
        assertTrue(big.length() * 3 > 262_144);
    }

    @Test
    @DisplayName("guide row 64: a pod waits for a node with its labels")
    void row64() {
        ok("kubectl create -f kubia-gpu.yaml");
        until(
                "refusal",
                "kubectl describe po kubia-gpu",
                "didn't match Pod's node affinity/selector");
        ok("kubectl label node node-1 gpu=true");
        ready("kubia-gpu");
        delete("po kubia-gpu");
        ok("kubectl label node node-1 gpu-");
    }

    @Test
    @DisplayName(
            "guide row 69: a ReplicationController takes its template's labels, and restarts always")
    void row69() {
        assertEquals(
                "{\"app\":\"kubia\"}", ok("kubectl get rc kubia -o jsonpath={.spec.selector}"));
        has(failed("kubectl create -f kubia-never.yaml"), "restartPolicy", "Always");
    }

    @Test
    @DisplayName("guide row 70: a pod that no longer fits is released, one that fits adopted")
    void row70() {
        List<String> before = names("-l app=kubia");
        String moved = before.getFirst();
        ok("kubectl label " + moved + " app=foo --overwrite");
        awaitRc(3);
        String owner = "kubectl get " + moved + " -o jsonpath={.metadata.ownerReferences}";
        Await.until("its release", () -> ok(owner), String::isEmpty);
        assertEquals(3, names("-l app=kubia").size());
        ok("kubectl delete --now " + moved);
    }

    @Test
    @DisplayName("guide rows 71, 72 and 73: all parts of a ReplicaSet's selector hold together")
    void row71() {
        has(ok("kubectl create -f kubia-rs.yaml"), "created");
        has(ok("kubectl get rs expressions"), "DESIRED");
        until("its pod", "kubectl get po -l tier=web", "Running");
        String pod = names("-l tier=web").getFirst();
        ok("kubectl label " + pod + " track=canary");
        until(
                "another",
                "kubectl get rs expressions -o jsonpath=ready:{.status.readyReplicas}:{.status.replicas}",
                "ready:1:1");
        Await.until("two", () -> names("-l tier=web"), found -> found.size() == 2);
        has(
                failed("kubectl apply -f kubia-rs-wrong.yaml"),
                "must be specified when `operator` is 'In' or 'NotIn'",
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        delete("rs expressions");
        delete(pod);
    }

    @Test
    @DisplayName("guide row 74: a DaemonSet follows the labels of nodes")
    void row74() {
        ok("kubectl create -f ssd-monitor.yaml");
        has(ok("kubectl get ds"), "ssd-monitor", "disk=ssd");
        assertEquals(List.of(), names("-l app=ssd-monitor"));
        ok("kubectl label node node-1 disk=ssd");
        until("its pod", "kubectl get po -l app=ssd-monitor", "Running");
        ok("kubectl label node node-1 disk=hdd --overwrite");
        until("its end", "kubectl get po -l app=ssd-monitor", "No resources found");
        ok("kubectl delete ds ssd-monitor");
        ok("kubectl label node node-1 disk-");
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
