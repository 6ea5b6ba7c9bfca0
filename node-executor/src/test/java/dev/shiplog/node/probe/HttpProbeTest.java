package dev.shiplog.node.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** HTTP probes against real servers of this machine; guide row 66. */
final class HttpProbeTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final BlockingQueue<HttpExchange> seen = new LinkedBlockingQueue<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        serve(server);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** A path says its status; {@code /to/x} sends on. */
    private void serve(HttpServer on) {
        on.createContext(
                "/",
                exchange -> {
                    seen.add(exchange);
                    String path = exchange.getRequestURI().getPath();
                    int status = 302;
                    if (path.startsWith("/to/")) {
                        exchange.getResponseHeaders()
                                .add("Location", path.substring("/to/".length()));
                    } else {
                        status = Integer.parseInt(path.substring(1));
                    }
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
    }

    private Answer ask(String path, Handler.Header... headers) throws InterruptedException {
        return ask("http", server.getAddress().getPort(), path, headers);
    }

    private static Answer ask(String scheme, int port, String path, Handler.Header... headers)
            throws InterruptedException {
        return new HttpProbe("127.0.0.1", TIMEOUT)
                .ask(new Handler.HttpGet(scheme, "", port, path, List.of(headers), false));
    }

    @Test
    void from200To399IsWell() throws Exception {
        for (int status : List.of(200, 204, 300, 304, 399)) {
            assertEquals(Answer.WELL, ask("/" + status), "status " + status);
        }
        for (int status : List.of(400, 404, 500, 503)) {
            assertEquals(
                    Answer.unwell("HTTP probe failed with statuscode: " + status),
                    ask("/" + status));
        }
    }

    @Test
    void aHookIsContentWithAnyStatus() throws Exception {
        Handler.HttpGet hook =
                new Handler.HttpGet(
                        "http", "", server.getAddress().getPort(), "/500", List.of(), true);
        assertEquals(Answer.WELL, new HttpProbe("127.0.0.1", TIMEOUT).ask(hook));
    }

    @Test
    void headersAreSentAsThePodSays() throws Exception {
        ask(
                "/200?deep=yes",
                new Handler.Header("Host", "web.example"),
                new Handler.Header("X-Probe", "a"),
                new Handler.Header("X-Probe", "b"));
        HttpExchange exchange = seen.remove();
        assertEquals("deep=yes", exchange.getRequestURI().getQuery());
        assertEquals(List.of("web.example"), exchange.getRequestHeaders().get("Host"));
        assertEquals(List.of("a, b"), exchange.getRequestHeaders().get("X-Probe"));
        assertTrue(exchange.getRequestHeaders().getFirst("User-Agent").startsWith("kube-probe/"));
        assertEquals("close", exchange.getRequestHeaders().getFirst("Connection"));
    }

    @Test
    void redirectsAreFollowedOnTheSameHost() throws Exception {
        assertEquals(Answer.unwell("HTTP probe failed with statuscode: 503"), ask("/to//503"));
        Answer elsewhere = ask("/to/http://elsewhere.example/503");
        assertEquals(Answer.Kind.WELL, elsewhere.kind());
        assertTrue(elsewhere.message().contains("elsewhere.example"), elsewhere::message);
    }

    @Test
    void redirectsInACircleEnd() throws Exception {
        server.removeContext("/");
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/again");
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                });
        Answer answer = ask("/");
        assertEquals(Answer.Kind.UNWELL, answer.kind());
        assertTrue(answer.message().contains("stopped after 10 redirects"), answer::message);
    }

    @Test
    void httpsTakesAnyCertificate() throws Exception {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(HERE, 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        serve(https);
        https.start();
        try {
            assertEquals(Answer.WELL, ask("https", https.getAddress().getPort(), "/200"));
            assertEquals(
                    Answer.unwell("HTTP probe failed with statuscode: 500"),
                    ask("https", https.getAddress().getPort(), "/500"));
            assertEquals(
                    Answer.Kind.UNWELL, ask("http", https.getAddress().getPort(), "/200").kind());
        } finally {
            https.stop(0);
        }
    }

    /** A certificate of nobody known, for another name, made by the JDK's own tool. */
    private static SSLContext selfSigned() throws Exception {
        Path folder = Files.createTempDirectory("self-signed");
        Path store = folder.resolve("keys");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=other.example",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "password")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("out").toFile())
                        .start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS) && keytool.exitValue() == 0);
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void nothingThatListensIsUnwell() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);
        assertEquals(
                Answer.unwell(
                        "Get \"http://127.0.0.1:%d/200\": dial tcp 127.0.0.1:%d: connect: connection refused"
                                .formatted(port, port)),
                ask("http", port, "/200"));
    }

    /** What answers byte by byte, for ever, must not keep a probe longer than its time. */
    @Test
    void whatDoesNotComeToAnEndIsUnwellInTime() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, HERE)) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            answer.complete(
                                    new HttpProbe("127.0.0.1", Duration.ofSeconds(1))
                                            .ask(
                                                    new Handler.HttpGet(
                                                            "http",
                                                            "",
                                                            listening.getLocalPort(),
                                                            "/",
                                                            List.of(),
                                                            false)));
                        } catch (InterruptedException e) {
                            answer.completeExceptionally(e);
                        }
                    });
            try (Socket client = listening.accept()) {
                byte[] head = "HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII);
                client.getOutputStream().write(head);
                while (!answer.isDone()) {
                    try {
                        client.getOutputStream().write('x');
                    } catch (IOException gone) {
                        break;
                    }
                    Thread.onSpinWait();
                }
            }
            Answer late = answer.get(60, TimeUnit.SECONDS);
            assertEquals(Answer.Kind.UNWELL, late.kind());
        }
    }

    @Test
    void whatIsNotHttpIsUnwell() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, HERE)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket client = listening.accept()) {
                            client.getOutputStream()
                                    .write(
                                            "SSH-2.0-server\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII));
                        } catch (IOException over) {
                            return;
                        }
                    });
            Answer answer = ask("http", listening.getLocalPort(), "/");
            assertEquals(Answer.Kind.UNWELL, answer.kind());
            assertTrue(answer.message().contains("malformed HTTP response"), answer::message);
        }
    }
}
