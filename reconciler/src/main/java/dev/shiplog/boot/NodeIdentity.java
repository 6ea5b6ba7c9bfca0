package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.tls.AuthorityHash;
import dev.shiplog.api.tls.CertificateRequest;
import dev.shiplog.api.tls.Certificates;
import dev.shiplog.api.tls.Credential;
import dev.shiplog.node.link.wire.LinkPaths;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

import javax.net.ssl.SSLContext;

/**
 * Who a node is: its certificate and key, and the authority that it trusts, in a folder of its own
 * ({@code ca.crt}, {@code node.crt}, {@code node.key}).
 *
 * <p>The first certificate is asked for with a bootstrap token, each later one with the one before.
 */
final class NodeIdentity {
    private static final Logger LOG = Logger.getLogger(NodeIdentity.class.getName());

    private static final String REQUESTS =
            "/apis/certificates.k8s.io/v1/certificatesigningrequests";

    private static final String CERTIFICATE = "node.crt";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /** How often it is asked whether a certificate was issued. */
    private static final Duration POLL = Duration.ofMillis(500);

    /** How often somebody who must approve is reminded. */
    private static final Duration FIRST_REMINDER = Duration.ofSeconds(3);

    private static final Duration REMINDER = Duration.ofMinutes(1);

    /** A certificate is renewed when so much of its life is over. */
    private static final double RENEWED_AT = 0.7;

    private final Path folder;
    private final NodeOptions options;
    private final X509Certificate authority;
    private volatile Credential own;
    private volatile Instant since;
    private volatile HttpClient client;

    private NodeIdentity(
            Path folder, NodeOptions options, X509Certificate authority, Credential own)
            throws IOException {
        this.folder = folder;
        this.options = options;
        this.authority = authority;
        this.own = own;
        this.since = Files.getLastModifiedTime(folder.resolve(CERTIFICATE)).toInstant();
        this.client = http(Certificates.client(authority, Optional.of(own)));
    }

    /**
     * Finds the node's certificate, or asks for its first one and waits until it is issued.
     *
     * @throws IllegalArgumentException if something is missing for that, or was denied; the message
     *     says what to do
     */
    static NodeIdentity open(Path folder, NodeOptions options, InstantSource clock)
            throws IOException, InterruptedException {
        X509Certificate authority = authority(folder, options);
        Optional<Credential> kept =
                Certificates.read(folder.resolve(CERTIFICATE), folder.resolve("node.key"))
                        .filter(credential -> holds(credential, authority, options, clock));
        Credential own = kept.isPresent() ? kept.get() : first(folder, options, authority, clock);
        return new NodeIdentity(folder, options, authority, own);
    }

    /** Shows the node's newest certificate. */
    HttpClient client() {
        return client;
    }

    /** When the certificate should be renewed. */
    Instant renewal() {
        // It is dated back for clocks that are slow: its life begins when it came.
        Instant begin = since;
        Duration life = Duration.between(begin, end());
        return begin.plusMillis((long) (life.toMillis() * RENEWED_AT));
    }

    /** When the certificate ends. */
    Instant end() {
        return own.certificate().getNotAfter().toInstant();
    }

    /** Gets the next certificate with the one that there is. */
    void renew() throws IOException, InterruptedException {
        Credential next = request(options, client, Optional.empty(), folder);
        own = next;
        since = Files.getLastModifiedTime(folder.resolve(CERTIFICATE)).toInstant();
        // Sessions that are open with it end by themselves.
        client.shutdown();
        client = http(Certificates.client(authority, Optional.of(next)));
        LOG.log(
                Level.INFO,
                "node {0} has a new certificate, until {1}",
                new Object[] {options.name(), next.certificate().getNotAfter().toInstant()});
    }

    private static boolean holds(
            Credential credential,
            X509Certificate authority,
            NodeOptions options,
            InstantSource clock) {
        try {
            credential.certificate().verify(authority.getPublicKey());
        } catch (GeneralSecurityException _) {
            return false;
        }
        return credential.certificate().getNotAfter().toInstant().isAfter(clock.instant())
                && credential
                        .certificate()
                        .getSubjectX500Principal()
                        .getName()
                        .startsWith("CN=system:node:" + options.name() + ",");
    }

    // ---- whom to trust ----

