package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.tls.AuthorityHash;
import dev.shiplog.api.tls.Certificates;
import dev.shiplog.node.link.remote.LinkTimes;
import dev.shiplog.resource.Json;
import dev.shiplog.source.WriteMode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    private Endpoint endpoint;
    private HttpClient http;

    @BeforeEach
    void start() throws Exception {
        profile = Profile.of("cp", Map.of("SHIPLOG_HOME", root.resolve("home").toString()));
        profile.create();
        begin();
    }

    private void begin() throws Exception {
        server =
                Server.start(
                        profile,
                        new Settings(
                                "simulated",
                                0,
                                Optional.empty(),
                                false,
                                Optional.empty(),
                                false,
                                WriteMode.COMMIT,
                                Optional.empty(),
                                Settings.LOOPBACK));
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

    private static final LinkTimes TIMES =
            new LinkTimes(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(12),
                    Duration.ofMillis(50),
                    Duration.ofMillis(500));
}
