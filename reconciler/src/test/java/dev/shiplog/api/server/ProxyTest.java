package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.shiplog.api.stream.Streams;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** HTTP through the server to a pod. */
class ProxyTest {
    private static final String POD = "/api/v1/namespaces/shop/pods/web-5d4f8-a";

    @TempDir Path folder;
    private final CountDownLatch more = new CountDownLatch(1);
    private FakeContainers containers;
    private TestCluster cluster;
    private Client admin;
    private HttpServer inPod;

    @BeforeEach
    void start() throws Exception {
        inPod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        inPod.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        inPod.createContext("/", ProxyTest::describe);
        inPod.createContext("/echo", ProxyTest::echo);
        inPod.createContext("/slow", this::slow);
        inPod.createContext("/moved", ProxyTest::moved);
        inPod.start();
        containers = new FakeContainers();
        containers.ports.put(80, inPod.getAddress().getPort());
        containers.ports.put(8080, inPod.getAddress().getPort());
        cluster = TestCluster.populated(folder, (_, _, _, _, _) -> {}, Streams.of(containers));
        admin = Client.admin(cluster);
    }

    @AfterEach
    void stop() {
        more.countDown();
        admin.close();
        cluster.close();
        inPod.stop(0);
    }

    @Test
    void requestsReachThePodAsTheyAre() throws Exception {
        HttpResponse<byte[]> response =
                admin.get(
                        POD + "/proxy/a%20b/c?x=1&y=%2F",
                        "X-Mine",
                        "yes",
                        "Authorization",
                        "Bearer secret");
        assertEquals("GET /a%20b/c?x=1&y=%2F mine=yes authorization=null", Client.text(response));
        assertEquals("in the pod", response.headers().firstValue("X-Answer").orElse(""));
        assertEquals(
                "GET / mine=null authorization=null", Client.text(admin.get(POD + ":8080/proxy/")));
        assertEquals(
                "DELETE /z mine=null authorization=null",
                Client.text(admin.send("DELETE", POD + ":80/proxy/z", new byte[0])));
        Await.until(
                () -> containers.connections.get() == 0,
                () -> containers.connections + " connections are left");
    }

    @Test
    void bodiesPassBothWays() throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(3).nextBytes(body);
        HttpResponse<byte[]> response = admin.send("POST", POD + "/proxy/echo", body);
        assertEquals(200, response.statusCode());
        assertArrayEquals(body, response.body());
    }

    @Test
    void answersStreamAsTheyCome() throws Exception {
        try (Client.Watch lines = admin.watch(POD + "/proxy/slow")) {
            assertEquals("first", lines.line());
            more.countDown();
            assertEquals("second", lines.line());
        }
    }

    @Test
    void redirectsStayBelowTheProxy() throws Exception {
        HttpResponse<byte[]> moved = admin.get(POD + "/proxy/moved");
        assertEquals(302, moved.statusCode());
        assertEquals(POD + "/proxy/there", moved.headers().firstValue("Location").orElse(""));
        HttpResponse<byte[]> bare = admin.get(POD + "/proxy");
        assertEquals(301, bare.statusCode());
        assertEquals(POD + "/proxy/", bare.headers().firstValue("Location").orElse(""));
    }

    @Test
    void whatCannotBeReachedIsNamed() throws Exception {
        HttpResponse<byte[]> refused = admin.get(POD + ":81/proxy/");
        assertEquals(503, refused.statusCode());
        assertTrue(
                Client.text(refused).contains("error trying to reach service: "),
                Client.text(refused));
        assertEquals(404, admin.get("/api/v1/namespaces/shop/pods/none/proxy/").statusCode());
        assertEquals(400, admin.get(POD + ":http9/proxy/").statusCode());
        assertEquals("ok", Client.text(admin.get("/api/v1/nodes/n1/proxy/healthz")));
        assertEquals(404, admin.get("/api/v1/nodes/n2/proxy/healthz").statusCode());
    }

    @Test
    void kubectlGoesThrough() throws Exception {
        Kubectl kubectl = new Kubectl(folder);
        assertEquals(
                "GET /raw mine=null authorization=null",
                kubectl.ok("get", "--raw", POD + "/proxy/raw"));
        try (Kubectl.Running proxy = kubectl.start("proxy", "--port=0")) {
            String line = proxy.awaitLine("Starting to serve on ");
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
            HttpResponse<String> response =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "http://127.0.0.1:"
                                                                    + port
                                                                    + POD
                                                                    + "/proxy/by-proxy"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());
            assertEquals("GET /by-proxy mine=null authorization=null", response.body());
        }
    }

    private static void describe(HttpExchange exchange) throws IOException {
        String text =
                exchange.getRequestMethod()
                        + " "
                        + exchange.getRequestURI()
                        + " mine="
                        + exchange.getRequestHeaders().getFirst("X-Mine")
                        + " authorization="
                        + exchange.getRequestHeaders().getFirst("Authorization");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Answer", "in the pod");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void echo(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getRequestBody().transferTo(exchange.getResponseBody());
        exchange.close();
    }

    private void slow(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("first\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            more.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.getResponseBody().write("second\n".getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    private static void moved(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Location", "/there");
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    @Test
    void noRedirectLeadsToAnotherHost() throws Exception {
        HttpResponse<byte[]> reply = admin.get("/" + POD + "/proxy");
        assertEquals(404, reply.statusCode());
    }
}