    private static X509Certificate authority(Path folder, NodeOptions options)
            throws IOException, InterruptedException {
        Path file = folder.resolve("ca.crt");
        if (options.authorityFile().isPresent()) {
            X509Certificate told =
                    Certificates.read(Files.readString(options.authorityFile().get()));
            Certificates.write(file, Certificates.pem(told));
            return told;
        }
        if (options.authorityHash().isPresent()) {
            X509Certificate told = fetched(options.server());
            String hash = AuthorityHash.of(told);
            if (!hash.equals(options.authorityHash().get())) {
                throw new IllegalArgumentException(
                        "expected the authority "
                                + options.authorityHash().get()
                                + " at "
                                + options.server()
                                + ", found "
                                + hash
                                + ": this is another cluster, or somebody stands in between");
            }
            Certificates.write(file, Certificates.pem(told));
            return told;
        }
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    "expected --ca-hash or --ca: without one, anybody could answer in the cluster's"
                            + " name; \"shiplog token create\" on the control plane prints the whole"
                            + " command");
        }
        return Certificates.read(Files.readString(file));
    }

    private static X509Certificate fetched(String server) throws IOException, InterruptedException {
        // The name in the certificate proves nothing yet either.
        HttpClient http = http(Certificates.unverified());
        try {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(server + LinkPaths.AUTHORITY))
                                    .timeout(ANSWER)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException(
                        "expected a control plane of Shiplog at "
                                + server
                                + ", found an answer "
                                + answer.statusCode());
            }
            return Certificates.read(answer.body());
        } catch (IOException e) {
            throw unreachable(server, e);
        } finally {
            http.shutdownNow();
        }
    }

    private static IllegalArgumentException unreachable(String server, IOException e) {
        return new IllegalArgumentException(
                "the control plane at "
                        + server
                        + " does not answer: "
                        + Unreachable.said(e)
                        + "; does it listen for other machines (shiplog start --listen 0.0.0.0)?",
                e);
    }

    private static HttpClient http(SSLContext tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .connectTimeout(CONNECT)
                .build();
    }

    // ---- certificates ----

    private static Credential first(
            Path folder, NodeOptions options, X509Certificate authority, InstantSource clock)
            throws IOException, InterruptedException {
        if (options.token().isEmpty()) {
            boolean had = Files.exists(folder.resolve(CERTIFICATE));
            throw new IllegalArgumentException(
                    (had
                                    ? "the certificate of node \""
                                            + options.name()
                                            + "\" does not hold any more ("
                                            + clock.instant()
                                            + "); "
                                    : "")
                            + "expected --token: \"shiplog token create\" on the control plane"
                            + " makes one");
        }
        HttpClient http = http(Certificates.client(authority, Optional.empty()));
        try {
            return request(options, http, options.token(), folder);
        } catch (IOException e) {
            throw unreachable(options.server(), e);
        } finally {
            // To close it in order takes seconds.
            http.shutdownNow();
        }
    }

    private static Credential request(
            NodeOptions options, HttpClient http, Optional<String> token, Path folder)
            throws IOException, InterruptedException {
        CertificateRequest.Asked asked;
        try {
            asked = CertificateRequest.make("system:node:" + options.name(), "system:nodes");
        } catch (GeneralSecurityException e) {
            throw new IOException("a key could not be made: " + e.getMessage(), e);
        }
        String name = "node-csr-" + UUID.randomUUID().toString().substring(0, 13);
        ObjectNode body = Json.EMPTY.toObject();
        body.put("apiVersion", "certificates.k8s.io/v1");
        body.put("kind", "CertificateSigningRequest");
        body.putObject("metadata").put("name", name);
        ObjectNode spec = body.putObject("spec");
        spec.put("request", base64(asked.requestPem()));
        spec.put("signerName", "kubernetes.io/kube-apiserver-client-kubelet");
        spec.putArray("usages").add("client auth").add("digital signature");
        send(
                http,
                request(options, token, REQUESTS)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build());
        String pem = issued(options, http, token, name);
        Credential credential = new Credential(Certificates.read(pem), asked.key());
        // The key first: a certificate without its key is found out, and asked for again.
        Certificates.write(folder.resolve("node.key"), credential.keyPem());
        Certificates.write(folder.resolve(CERTIFICATE), credential.certificatePem());
        return credential;
    }

    private static String issued(
            NodeOptions options, HttpClient http, Optional<String> token, String name)
            throws IOException, InterruptedException {
        long reminder = System.nanoTime() + FIRST_REMINDER.toNanos();
        while (true) {
            JsonNode status =
                    send(http, request(options, token, REQUESTS + "/" + name).GET().build())
                            .path("status");
            String certificate = status.path("certificate").asText();
            if (!certificate.isEmpty()) {
                return new String(
                        Base64.getDecoder().decode(certificate), StandardCharsets.US_ASCII);
            }
            for (JsonNode condition : status.path("conditions")) {
                String type = condition.path("type").asText();
                if (type.equals("Denied") || type.equals("Failed")) {
                    throw new IllegalArgumentException(
                            "the certificate of node \""
                                    + options.name()
                                    + "\" was not issued: "
                                    + condition.path("reason").asText()
                                    + ": "
                                    + condition.path("message").asText());
                }
            }
            if (status.isMissingNode() || status.path("conditions").isEmpty()) {
                reminder = remind(options, name, reminder);
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    /** After a moment, in which most are approved by themselves, and then now and then. */
    private static long remind(NodeOptions options, String name, long next) {
        if (System.nanoTime() - next < 0) {
            return next;
        }
        LOG.log(
                Level.WARNING,
                "somebody must look whether node \"{0}\" may join, as one of that name is known"
                        + " already: kubectl certificate approve {1}. Or delete that Node, or"
                        + " choose another --name.",
                new Object[] {options.name(), name});
        return System.nanoTime() + REMINDER.toNanos();
    }

    private static HttpRequest.Builder request(
            NodeOptions options, Optional<String> token, String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(options.server() + path))
                        .timeout(ANSWER)
                        .header("Accept", "application/json");
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return request;
    }

    private static JsonNode send(HttpClient http, HttpRequest request)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        JsonNode body = Json.parse(answer.body()).toNode();
        if (answer.statusCode() == 401) {
            String what =
                    request.headers().firstValue("Authorization").isPresent()
                            ? "this token (any more)"
                            : "this node's certificate (any more)";
            throw new IllegalArgumentException(
                    "the control plane does not know "
                            + what
                            + ": \"shiplog token create\" there makes a token to join with");
        }
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalArgumentException(
                    "the control plane refused: "
                            + body.path("message").asText(answer.body())
                            + " ("
                            + answer.statusCode()
                            + ")");
        }
        return body;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
