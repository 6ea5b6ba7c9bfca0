package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Json;
import dev.shiplog.source.WriteMode;

import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Webhooks sent to a server that runs and follows a repository, which it polls once an hour. */
class WebhookTest {
    private static final String SECRET = "a shared secret";
    private static final byte[] BODY =
            "{\"ref\":\"refs/heads/main\"}".getBytes(StandardCharsets.UTF_8);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path root;
    private Git repository;
    private Profile profile;
    private Server server;
    private HttpClient http;
    private Endpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        repository =
                Git.init()
                        .setDirectory(root.resolve("team").toFile())
                        .setInitialBranch("main")
                        .call();
        commit("one");
        Path secret = root.resolve("secret");
        Files.writeString(secret, SECRET + "\n");
        profile = Profile.of("hook", Map.of("SHIPLOG_HOME", root.resolve("home").toString()));
        profile.create();
        server =
                Server.start(
                        profile,
                        Settings.DEFAULT
                                .change()
                                .runtime("simulated")
                                .follow(
                                        Optional.of(
                                                new Settings.Follow(
                                                        root.resolve("team").toUri().toString(),
                                                        "main",
                                                        "",
                                                        3_600,
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.of(secret.toString()))))
                                .writes(WriteMode.DENY)
                                .build());
        endpoint = Endpoint.read(profile.endpoint()).orElseThrow();
        http = client();
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        server.close();
        repository.close();
    }

    @Test
    void aSignedHintIsFollowedAndAnyOtherIsNot() throws Exception {
        String first = await("");
        RevCommit second = commit("two");

        assertEquals(401, post("sha256=" + signature("another secret")));
        assertEquals(401, post("sha256="));
        assertEquals(first, status().path("revision").asText());
        assertEquals("deny", status().path("writes").asText());

        assertEquals(202, post("sha256=" + signature(SECRET)));
        assertEquals(second.name(), await(first));
    }

    /** The revision once it is another one. */
    private String await(String before) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        String now = status().path("revision").asText();
        while (now.equals(before)) {
            assertTrue(Instant.now().isBefore(end), "still at \"" + before + "\"");
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            now = status().path("revision").asText();
        }
        return now;
    }

    private RevCommit commit(String namespace) throws Exception {
        Files.writeString(
                root.resolve("team/" + namespace + ".yaml"),
                "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + namespace + "\n");
        repository.add().addFilepattern(".").call();
        return repository
                .commit()
                .setMessage("Add " + namespace)
                .setAuthor("Ann", "ann@example.com")
                .setCommitter("Ann", "ann@example.com")
                .setSign(false)
                .call();
    }

    private int post(String signature) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(endpoint.apiServer() + "/webhook/cluster"))
                        .timeout(PATIENCE)
                        .header("X-Hub-Signature-256", signature)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(BODY))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static String signature(String secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(BODY));
    }

    private JsonNode status() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(endpoint.apiServer() + "/shiplog/v1/status"))
                        .timeout(PATIENCE)
                        .header(
                                "Authorization",
                                "Bearer " + Files.readString(profile.token()).strip())
                        .build();
        return Json.parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body()).toNode();
    }

    private HttpClient client() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream ca = Files.newInputStream(profile.tls().resolve("ca.crt"))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(ca));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }
}
