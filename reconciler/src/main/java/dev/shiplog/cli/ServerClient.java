package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Unreachable;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks the running server, as its administrator, over the same TLS port that kubectl uses. */
final class ServerClient implements AutoCloseable {
    /** With the TLS handshake, on a machine that is busy: who is not there refuses at once. */
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final HttpClient http;
    private final String base;
    private final String token;

    private ServerClient(HttpClient http, String base, String token) {
        this.http = http;
        this.base = base;
        this.token = token;
    }

    static ServerClient open(Profile profile, Endpoint endpoint) {
        try {
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
            HttpClient http =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .sslContext(tls)
                            .connectTimeout(CONNECT)
                            .build();
            return new ServerClient(
                    http, endpoint.apiServer(), Files.readString(profile.token()).strip());
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailure(
                    "cannot read the keys of profile \"" + profile.name() + "\": " + e.getMessage(),
                    e);
        }
    }

    JsonNode get(String path, Duration timeout) {
        return send(request(path, timeout).GET().build());
    }

    JsonNode post(String path, String body, Duration timeout) {
        return send(
                request(path, timeout)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    JsonNode delete(String path, Duration timeout) {
        return send(request(path, timeout).DELETE().build());
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json");
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode body = Json.parse(response.body()).toNode();
            if (response.statusCode() / 100 != 2) {
                throw new CommandFailure(body.path("message").asText(response.body()));
            }
            return body;
        } catch (IOException e) {
            throw new CommandFailure(
                    "the server at " + base + " does not answer: " + Unreachable.said(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while waiting for " + base, e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
