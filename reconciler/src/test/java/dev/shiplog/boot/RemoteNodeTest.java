package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.tls.AuthorityHash;
import dev.shiplog.api.tls.Certificates;
import dev.shiplog.api.tls.Credential;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.node.link.remote.LinkTimes;
import dev.shiplog.node.link.wire.LinkCodec;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A node that joins over the network: here over loopback, in a process of its own where it dies.
 */
class RemoteNodeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path root;
    private Profile profile;
    private Server server;
    private int port;
    private Endpoint endpoint;
    private HttpClient http;

    @BeforeEach
    void start() throws Exception {
        profile = Profile.of("cp", Map.of("SHIPLOG_HOME", root.resolve("home").toString()));
        profile.create();
        begin();
    }

    private void begin() throws Exception {
        if (port == 0) {
            // The default may be another test's when this control plane begins again.
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
        }
        server =
                Server.start(
                        profile, Settings.DEFAULT.change().runtime("simulated").port(port).build());
        endpoint = Endpoint.read(profile.endpoint()).orElseThrow();
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(
                                Certificates.client(
                                        Certificates.read(
                                                Files.readString(profile.tls().resolve("ca.crt"))),
                                        Optional.empty()))
                        .build();
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        server.close();
    }

    private JsonNode ask(String method, String path, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint.apiServer() + path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .header(
                                "Authorization",
                                "Bearer " + Files.readString(profile.token()).strip())
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        HttpResponse<String> answer =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return Json.parse(answer.body()).toNode();
    }

    private JsonNode get(String path) {
        try {
            return ask("GET", path, "");
        } catch (Exception e) {
            throw new AssertionError(path, e);
        }
    }

    private String text(String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(endpoint.apiServer() + path))
                                .timeout(PATIENCE)
                                .header(
                                        "Authorization",
                                        "Bearer " + Files.readString(profile.token()).strip())
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private String kubectl(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig=" + profile.kubeconfig()));
        command.addAll(List.of(arguments));
        Path out = root.resolve("kubectl.out");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        return Files.readString(out);
    }

    private String token() throws Exception {
        return ask("POST", "/shiplog/v1/tokens", "{\"seconds\":3600}").path("token").asText();
    }

    private NodeOptions options(String name, String token) throws IOException {
        return new NodeOptions(
                endpoint.apiServer(),
                name,
                "simulated",
                new TreeMap<>(),
                Optional.of(token),
                Optional.of(
                        AuthorityHash.of(
                                Certificates.read(
                                        Files.readString(profile.tls().resolve("ca.crt"))))),
                Optional.empty());
    }

    private Profile node(String name) throws IOException {
        Profile node = new Profile(name, root.resolve(name));
        node.create();
        return node;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("expected " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void pod(String name, String node) throws Exception {
        JsonNode made =
                ask(
                        "POST",
                        "/api/v1/namespaces/default/pods",
                        """
                        {"metadata":{"name":"%s"},"spec":{"nodeName":"%s","containers":[
                         {"name":"c","image":"busybox","command":["sleep","1d"]}]}}
                        """
                                .formatted(name, node));
        assertEquals("Pod", made.path("kind").asText(), made.toString());
    }

    private JsonNode status(String pod) {
        return get("/api/v1/namespaces/default/pods/" + pod).path("status");
    }

    private boolean runs(String pod) {
        return status(pod).path("containerStatuses").path(0).path("state").has("running");
    }

    private String readiness(String node) {
        for (JsonNode condition : get("/api/v1/nodes/" + node).path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    @Test
    void aNodeJoinsRunsPodsAndComesBack() throws Exception {
        try (NodeServer _ = NodeServer.start(node("n2"), options("n2", token()), TIMES)) {
            await("n2 to be ready", () -> readiness("n2").equals("True"));
            pod("web", "n2");
            await("web to run", () -> runs("web"));
            assertEquals("", status("web").path("reason").asText());
            JsonNode lease =
                    get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n2");
            assertEquals("n2", lease.path("spec").path("holderIdentity").asText());
            String logs = text("/api/v1/namespaces/default/pods/web/log?container=c");
            assertFalse(logs.contains("\"kind\":\"Status\""), logs);
            assertEquals("echo hello", kubectl("exec", "web", "--", "echo", "hello").strip());
            // The control plane ends and begins again on its port; the node finds it.
            http.shutdownNow();
            server.close();
            begin();
            pod("later", "n2");
            await("later to run", () -> runs("later"));
            ask("DELETE", "/api/v1/namespaces/default/pods/web?gracePeriodSeconds=1", "");
            await(
                    "web to be gone",
                    () -> get("/api/v1/namespaces/default/pods/web").path("code").asInt() == 404);
        }
    }

    @Test
    void whoKnowsNoTokenOrTrustsAnotherAuthorityDoesNotJoin() throws Exception {
        String wrong =
                String.valueOf(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () ->
                                                NodeServer.start(
                                                        node("n3"),
                                                        options("n3", "abcdef.0123456789abcdef"),
                                                        TIMES))
                                .getMessage());
        assertTrue(wrong.contains("does not know this token"), wrong);
        NodeOptions good = options("n3", token());
        String other =
                String.valueOf(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () ->
                                                NodeServer.start(
                                                        node("n3"),
                                                        new NodeOptions(
                                                                good.server(),
                                                                "n3",
                                                                "simulated",
                                                                new TreeMap<>(),
                                                                good.token(),
                                                                Optional.of("sha256:00"),
                                                                Optional.empty()),
                                                        TIMES))
                                .getMessage());
        assertTrue(other.contains("somebody stands in between"), other);
    }

    @Test
    void aCertificateIsRenewedBeforeItEndsAndTheOneBeforeIsRefusedAfterwards() throws Exception {
        http.shutdownNow();
        server.close();
        new NodeTimes(NodeTimes.DEFAULT.grace(), NodeTimes.SHORTEST_LIFE).write(profile);
        begin();
        Profile folder = node("n4");
        try (NodeServer _ = NodeServer.start(folder, options("n4", token()), TIMES)) {
            Credential first = certificate(folder);
            Instant end = first.certificate().getNotAfter().toInstant();
            assertTrue(
                    end.isBefore(Instant.now().plus(NodeTimes.SHORTEST_LIFE)),
                    () -> "it ends at " + end);
            await("n4 to be ready", () -> readiness("n4").equals("True"));
            assertEquals(200, asks(first), "it holds for now");
            pod("before", "n4");
            await("before to run", () -> runs("before"));
            Process session = session("before");
            await(
                    "another certificate",
                    () -> !certificate(folder).certificate().equals(first.certificate()));
            await("the end of the first", () -> Instant.now().isAfter(end));
            assertEquals(401, asks(first));
            assertEquals(200, asks(certificate(folder)));
            // What the streams were opened with has ended; orders come all the same, and who is in
            // a pod stays there.
            try (BufferedWriter into = session.outputWriter()) {
                into.write("after the renewal\n");
            }
            assertTrue(session.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            assertEquals(
                    "before the renewal\nafter the renewal\n",
                    Files.readString(root.resolve("session.out")));
            assertEquals(0, session.exitValue());
            pod("after", "n4");
            await("after to run", () -> runs("after"));
            assertEquals("True", readiness("n4"));
        }
    }

    /** A command in a pod that says again what it is told, and has said something. */
    private Process session(String pod) throws Exception {
        Path out = root.resolve("session.out");
        Process session =
                new ProcessBuilder(
                                "kubectl",
                                "--kubeconfig=" + profile.kubeconfig(),
                                "exec",
                                "-i",
                                pod,
                                "--",
                                "cat")
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        BufferedWriter into = session.outputWriter();
        into.write("before the renewal\n");
        into.flush();
        await("the first answer", () -> holds(out, "before the renewal\n"));
        return session;
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file).equals(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Credential certificate(Profile node) {
        try {
            return Certificates.read(node.tls().resolve("node.crt"), node.tls().resolve("node.key"))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How the API server answers the bearer of a certificate who asks for its own Node. */
    private int asks(Credential bearer) throws Exception {
        return asks(bearer, "GET", "/api/v1/nodes/n4", "");
    }

    private int asks(Credential bearer, String method, String path, String body) throws Exception {
        HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(
                                Certificates.client(
                                        Certificates.read(
                                                Files.readString(profile.tls().resolve("ca.crt"))),
                                        Optional.of(bearer)))
                        .build();
        try {
            return client.send(
                            HttpRequest.newBuilder(URI.create(endpoint.apiServer() + path))
                                    .timeout(PATIENCE)
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        } finally {
            client.shutdownNow();
        }
    }

    @Test
    void aNodeSpeaksForItselfAndItsOwnPodsOnly() throws Exception {
        Profile folder = node("n5");
        try (NodeServer _ = NodeServer.start(folder, options("n5", token()), TIMES)) {
            pod("mine", "n5");
            pod("theirs", "node-1");
            await("both to run", () -> runs("mine") && runs("theirs"));
            Credential node = certificate(folder);
            String links = "/shiplog/v1/nodes/";
            String reports = links + "n5/report";
            assertEquals(200, asks(node, "POST", links + "n5/renew", ""));
            assertEquals(403, asks(node, "POST", links + "node-1/renew", ""));
            assertEquals(403, asks(node, "POST", links + "node-1/connect", "{}"));
            assertEquals(403, asks(node, "GET", links + "n5/view?kind=ServiceAccount", ""));
            assertEquals(200, posts(node, reports, report(1, "mine", "Running")));
            assertEquals(403, posts(node, reports, report(2, "theirs", "Failed")));
            assertEquals(400, asks(node, "POST", reports, "no report"));
            assertEquals("Running", status("theirs").path("phase").asText());
            assertEquals(403, posts(node, links + "n5/token", tokenFor("theirs")));
            assertEquals(403, asks(node, "DELETE", "/api/v1/namespaces/default/pods/theirs", ""));
            assertEquals(403, asks(node, "GET", "/api/v1/namespaces/default/secrets", ""));
            assertEquals(
                    403,
                    asks(
                            node,
                            "PUT",
                            "/api/v1/nodes/node-1/status",
                            get("/api/v1/nodes/node-1").toString()));
            assertEquals("True", readiness("node-1"));
        }
    }

    private int posts(Credential bearer, String path, byte[] body) throws Exception {
        return asks(bearer, "POST", path, new String(body, StandardCharsets.UTF_8));
    }

    private String uid(String pod) {
        return get("/api/v1/namespaces/default/pods/" + pod).path("metadata").path("uid").asText();
    }

    private byte[] report(int number, String pod, String phase) {
        return LinkCodec.report(
                new LinkCodec.Report(
                        "by-hand",
                        number,
                        List.of(
                                new NodeCommand.PodReport(
                                        ResourceKey.pod("default", pod),
                                        new Uid(uid(pod)),
                                        Json.parse("{\"phase\":\"" + phase + "\"}"),
                                        false)),
                        List.of(),
                        List.of()));
    }

    private byte[] tokenFor(String pod) {
        return LinkCodec.tokenAsked(
                new LinkCodec.TokenAsked(
                        ResourceKey.pod("default", pod), new Uid(uid(pod)), "", 600));
    }

    private static final LinkTimes TIMES =
            new LinkTimes(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(12),
                    Duration.ofMillis(50),
                    Duration.ofMillis(500));
}
