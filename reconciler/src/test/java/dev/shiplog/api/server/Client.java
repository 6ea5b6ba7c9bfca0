package dev.shiplog.api.server;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.tls.Credential;
import dev.shiplog.resource.Json;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A plain HTTP client of the API, with or without a client certificate. */
final class Client implements AutoCloseable {
    static final String TABLE =
            "application/json;as=Table;v=v1;g=meta.k8s.io,"
                    + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String url;
    private final HttpClient http;

    private Client(String url, SSLContext tls) {
        this.url = url;
        this.http =
                HttpClient.newBuilder()
                        .sslContext(tls)
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(TIMEOUT)
                        .build();
    }

    static Client admin(TestCluster cluster) throws Exception {
        return new Client(
                cluster.url(),
                tls(cluster.tls.authority().certificate(), Optional.of(cluster.tls.admin())));
    }

    /** The admin, at another port. */
    static Client to(TestCluster cluster, int port) throws Exception {
        return new Client(
                "https://127.0.0.1:" + port,
                tls(cluster.tls.authority().certificate(), Optional.of(cluster.tls.admin())));
    }

    /** Nobody, at another port. */
    static Client stranger(TestCluster cluster, int port) throws Exception {
        return new Client(
                "https://127.0.0.1:" + port,
                tls(cluster.tls.authority().certificate(), Optional.empty()));
    }

    static Client anonymous(TestCluster cluster) throws Exception {
        return new Client(
                cluster.url(), tls(cluster.tls.authority().certificate(), Optional.empty()));
    }

    static Client with(TestCluster cluster, X509Certificate authority, Credential credential)
            throws Exception {
        return new Client(cluster.url(), tls(authority, Optional.of(credential)));
    }

    static Client with(int port, X509Certificate authority, Credential credential)
            throws Exception {
        return new Client("https://127.0.0.1:" + port, tls(authority, Optional.of(credential)));
    }

    static SSLContext tls(X509Certificate authority, Optional<Credential> credential)
            throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        if (credential.isPresent()) {
            keys.setKeyEntry(
                    "user",
                    credential.get().key(),
                    new char[0],
                    new Certificate[] {credential.get().certificate()});
        }
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(TIMEOUT)
                        .method(
                                method,
                                body.length == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path, String... headers)
            throws IOException, InterruptedException {
        return send("GET", path, new byte[0], headers);
    }

    /** The JSON of a request that must succeed. */
    JsonNode json(String path, String... headers) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(path, headers);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + text(response));
        }
        return parse(text(response));
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static JsonNode parse(String text) {
        return Json.parse(text).toNode();
    }

    /** A watch under way. */
    static final class Watch implements AutoCloseable {
        private static final String END = "";

        private final InputStream in;
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        private Watch(InputStream in) {
            this.in = in;
            Thread.ofVirtual()
                    .start(() -> {
                        try (BufferedReader reader =
                                new BufferedReader(
                                        new InputStreamReader(in, StandardCharsets.UTF_8))) {
                            reader.lines().filter(line -> !line.isBlank()).forEach(lines::add);
                        } catch (IOException | java.io.UncheckedIOException e) {
                            // The end, however it came.
                        }
                        lines.add(END);
                    });
        }

        /** The next event. */
        JsonNode next() throws InterruptedException {
            return parse(line());
        }

        /** The next line that is not blank. */
        String line() throws InterruptedException {
            String line = lines.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (line == null || line.equals(END)) {
                throw new AssertionError(
                        "expected a line, found " + (line == null ? "none" : "the end"));
            }
            return line;
        }

        /** The next event, as {@code TYPE name@version}. */
        String brief() throws InterruptedException {
            JsonNode event = next();
            JsonNode object = event.path("object");
            return event.path("type").asText()
                    + " "
                    + object.path("metadata").path("name").asText()
                    + "@"
                    + object.path("metadata").path("resourceVersion").asText();
        }

        List<String> brief(int count) throws InterruptedException {
            List<String> events = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                events.add(brief());
            }
            return events;
        }

        void awaitEnd() throws InterruptedException {
            String line = lines.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (!END.equals(line)) {
                throw new AssertionError("expected the end, found " + line);
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    Watch watch(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode());
        }
        return new Watch(response.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
