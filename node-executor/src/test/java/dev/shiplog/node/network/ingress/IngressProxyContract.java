package dev.shiplog.node.network.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;

import dev.shiplog.node.network.dns.FakeCluster;
import dev.shiplog.node.network.ingress.ClusterIngress.Listening;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** guide row 86: a proxy before real servers, whichever it is. */
abstract class IngressProxyContract {
    private static final long PATIENCE_SECONDS = 30;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final FakeCluster cluster = new FakeCluster();
    private final BlockingQueue<Optional<Listening>> told = new ArrayBlockingQueue<>(10);

    @TempDir Path folder;

    abstract ProxyKind kind();

    /** What is said of a pod that ends a connection instead of answering. */
    abstract String broken();

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private void start() {
        start(ProxyLimits.ANSWER);
    }

    private void start(Duration answer) {
        opened.push(
                ClusterIngress.start(
                        cluster,
                        new ClusterIngress.Settings(
                                InetAddress.getLoopbackAddress(),
                                List.of(0),
                                List.of(0),
                                folder,
                                kind(),
                                answer),
                        told::add));
    }

    private Listening listening() throws InterruptedException {
        Optional<Listening> at = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertTrue(at != null && at.isPresent(), "the proxy does not listen");
        return at.orElseThrow();
    }

