package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.runtime.BusyboxImage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Pods' network, Services, names and Ingresses, through real kubectl, as pods, the node and a
 * machine outside see them. Two servers ({@code web-a}, {@code web-b}) say who they are and who
 * asked them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NetworkJourney {
    private static final Path FOLDER = Path.of("src/test/resources/network").toAbsolutePath();
    private static final String WHO = "/cgi-bin/who";

    /**
     * How often a server is asked where chance decides: that one is never met is 1 in 8 million.
     */
    private static final int ASKED = 24;

    private final String runtime;
    private final Map<String, String> values = new TreeMap<>();

    /** Whose readiness a test takes away must not be another's server. */
    private final ReentrantLock servers = new ReentrantLock();

    private TestCluster cluster;
    private Outside outside;

    NetworkJourney(String runtime) {
        this.runtime = runtime;
    }

    /** Makes an image known to the runtime: no registry is asked. */
    abstract void load(TestCluster cluster, Path archive, String image);

    /** How many of the namespaces net, ipc and uts the containers of a pod have in common. */
    abstract int shared();

    @BeforeAll
    void makeCluster() throws IOException {
        cluster = new TestCluster("net-" + runtime);
        cluster.shiplog("start", "--runtime", runtime).ok();
        Path archive = cluster.base().resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BusyboxImage.rootfsTar(BusyboxImage.onThisMachine().orElseThrow(), out);
        }
        load(cluster, archive, "busybox:1.37");
        // Chosen by hand, and not by two runs of this test at a time.
        int own = (int) (ProcessHandle.current().pid() % 80);
        values.put("HOST_PORT", String.valueOf(28_100 + own));
        values.put("NODE_PORT", String.valueOf(30_000 + own));
        values.put("BALANCED_PORT", String.valueOf(28_300 + own));
        String dns = clusterIp("kube-system", "kube-dns");
        values.put("CLUSTER_IP", dns.replaceAll("\\.\\d+$", "." + (100 + own)));
        values.put("EXTERNAL_IP", "203.0.113." + (100 + own));
        outside = new Outside(cluster.shell(), own);
        apply("pods.yaml");
        apply("services.yaml");
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=120s").ok();
        values.put("GATEWAY", gateway());
        values.put("NAMED", podIp("named"));
        apply("endpoints.yaml");
    }

    @AfterAll
    void removeCluster() {
        if (outside != null) {
            outside.close();
        }
        cluster.close();
    }

    private void apply(String file) {
        cluster.kubectl("apply", "-f", filled(file).toString()).ok();
    }

    /** A file with this run's ports and addresses in it. */
    private Path filled(String file) {
        try {
            String text = Files.readString(FOLDER.resolve(file));
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace("${" + value.getKey() + "}", value.getValue());
            }
            Path copy = cluster.base().resolve(file);
            Files.writeString(copy, text);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode get(String kind, String name) {
        return cluster.kubectlJson("get", kind, name);
    }

    private String clusterIp(String namespace, String service) {
        return cluster.kubectlJson("get", "service", service, "-n", namespace)
                .at("/spec/clusterIP")
                .asText();
    }

    private String clusterIp(String service) {
        return clusterIp("default", service);
    }

    private String podIp(String pod) {
        return get("pod", pod).at("/status/podIP").asText();
    }

    private int nodePort(String service) {
        return get("service", service).at("/spec/ports/0/nodePort").asInt();
    }

    /** The node's address for its pods: by which they leave it. */
    private String gateway() {
        String route = inPod("client", "ip route show default").ok();
        return route.replaceAll("(?s).*via (\\S+).*", "$1");
    }

    private Shell.Result inPod(String pod, String line) {
        return cluster.kubectl("exec", "-q", pod, "--", "sh", "-c", line);
    }

    /** What a pod is answered. */
    private Shell.Result fetched(String pod, String url) {
        return inPod(pod, "timeout 5 wget -qO- " + url);
    }

    private static SortedSet<String> names(String answers) {
        SortedSet<String> names = new TreeSet<>();
        answers.lines().forEach(line -> names.add(word(line, 0)));
        return names;
    }

    /** A word of an answer's line, from 0. */
    private static String word(String line, int index) {
        return List.of(line.strip().split(" ", -1)).get(index);
    }

    /** Whom the server saw. */
    private static String client(String answer) {
        return word(answer, 1).replace("[::ffff:", "").replace("]", "");
    }

    private static String repeated(String command) {
        return "for i in $(seq " + ASKED + "); do " + command + " || exit 1; done";
    }

    private Shell.Result onNode(String line) {
        return cluster.shell().sh(line);
    }

    /** The names that a name server gives, its own left out. */
    private String lookedUp(String pod, String question) {
        return inPod(pod, "nslookup " + question).output();
    }

    private static final List<String> BOTH = List.of("web-a", "web-b");

    @Test
    @DisplayName("guide row 58: what containers of a pod share")
    void containersOfAPodShareTheirNetworkAndNameAndTheirProcessesOnlyWhenAsked() {
        assertEquals(
                0,
                cluster.kubectl(
                                "exec",
                                "client",
                                "-c",
                                "two",
                                "--",
                                "wget",
                                "-qO-",
                                "http://127.0.0.1:7000/etc/hostname")
                        .code());
        String links = "for n in net ipc uts pid; do readlink /proc/self/ns/$n; done";
        List<String> one = lines("client", "one", links);
        List<String> two = lines("client", "two", links);
        assertEquals(one.subList(0, shared()), two.subList(0, shared()));
        assertNotEquals(one.get(3), two.get(3));
        assertEquals(List.of("client"), lines("client", "two", "hostname"));
        assertEquals(
                lines("named", "server", "hostname; readlink /proc/self/ns/pid"),
                lines("named", "beside", "hostname; readlink /proc/self/ns/pid"));
        assertTrue(lines("named", "server", "ps -o args").toString().contains(": beside"));
        assertNotEquals(one.getFirst(), lines("named", "server", links).getFirst());
    }

    private List<String> lines(String pod, String container, String line) {
        return cluster.kubectl("exec", pod, "-c", container, "--", "sh", "-c", line)
                .ok()
                .lines()
                .toList();
    }

    @Test
    @DisplayName("guide row 59: a pod is reached at its own address, and seen with it")
    void aPodIsSeenWithItsOwnAddressByAPeerAndThroughAService() {
        servers.lock();
        try {
            String self = podIp("client");
            String direct = fetched("client", "http://" + podIp("web-a") + ":8080" + WHO).ok();
            assertEquals(self, client(direct));
            assertEquals(self, client(fetched("client", "http://web" + WHO).ok()));
            // A server that leads its own Service to itself is answered too.
            assertEquals(
                    new TreeSet<>(BOTH),
                    names(inPod("web-a", repeated("timeout 5 wget -qO- http://web" + WHO)).ok()));
        } finally {
            servers.unlock();
        }
    }

    @Test
    @DisplayName("guide rows 60, 75 and 76: each pod's own number behind one name, drawn at random")
    void aClusterIpLeadsPodsAndTheNodeToEveryReadyPod() {
        servers.lock();
        try {
            String service = clusterIp("web");
            String fromPod = repeated("timeout 5 wget -qO- http://" + service + WHO);
            assertEquals(new TreeSet<>(BOTH), names(inPod("client", fromPod).ok()));
            String fromNode = repeated("curl -fsS -m 5 http://" + service + WHO);
            assertEquals(new TreeSet<>(BOTH), names(onNode(fromNode).ok()));
            assertEquals(values.get("CLUSTER_IP"), clusterIp("chosen"));
            onNode("curl -fsS -m 5 http://" + values.get("CLUSTER_IP") + WHO).ok();
            String taken =
                    cluster.kubectl(
                                    "create",
                                    "service",
                                    "clusterip",
                                    "second",
                                    "--tcp=80",
                                    "--clusterip=" + values.get("CLUSTER_IP"))
                            .failed();
            assertTrue(taken.contains("provided IP is already allocated"), taken);
            // What a Service does not offer is refused, not left to time out.
            String refused = fetched("client", "http://" + service + ":81/").failed();
            assertTrue(refused.contains("refused"), refused);
        } finally {
            servers.unlock();
        }
    }

    @Test
    @DisplayName("guide row 75: the API server has a Service of its own, for pods too")
    void theApiServerAnswersAtItsService() {
        String first = clusterIp("kubernetes");
        String code =
                onNode("curl -sk -m 5 -o /dev/null -w '%{http_code}' https://" + first + "/version")
                        .ok();
        assertTrue(List.of("200", "401", "403").contains(code), code);
        inPod("client", "nc -w 5 kubernetes.default 443 </dev/null").ok();
    }

    @Test
    @DisplayName("guide row 77: a client stays with its endpoint")
    void aClientStaysWithItsEndpointWhereTheServiceSaysSo() {
        servers.lock();
        try {
            String all = inPod("client", repeated("timeout 5 wget -qO- http://sticky" + WHO)).ok();
            assertEquals(1, names(all).size(), all);
        } finally {
            servers.unlock();
        }
    }

    @Test
    @DisplayName("guide row 78: names of Services and pods, forward and back")
    void servicesAndPodsHaveNames() {
        servers.lock();
        try {
            String service = clusterIp("web");
            for (String name :
                    List.of(
                            "web",
                            "web.default",
                            "web.default.svc",
                            "web.default.svc.cluster.local")) {
                String answer = inPod("client", "timeout 5 wget -qO- http://" + name + WHO).ok();
                assertTrue(BOTH.contains(word(answer, 0)), answer);
            }
            String whole = "web.default.svc.cluster.local";
            assertTrue(lookedUp("client", whole).contains("Address: " + service));
            String headless = lookedUp("client", "headless.default.svc.cluster.local");
            for (String pod : BOTH) {
                assertTrue(headless.contains("Address: " + podIp(pod)), headless);
            }
            String ported = lookedUp("client", "-type=srv _http._tcp." + whole);
            assertTrue(ported.contains("80 " + whole), ported);
            String each =
                    lookedUp("client", "-type=srv _http._tcp.headless.default.svc.cluster.local");
            assertTrue(each.contains(" 8080 ") && each.contains(" 8081 "), each);
            String back = lookedUp("client", service);
            assertTrue(back.contains("name = " + whole), back);
            String missing = lookedUp("client", "nobody.default.svc.cluster.local");
            assertTrue(missing.contains("NXDOMAIN"), missing);
            // A pod under a headless Service, by its hostname, and what it calls itself.
            String named = lookedUp("client", "db-0.db.default.svc.cluster.local");
            assertTrue(named.contains("Address: " + podIp("named")), named);
            assertEquals("db-0", inPod("named", "hostname").ok().strip());
            assertEquals(
                    "db-0.db.default.svc.cluster.local",
                    inPod("named", "hostname -f").ok().strip());
            String dashes = podIp("named").replace('.', '-') + ".default.pod.cluster.local";
            assertTrue(lookedUp("client", dashes).contains("Address: " + podIp("named")), dashes);
        } finally {
            servers.unlock();
        }
    }

    @Test
    @DisplayName("guide rows 78 and 79: where pods look names up")
    void aPodsResolverSaysWhatItsPolicyAsksFor() {
        String dns = clusterIp("kube-system", "kube-dns");
        String normal = inPod("client", "cat /etc/resolv.conf").ok();
        assertTrue(normal.contains("nameserver " + dns + "\n"), normal);
        assertTrue(
                normal.contains("search default.svc.cluster.local svc.cluster.local cluster.local"),
                normal);
        assertTrue(normal.contains("ndots:5"), normal);
        assertEquals(normal, inPod("machine", "cat /etc/resolv.conf").ok());
        assertTrue(fetched("machine", "http://web" + WHO).ok().startsWith("web-"));
        String more = inPod("named", "cat /etc/resolv.conf").ok();
        assertTrue(more.contains(" corp.example.com") && more.contains("timeout:3"), more);
        assertEquals(
                List.of("nameserver 192.0.2.53", "options ndots:2", "search only.example.com"),
                inPod("alone", "cat /etc/resolv.conf").ok().lines().sorted().toList());
        String hosts = inPod("named", "cat /etc/hosts").ok();
        assertTrue(hosts.contains("198.51.100.7\told.example.com\tolder.example.com"), hosts);
        assertTrue(
                hosts.contains(podIp("named") + "\tdb-0.db.default.svc.cluster.local\tdb-0"),
                hosts);
        // Over TCP as well.
        inPod("client", "nc -w 5 " + dns + " 53 </dev/null").ok();
    }

    /** A pod with the machine's network, and one with a port of the machine. */
    @Test
    void aPodMayHaveTheMachinesNetworkOrOneOfItsPorts() {
        JsonNode machine = get("pod", "machine").path("status");
        assertEquals(machine.path("hostIP").asText(), machine.path("podIP").asText());
        assertEquals(
                get("pod", "machine").at("/spec/nodeName").asText(),
                inPod("machine", "hostname").ok().strip());
        String port = values.get("HOST_PORT");
        assertEquals("named", onNode("curl -fsS -m 5 http://localhost:" + port).ok().strip());
        assertEquals("named", outside.fetched(port, "/").ok().strip());
    }

    @Test
    @DisplayName("guide rows 80 and 81: Endpoints by hand, their slices, and what they may not say")
    void aServiceWithoutSelectorLeadsWhereItsEndpointsSay() {
        assertEquals("named", fetched("client", "http://by-hand/").ok().strip());
        String slices =
                cluster.kubectl("get", "endpointslices", "-l", "kubernetes.io/service-name=by-hand")
                        .ok();
        assertTrue(slices.contains(podIp("named")), slices);
        // UDP too.
        String answer =
                lookedUp("client", "web.default.svc.cluster.local " + clusterIp("names") + ":5300");
        assertTrue(answer.contains("Address: " + clusterIp("web")), answer);
        for (String address : List.of("127.0.0.1", "169.254.1.1")) {
            values.put("ADDRESS", address);
            String refused =
                    cluster.kubectl("apply", "-f", filled("loopback.yaml").toString()).failed();
            assertTrue(refused.contains("Invalid value: \"" + address + "\""), refused);
        }
    }

    @Test
    @DisplayName("guide row 82: a name for a name")
    void anExternalNameIsAnAlias() {
        String answer = lookedUp("client", "elsewhere.default.svc.cluster.local");
        assertTrue(answer.contains("canonical name = web.default.svc.cluster.local"), answer);
        assertTrue(answer.contains("Address: " + clusterIp("web")), answer);
        assertTrue(get("service", "elsewhere").at("/spec/clusterIP").isMissingNode());
    }

    @Test
    @DisplayName("guide row 83: every address of the machine, and one owner")
    void aNodePortIsOpenEverywhereAndTakenOnce() {
        servers.lock();
        try {
            String port = values.get("NODE_PORT");
            String address = get("pod", "client").at("/status/hostIP").asText();
            for (String host : List.of("localhost", address, values.get("GATEWAY"))) {
                String url = "http://" + host + ":" + port + WHO;
                assertTrue(onNode("curl -fsS -m 5 " + url).ok().startsWith("web-"), url);
            }
            assertTrue(outside.fetched(port, WHO).ok().startsWith("web-"));
            assertTrue(
                    fetched("client", "http://" + address + ":" + port + WHO)
                            .ok()
                            .startsWith("web-"));
            int given = nodePort("local");
            assertTrue(given >= 30_000 && given <= 32_767, () -> "port " + given);
            String taken =
                    cluster.kubectl(
                                    "create",
                                    "service",
                                    "nodeport",
                                    "second",
                                    "--tcp=80",
                                    "--node-port=" + port)
                            .failed();
            assertTrue(taken.contains("provided port is already allocated"), taken);
            String beyond =
                    cluster.kubectl(
                                    "create",
                                    "service",
                                    "nodeport",
                                    "second",
                                    "--tcp=80",
                                    "--node-port=29999")
                            .failed();
            assertTrue(beyond.contains("not in the valid range"), beyond);
        } finally {
            servers.unlock();
        }
    }

    @Test
    @DisplayName("guide row 84: who is seen, and what becomes of those that no pod here serves")
    void aLocalPolicyKeepsTheClientsAddressAndDropsWhatNobodyHereServes() {
        servers.lock();
        try {
            String local = String.valueOf(nodePort("local"));
            assertEquals(outside.address(), client(outside.fetched(local, WHO).ok()));
            String hidden = client(outside.fetched(values.get("NODE_PORT"), WHO).ok());
            assertNotEquals(outside.address(), hidden);
            // Its endpoint is on no node: from outside nothing comes back, from inside it answers.
            String byHand = String.valueOf(nodePort("by-hand"));
            assertEquals(28, outside.fetched(byHand, "/").code());
            assertEquals("named", onNode("curl -fsS -m 5 http://localhost:" + byHand).ok().strip());
        } finally {
            servers.unlock();
        }
    }

    @Test
    void anExternalAddressIsLedToPodsWhoeverBringsItHere() {
        servers.lock();
        try {
            String url = "http://" + values.get("EXTERNAL_IP") + WHO;
            assertTrue(fetched("client", url).ok().startsWith("web-"), url);
            String seen = outside.sent(values.get("EXTERNAL_IP"), url).ok();
            assertTrue(seen.startsWith("web-"), seen);
            assertEquals(
                    values.get("EXTERNAL_IP"),
                    get("service", "external").at("/spec/externalIPs/0").asText());
        } finally {
            servers.unlock();
        }
    }

    @Test
    @DisplayName(
            "guide row 85: a node's address, and a port that says whether somebody here answers")
    void aLoadBalancerHasTheNodesAddress() {
        servers.lock();
        try {
            JsonNode service =
                    Await.until(
                            "an address",
                            () -> get("service", "balanced"),
                            found -> found.at("/status/loadBalancer/ingress/0").has("ip"));
            String address = service.at("/status/loadBalancer/ingress/0/ip").asText();
            assertEquals(get("pod", "client").at("/status/hostIP").asText(), address);
            String port = values.get("BALANCED_PORT");
            String url = "http://" + address + ":" + port + WHO;
            assertTrue(onNode("curl -fsS -m 5 " + url).ok().startsWith("web-"));
            assertTrue(fetched("client", url).ok().startsWith("web-"));
            String seen = outside.sent(address, "http://" + address + ":" + port + WHO).ok();
            assertEquals(outside.address(), client(seen));
            int health = service.at("/spec/healthCheckNodePort").asInt();
            String said = onNode("curl -fsS -m 5 http://localhost:" + health).ok();
            aPoolGivesItAnAddressThatTheNodeAnswersFor(port);
            assertTrue(
                    said.contains("\"localEndpoints\": 2") || said.contains("\"localEndpoints\":2"),
                    said);
        } finally {
            servers.unlock();
        }
    }

    private void aPoolGivesItAnAddressThatTheNodeAnswersFor(String port) {
        String address = outside.free();
        cluster.kubectl(
                        "create",
                        "configmap",
                        "load-balancer-pool",
                        "-n",
                        "kube-system",
                        "--from-literal=pool=" + address + "/32")
                .ok();
        Await.until(
                "the pool's address",
                () -> get("service", "balanced").at("/status/loadBalancer/ingress/0/ip").asText(),
                address::equals);
        String seen =
                Await.until(
                                "somebody answers for it",
                                () -> outside.sent(address, "http://" + address + ":" + port + WHO),
                                answer -> answer.code() == 0)
                        .ok();
        assertEquals(outside.address(), client(seen));
        String url = "http://" + address + ":" + port + WHO;
        assertTrue(onNode("curl -fsS -m 5 " + url).ok().startsWith("web-"));
        cluster.kubectl("delete", "configmap", "load-balancer-pool", "-n", "kube-system").ok();
        Await.until(
                "the node's own address",
                () -> get("service", "balanced").at("/status/loadBalancer/ingress/0/ip").asText(),
                found -> !found.equals(address));
    }

    @Test
    @DisplayName("guide rows 68, 75 and 80: who is not ready gets nobody, and comes back")
    void aPodThatIsNotReadyLeavesItsServices() {
        servers.lock();
        try {
            inPod("web-b", "rm /tmp/ready").ok();
            cluster.kubectl("wait", "--for=condition=Ready=false", "pod/web-b", "--timeout=60s")
                    .ok();
            Await.until(
                    "it is among those that are not ready",
                    () -> get("endpoints", "web").at("/subsets"),
                    subsets ->
                            subsets.findValues("notReadyAddresses")
                                    .toString()
                                    .contains(podIp("web-b")));
            Await.until(
                    "only the other is met",
                    () ->
                            names(
                                    onNode(
                                                    repeated(
                                                            "curl -fsS -m 5 http://"
                                                                    + clusterIp("web")
                                                                    + WHO))
                                            .ok()),
                    met -> met.equals(new TreeSet<>(List.of("web-a"))));
            String names = lookedUp("client", "headless.default.svc.cluster.local");
            assertFalse(names.contains("Address: " + podIp("web-b")), names);
        } finally {
            inPod("web-b", "touch /tmp/ready").ok();
            cluster.kubectl("wait", "--for=condition=Ready", "pod/web-b", "--timeout=60s").ok();
            Await.until(
                    "both are met",
                    () ->
                            names(
                                    onNode(
                                                    repeated(
                                                            "curl -fsS -m 5 http://"
                                                                    + clusterIp("web")
                                                                    + WHO))
                                            .ok()),
                    met -> met.equals(new TreeSet<>(BOTH)));
            servers.unlock();
        }
    }

    @Test
    @DisplayName(
            "guide rows 53 and 86: by host and path, with each host's certificate, in two versions")
    void anIngressLeadsByHostAndPath() {
        servers.lock();
        try {
            for (String name : List.of("shop", "other")) {
                onNode(
                                ("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=%1$s.example.com"
                                                + " -addext subjectAltName=DNS:%1$s.example.com"
                                                + " -keyout %1$s.key -out %1$s.crt 2>/dev/null"
                                                + " && kubectl create secret tls %1$s --cert=%1$s.crt --key=%1$s.key")
                                        .formatted(name))
                        .ok();
            }
            apply("ingress.yaml");
            JsonNode listening =
                    Await.until(
                            "the proxy listens",
                            () -> cluster.status().path("ingress"),
                            found -> found.path("http").asInt() > 0);
            Ports ports =
                    new Ports(listening.path("http").asInt(), listening.path("https").asInt());
            Await.until(
                    "the host is known",
                    () -> ports.http("shop.example.com", WHO).output(),
                    answer -> answer.startsWith("web-"));
            assertEquals("named", ports.http("a.wild.example.com", "/").ok().strip());
            // What no path takes goes to the default; the longest and the exact path win.
            assertEquals(22, ports.http("shop.example.com", "/nothing").code());
            assertEquals(22, ports.http("shop.example.com", "/cgi-bin/env").code());
            assertTrue(ports.http("anybody.example.com", WHO).ok().startsWith("web-"));
            for (String name : List.of("shop", "other")) {
                String answer = ports.https(name + ".example.com", WHO, name + ".crt").ok();
                assertTrue(answer.startsWith("web-"), answer);
            }
            assertNotEquals(0, ports.https("shop.example.com", WHO, "other.crt").code());
            String seen = ports.http("shop.example.com", "/cgi-bin/./env/x").output();
            assertTrue(seen.isEmpty() || !seen.contains("named"), seen);
            JsonNode status = get("ingress", "shop").path("status");
            assertEquals(
                    get("pod", "client").at("/status/hostIP").asText(),
                    status.at("/loadBalancer/ingress/0/ip").asText());
            String table = cluster.kubectl("get", "ingress", "shop").ok();
            assertTrue(table.contains("shop.example.com") && table.contains("80, 443"), table);
            cluster.kubectl("create", "-f", filled("old-ingress.yaml").toString()).ok();
            Await.until(
                    "the old version's host is known",
                    () -> ports.http("old.example.com", WHO).output(),
                    answer -> answer.startsWith("web-"));
        } finally {
            servers.unlock();
        }
    }

    /** Where Ingresses are answered on this machine. */
    private final class Ports {
        private final int plain;
        private final int secure;

        Ports(int plain, int secure) {
            this.plain = plain;
            this.secure = secure;
        }

        Shell.Result http(String host, String path) {
            return onNode(
                    "curl -fsS -m 10 --path-as-is --resolve %s:%d:127.0.0.1 http://%1$s:%2$d%s"
                            .formatted(host, plain, path));
        }

        Shell.Result https(String host, String path, String authority) {
            return onNode(
                    "curl -fsS -m 10 --cacert %s --resolve %s:%d:127.0.0.1 https://%2$s:%3$d%s"
                            .formatted(authority, host, secure, path));
        }
    }

    /** A machine beside the node: a network namespace with a cable to it. */
    private static final class Outside implements AutoCloseable {
        private final Shell shell;
        private final String name;
        private final String node;
        private final String address;
        private final String free;

        Outside(Shell shell, int number) {
            this.shell = shell;
            name = "shipe2e" + number;
            String range = "198.51.100.";
            int first = number % 31 * 8;
            node = range + (first + 1);
            address = range + (first + 2);
            free = range + (first + 3);
            List<String> commands = new ArrayList<>();
            commands.add("ip netns add " + name);
            commands.add("ip link add %s type veth peer name eth0 netns %1$s".formatted(name));
            commands.add("ip addr add %s/29 dev %s".formatted(node, name));
            commands.add("ip link set %s up".formatted(name));
            commands.add("ip -n %s addr add %s/29 dev eth0".formatted(name, address));
            commands.add("ip -n %s link set eth0 up".formatted(name));
            commands.add("ip -n %s route add default via %s".formatted(name, node));
            shell.sh(String.join(" && ", commands)).ok();
        }

        String address() {
            return address;
        }

        /** An address of the same link that is nobody's. */
        String free() {
            return free;
        }

        /** What it is answered at one of the node's ports. */
        Shell.Result fetched(String port, String path) {
            return sent(node, "http://" + node + ":" + port + path);
        }

        Shell.Result sent(String host, String url) {
            return shell.sh(
                    "ip netns exec %s curl -fsS -m 3 --noproxy %s %s".formatted(name, host, url));
        }

        @Override
        public void close() {
            shell.sh("ip netns del %1$s; ip link del %1$s 2>/dev/null; true".formatted(name));
        }
    }
}
