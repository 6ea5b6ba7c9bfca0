package dev.shiplog.e2e;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks a cluster's API from this process, again and again, while something is waited for. A kubectl
 * for each look costs a tenth of a second of processor time or more, which what is waited for needs
 * itself.
 */
final class Look implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final HttpClient client;
    private final String address;
    private final String token;

    /**
     * @param folder the cluster's profile
     */
    Look(Path folder) {
        try {
            token = Files.readString(folder.resolve("token")).strip();
            address =
                    Json.parse(Files.readString(folder.resolve("server.json")))
                            .toNode()
                            .path("apiServer")
                            .asText();
            client =
                    HttpClient.newBuilder()
                            .sslContext(trusting(folder.resolve("tls").resolve("ca.crt")))
                            .connectTimeout(PATIENCE)
                            .build();
        } catch (IOException e) {
            throw new UncheckedIOException("the cluster in " + folder + " does not run", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificate in " + folder + " is of no use", e);
        }
    }

    private static SSLContext trusting(Path certificate)
            throws IOException, GeneralSecurityException {
        KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
        known.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            known.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** What is at a path; anything but an object is a failure. */
    JsonNode at(String path) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Authorization", "Bearer " + token)
                        .timeout(PATIENCE)
                        .build();
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != OK) {
                throw new AssertionError(
                        "GET " + path + ": " + answer.statusCode() + " " + answer.body());
            }
            return Json.parse(answer.body()).toNode();
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + address + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking at " + path, e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