    /** A server that answers with its name, the path and what it was told of the client. */
    private int server(String name) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext(
                "/",
                exchange -> {
                    var headers = exchange.getRequestHeaders();
                    byte[] body =
                            "%s %s host=%s for=%s proto=%s fhost=%s port=%s server=%s body=%s"
                                    .formatted(
                                            name,
                                            exchange.getRequestURI(),
                                            headers.getFirst("Host"),
                                            headers.getFirst("X-Forwarded-For"),
                                            headers.getFirst("X-Forwarded-Proto"),
                                            headers.getFirst("X-Forwarded-Host"),
                                            headers.getFirst("X-Forwarded-Port"),
                                            headers.getFirst("X-Forwarded-Server"),
                                            new String(
                                                    exchange.getRequestBody().readAllBytes(),
                                                    StandardCharsets.UTF_8))
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        opened.push(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private void service(String name, int... ports) {
        cluster.service(
                "default",
                name,
                "{\"clusterIP\":\"10.96.3.4\",\"ports\":[{\"name\":\"http\",\"port\":80}]}");
        for (int i = 0; i < ports.length; i++) {
            cluster.slice(
                    "default",
                    name,
                    name + "-" + i,
                    """
                    {"endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":true}},
                                  {"addresses":["192.0.2.1"],"conditions":{"ready":false}}],
                     "ports":[{"name":"http","port":%d,"protocol":"TCP"}]}
                    """
                            .formatted(ports[i]));
        }
    }

    private void ingress(String name, String spec) {
        cluster.put(
                new ResourceKey(GroupKind.INGRESS, "default", name),
                new TreeMap<>(),
                "{\"spec\":" + spec + "}");
    }

    private static String rule(String host, String path, String service) {
        return """
        {"host":"%s","http":{"paths":[{"path":"%s","pathType":"Prefix",
         "backend":{"service":{"name":"%s","port":{"name":"http"}}}}]}}
        """
                .formatted(host, path, service);
    }

    /** One request over a connection of its own, as it is. */
    private static String raw(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String get(int port, String host, String path) throws IOException {
        return raw(port, head("GET " + path + " HTTP/1.1", "Host: " + host, "Connection: close"));
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    /** Until an answer holds a text: what changed is taken up by another thread. */
    private static String await(int port, String host, String path, String text)
            throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String answer;
        do {
            answer = get(port, host, path);
        } while (!answer.contains(text) && System.nanoTime() < deadline);
        assertTrue(answer.contains(text), answer);
        return answer;
    }

    @Test
    void requestsGoWhereTheirHostAndPathSay() throws Exception {
        service("web", server("web"));
        service("api", server("api"));
        start();
        ingress(
                "shop",
                "{\"rules\":["
                        + rule("shop.example", "/", "web")
                        + ","
                        + rule("shop.example", "/api", "api")
                        + "]}");
        int port = listening().httpPort();
        String web = await(port, "shop.example", "/a?b=c%20d", " 200 ");
        assertTrue(web.contains("web /a?b=c%20d host=shop.example for=127.0.0.1 proto=http"), web);
        assertTrue(web.contains("fhost=shop.example port=80 server=shop.example "), web);
        String api = get(port, "shop.example:8080", "/api/x");
        assertTrue(api.contains("api /api/x ") && api.contains("port=8080 server=shop."), api);
        assertTrue(get(port, "SHOP.example", "/apix").contains("web /apix "));
        assertTrue(get(port, "other.example", "/").startsWith("HTTP/1.1 404 "));
        // One who says that he comes from elsewhere is not believed.
        String forged =
                raw(
                        port,
                        head(
                                "GET / HTTP/1.1",
                                "Host: shop.example",
                                "X-Forwarded-For: 203.0.113.1",
                                "X-Forwarded-Host: evil.example",
                                "X-Forwarded-Proto: https",
                                "X-Forwarded-Port: 1",
                                "X-Forwarded-Server: evil.example",
                                "Connection: close"));
        assertTrue(
                forged.contains(
                        "for=127.0.0.1 proto=http fhost=shop.example port=80 server=shop.example "),
                forged);
        // Dots do not lead around a rule.
        assertTrue(get(port, "shop.example", "/x/../api/y").contains("api "));
        cluster.service("default", "web", "{\"clusterIP\":\"10.96.3.4\",\"ports\":[]}");
        await(port, "shop.example", "/", "HTTP/1.1 503 ");
        Path log = folder.resolve("ingress-access.0.log");
        Pattern line =
                Pattern.compile(
                        "^127\\.0\\.0\\.1 \\[[-0-9T:.]+Z] \"GET /a\\?b=c%20d HTTP/1\\.1\" 200 [0-9]+"
                                + " \"shop\\.example\" - - [0-9]+$",
                        Pattern.MULTILINE);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!line.matcher(Files.readString(log)).find()) {
            assertTrue(System.nanoTime() < deadline, () -> line(log));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static String line(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void theLongestPathWinsAndTheRestHasADefault() throws Exception {
        for (String name : List.of("exact", "long", "short", "own", "rest", "any", "wild")) {
            service(name, server(name));
        }
        start();
        ingress(
                "paths",
                "{\"defaultBackend\":%s,\"rules\":[{\"host\":\"p.example\",\"http\":{\"paths\":[%s,%s,%s,%s]}},{\"host\":\"*.w.example\",\"http\":{\"paths\":[%s]}}]}"
                        .formatted(
                                backend("own"),
                                path("/a", "Prefix", "short"),
                                path("/a/b/", "Prefix", "long"),
                                path("/a/b", "Exact", "exact"),
                                path("/own", "ImplementationSpecific", "rest"),
                                path("/", "Prefix", "wild")));
        int port = listening().httpPort();
        await(port, "p.example", "/a", "short /a ");
        assertTrue(get(port, "p.example", "/a/b").contains("exact /a/b "));
        assertTrue(get(port, "p.example", "/a/b/").contains("long /a/b/ "));
        assertTrue(get(port, "p.example", "/a/b/c").contains("long /a/b/c "));
        assertTrue(get(port, "p.example", "/a/bc").contains("short /a/bc "));
        assertTrue(get(port, "p.example", "/ab").contains("own /ab "));
        assertTrue(get(port, "p.example", "/own/x").contains("rest /own/x "));
        assertTrue(get(port, "x.w.example", "/y").contains("wild /y "));
        // The star is one label.
        assertTrue(get(port, "x.y.w.example", "/y").contains("own /y "));
        assertTrue(get(port, "nobody.example", "/").contains("own / "));
        // Rules for all hosts come after those for one, and before what is left over.
        ingress("all", "{\"rules\":[{\"http\":{\"paths\":[" + path("/", "Prefix", "any") + "]}}]}");
        await(port, "nobody.example", "/", "any / ");
        assertTrue(get(port, "p.example", "/ab").contains("own /ab "));
    }

    private static String backend(String service) {
        return "{\"service\":{\"name\":\"" + service + "\",\"port\":{\"number\":80}}}";
    }

    private static String path(String path, String type, String service) {
        return "{\"path\":\"%s\",\"pathType\":\"%s\",\"backend\":%s}"
                .formatted(path, type, backend(service));
    }

    @Test
    void withoutAnIngressNothingListens() throws Exception {
        service("web", server("web"));
        start();
        ingress(
                "others",
                "{\"ingressClassName\":\"nginx\",\"rules\":["
                        + rule("o.example", "/", "web")
                        + "]}");
        ingress("mine", "{\"rules\":[" + rule("m.example", "/", "web") + "]}");
        int port = listening().httpPort();
        await(port, "m.example", "/", " 200 ");
        assertTrue(get(port, "o.example", "/").startsWith("HTTP/1.1 404 "));
        cluster.put(
                new ResourceKey(GroupKind.INGRESS_CLASS, "", "nginx"),
                new TreeMap<>(),
                "{\"spec\":{\"controller\":\"shiplog.dev/ingress\"}}");
        await(port, "o.example", "/", " 200 ");
        cluster.remove(new ResourceKey(GroupKind.INGRESS, "default", "mine"))
                .remove(new ResourceKey(GroupKind.INGRESS, "default", "others"));
        assertEquals(Optional.empty(), told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void onlyConnectingIsTriedAgain() throws Exception {
        int dead;
        try (ServerSocket socket = new ServerSocket(0)) {
            dead = socket.getLocalPort();
        }
        AtomicInteger seen = new AtomicInteger();
        ServerSocket rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.push(rude);
        Thread.ofVirtual()
                .start(() -> {
                    while (!rude.isClosed()) {
                        try (Socket client = rude.accept()) {
                            client.getInputStream().read(new byte[10_000]);
                            seen.incrementAndGet();
                        } catch (IOException _) {
                            // The test has ended, or the proxy is gone.
                        }
                    }
                });
        service("mixed", dead, server("live"));
        service("rude", rude.getLocalPort());
        start();
        ingress(
                "all",
                "{\"rules\":["
                        + rule("mixed.example", "/", "mixed")
                        + ","
                        + rule("rude.example", "/", "rude")
                        + "]}");
        int port = listening().httpPort();
        await(port, "mixed.example", "/", "live ");
        for (int i = 0; i < 6; i++) {
            assertTrue(get(port, "mixed.example", "/" + i).contains("live /" + i));
        }
        String post =
                raw(
                        port,
                        head(
                                        "POST /p HTTP/1.1",
                                        "Host: mixed.example",
                                        "Content-Length: 4",
                                        "Connection: close")
                                + "body");
        assertTrue(post.contains("body=body"), post);
        String failed = get(port, "rude.example", "/");
        assertTrue(failed.startsWith("HTTP/1.1 " + broken() + " "), failed);
        assertEquals(1, seen.get());
    }

    @Test
    void whoTakesTooLongToAnswerIsNotWaitedFor() throws Exception {
        // Connections are accepted by the kernel, and nobody ever reads them.
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.push(silent);
        service("silent", silent.getLocalPort());
        service("web", server("web"));
        start(Duration.ofSeconds(1));
        ingress(
                "all",
                "{\"rules\":["
                        + rule("silent.example", "/", "silent")
                        + ","
                        + rule("web.example", "/", "web")
                        + "]}");
        int port = listening().httpPort();
        await(port, "web.example", "/", " 200 ");
        String late = get(port, "silent.example", "/");
        assertTrue(late.startsWith("HTTP/1.1 504 "), late);
    }

    @Test
    void aWebSocketIsPassedThrough() throws Exception {
        ServerSocket echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        opened.push(echo);
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket client = echo.accept()) {
                        BufferedReader in =
                                new BufferedReader(
                                        new InputStreamReader(
                                                client.getInputStream(),
                                                StandardCharsets.ISO_8859_1));
                        String line;
                        while ((line = in.readLine()) != null && !line.isEmpty()) {
                            // Headers.
                        }
                        OutputStream out = client.getOutputStream();
                        out.write(
                                head(
                                                "HTTP/1.1 101 Switching Protocols",
                                                "Upgrade: websocket",
                                                "Connection: Upgrade",
                                                // RFC 6455's example.
                                                "Sec-WebSocket-Accept:"
                                                        + " s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                                        .getBytes(StandardCharsets.ISO_8859_1));
                        out.flush();
                        int c;
                        while ((c = in.read()) >= 0) {
                            out.write(c + 1);
                            out.flush();
                        }
                    } catch (IOException _) {
                        // The test has ended.
                    }
                });
        service("echo", echo.getLocalPort());
        service("web", server("web"));
        start();
        ingress(
                "ws",
                "{\"rules\":["
                        + rule("ws.example", "/", "echo")
                        + ","
                        + rule("web.example", "/", "web")
                        + "]}");
        int port = listening().httpPort();
        await(port, "web.example", "/", " 200 ");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.getOutputStream()
                    .write(
                            head(
                                            "GET /chat HTTP/1.1",
                                            "Host: ws.example",
                                            "Upgrade: websocket",
                                            "Connection: Upgrade",
                                            "Sec-WebSocket-Version: 13",
                                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                                    .getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            assertTrue(head.toString().startsWith("HTTP/1.1 101 "), head.toString());
            for (char c : "abc".toCharArray()) {
                socket.getOutputStream().write(c);
                assertEquals(c + 1, socket.getInputStream().read());
            }
        }
    }

    @Test
    void eachHostHasItsCertificateAndSpeaksHttp2() throws Exception {
        service("web", server("web"));
        secret("one", certificate("one.example", "rsa", "pkcs8"));
        secret("two", certificate("*.two.example", "ec", "sec1"));
        secret("three", certificate("three.example", "rsa", "pkcs1"));
        start();
        ingress(
                "tls",
                """
                {"tls":[{"hosts":["one.example"],"secretName":"one"},
                        {"hosts":["*.two.example"],"secretName":"two"},
                        {"hosts":["three.example"],"secretName":"three"}],
                 "rules":[%s,%s,%s]}
                """
                        .formatted(
                                rule("one.example", "/", "web"),
                                rule("*.two.example", "/", "web"),
                                rule("three.example", "/", "web")));
        Listening at = listening();
        await(at.httpPort(), "one.example", "/", " 200 ");
        assertEquals("CN=one.example", subject(at.httpsPort(), "one.example"));
        assertEquals("CN=*.two.example", subject(at.httpsPort(), "a.two.example"));
        assertEquals("CN=three.example", subject(at.httpsPort(), "three.example"));
        // A new certificate is shown without a restart.
        secret("one", certificate("new.one.example", "rsa", "pkcs8"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!subject(at.httpsPort(), "one.example").equals("CN=new.one.example")) {
            assertTrue(System.nanoTime() < deadline, "the new certificate is not shown");
        }
        assertEquals("2 200", curl(at.httpsPort(), "three.example", "--http2"));
        assertEquals("1.1 200", curl(at.httpsPort(), "three.example", "--http1.1"));
        // A key of another certificate is nobody's reason to lose the rest.
        secret("two", mixed(certificate("*.two.example", "ec", "sec1")));
        service("late", server("late"));
        ingress("late", "{\"rules\":[" + rule("late.example", "/", "late") + "]}");
        await(at.httpPort(), "late.example", "/", "late / ");
        assertEquals("CN=three.example", subject(at.httpsPort(), "three.example"));
    }

    @Test
    void whoNamesNoHostIsAnsweredWhereACertificateIsForAll() throws Exception {
        service("web", server("web"));
        secret("all", certificate("all.example", "rsa", "pkcs8"));
        start();
        ingress(
                "tls",
                "{\"tls\":[{\"secretName\":\"all\"}],\"rules\":["
                        + rule("one.example", "/", "web")
                        + "]}");
        Listening at = listening();
        await(at.httpPort(), "one.example", "/", " 200 ");
        assertEquals("CN=all.example", subject(at.httpsPort(), "any.example"));
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
            // Without a host of its own, one certificate is as good as another.
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create("https://127.0.0.1:" + at.httpsPort() + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals(404, answer.statusCode());
        }
    }

    /** The version of HTTP that was spoken, and the status. */
    private String curl(int port, String host, String version) throws Exception {
        Process process =
                new ProcessBuilder(
                                "curl",
                                "-sk",
                                version,
                                "--max-time",
                                Long.toString(PATIENCE_SECONDS),
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{http_version} %{http_code}",
                                "--resolve",
                                host + ":" + port + ":127.0.0.1",
                                "https://" + host + ":" + port + "/")
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    private Path mixed(Path certificate) throws Exception {
        Path other = certificate("other.example", "ec", "sec1");
        Files.copy(
                other.resolve("key"),
                certificate.resolve("key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return certificate;
    }

    private void secret(String name, Path folder) throws IOException {
        cluster.put(
                new ResourceKey(GroupKind.SECRET, "default", name),
                new TreeMap<>(),
                "{\"type\":\"kubernetes.io/tls\",\"data\":{\"tls.crt\":\"%s\",\"tls.key\":\"%s\"}}"
                        .formatted(base64(folder.resolve("crt")), base64(folder.resolve("key"))));
    }

    private static String base64(Path file) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    }

    private Path certificate(String host, String algorithm, String form) throws Exception {
        Path at = Files.createTempDirectory(folder, "certificate");
        String key = at.resolve("key").toString();
        openssl(
                algorithm.equals("ec")
                        ? List.of(
                                "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
                        : form.equals("pkcs1")
                                ? List.of("genrsa", "-traditional", "-out", key, "2048")
                                : List.of("genpkey", "-algorithm", "RSA", "-out", key));
        String first = Files.readString(Path.of(key)).lines().findFirst().orElseThrow();
        assertEquals(
                switch (form) {
                    case "sec1" -> "-----BEGIN EC PRIVATE KEY-----";
                    case "pkcs1" -> "-----BEGIN RSA PRIVATE KEY-----";
                    default -> "-----BEGIN PRIVATE KEY-----";
                },
                first);
        openssl(
                List.of(
                        "req",
                        "-x509",
                        "-key",
                        key,
                        "-subj",
                        "/CN=" + host,
                        "-days",
                        "2",
                        "-out",
                        at.resolve("crt").toString()));
        return at;
    }

    private static void openssl(List<String> words) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static String subject(int port, String host) throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        trusting()
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host.replace("*", "x"))));
            socket.setSSLParameters(parameters);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            assertFalse(shown.getSubjectX500Principal().getName().isEmpty());
            return shown.getSubjectX500Principal().getName();
        }
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        return context;
    }

    /** Who is asked is not the question here. */
    private static final class Trusting extends javax.net.ssl.X509ExtendedTrustManager
            implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
