package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Route;
import dev.shiplog.api.tls.TlsFiles;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Those who may not, those who cannot, and those who do not. */
class HostilePeersTest {
    private static final String PODS = "/api/v1/pods";

    @TempDir Path folder;
    private final CountDownLatch stalledWriterEnded = new CountDownLatch(1);
    private TestCluster cluster;
    private Client admin;

    @BeforeEach
    void start() throws Exception {
        List<Route> routes =
                List.of(
                        new Route(
                                "POST",
                                "/shiplog/v1/echo",
                                request -> Reply.text(200, "" + request.body(1000).length)),
                        new Route(
                                "GET",
                                "/shiplog/v1/endless",
                                _ ->
                                        Reply.stream(
                                                200,
                                                "text/plain",
                                                stream -> {
                                                    byte[] much = new byte[1 << 20];
                                                    try {
                                                        while (true) {
                                                            stream.out().write(much);
                                                        }
                                                    } finally {
                                                        stalledWriterEnded.countDown();
                                                    }
                                                })),
                        new Route(
                                "GET",
                                "/shiplog/v1/broken",
                                _ -> {
                                    throw new IllegalStateException("on purpose");
                                }));
        cluster = TestCluster.empty(folder, (_, _, _, _, _) -> {}, routes, Optional.empty());
        cluster.createNamespace("default");
        admin = Client.admin(cluster);
    }

    @AfterEach
    void stop() {
        admin.close();
        cluster.close();
    }

    @Test
    void strangersSeeHealthAndVersionOnly() throws Exception {
        try (Client anonymous = Client.anonymous(cluster)) {
            for (String path :
                    List.of("/healthz", "/livez", "/readyz", "/readyz/ping", "/version")) {
                assertEquals(200, anonymous.get(path).statusCode(), path);
            }
            for (String path :
                    List.of(
                            "/",
                            "/api",
                            "/apis",
                            PODS,
                            "/openapi/v3",
                            "/shiplog/v1/echo",
                            "/git/cluster.git/info/refs")) {
                HttpResponse<byte[]> response = anonymous.get(path);
                assertEquals(401, response.statusCode(), path);
                assertTrue(Client.text(response).contains("\"reason\":\"Unauthorized\""), path);
            }
            assertEquals(
                    "Basic realm=\"shiplog\"",
                    anonymous
                            .get("/git/cluster.git/info/refs")
                            .headers()
                            .firstValue("WWW-Authenticate")
                            .orElseThrow());
        }
    }

    /** Whoever asks: they are read, and nothing else can be done with them. */
    @Test
    void healthAndVersionAreOnlyRead() throws Exception {
        try (Client anonymous = Client.anonymous(cluster);
                Client admin = Client.admin(cluster)) {
            for (String path : List.of("/healthz", "/livez", "/readyz", "/version")) {
                assertEquals(200, anonymous.send("HEAD", path, new byte[0]).statusCode(), path);
                for (String method : List.of("TRACE", "POST", "DELETE", "PROPFIND")) {
                    for (Client client : List.of(anonymous, admin)) {
                        HttpResponse<byte[]> response = client.send(method, path, new byte[0]);
                        assertEquals(405, response.statusCode(), method + " " + path);
                        assertTrue(
                                Client.text(response).contains("\"reason\":\"MethodNotAllowed\""),
                                method + " " + path);
                    }
                }
            }
        }
    }

    @Test
    void theTokenIsAsGoodAsTheCertificate() throws Exception {
        String token = Files.readString(folder.resolve("token")).strip();
        String basic =
                Base64.getEncoder()
                        .encodeToString(("admin:" + token).getBytes(StandardCharsets.UTF_8));
        try (Client anonymous = Client.anonymous(cluster)) {
            assertEquals(200, anonymous.get(PODS, "Authorization", "Bearer " + token).statusCode());
            assertEquals(200, anonymous.get(PODS, "Authorization", "Basic " + basic).statusCode());
            assertEquals(
                    401,
                    anonymous.get(PODS, "Authorization", "Bearer " + token + "x").statusCode());
            assertEquals(401, anonymous.get(PODS, "Authorization", "Bearer").statusCode());
            assertEquals(401, anonymous.get(PODS, "Authorization", "Basic %%%").statusCode());
        }
    }

    @Test
    void knownUsersWithoutRightsAreForbidden() throws Exception {
        // Certificates for others than the admin come later; the seam is asked all the same.
        ApiConfig config = cluster.config();
        List<String> asked = new ArrayList<>();
        ApiConfig strict =
                new ApiConfig(
                        config.ledger(),
                        config.bind(),
                        0,
                        config.tls(),
                        config.token(),
                        (who, action) -> {
                            asked.add(
                                    who.name()
                                            + " "
                                            + action.verb()
                                            + " "
                                            + action.resource()
                                            + action.path());
                            return who.groups().contains(Identity.MASTERS)
                                    ? Authorizer.Verdict.Denied.UNSAID
                                    : new Authorizer.Verdict.Allowed("");
                        },
                        config.logs(),
                        config.streams(),
                        config.declarations(),
                        config.git(),
                        config.routes(),
                        config.clock(),
                        config.secrets(),
                        config.beside(),
                        config.writeStall());
        try (ApiServer server = ApiServer.start(strict);
                Client client = Client.to(cluster, server.address().getPort())) {
            HttpResponse<byte[]> response = client.get("/api/v1/namespaces/default/pods");
            assertEquals(403, response.statusCode());
            assertEquals(
                    "pods is forbidden: User \"admin\" cannot list resource \"pods\" in API group"
                            + " \"\" in the namespace \"default\"",
                    Client.parse(Client.text(response)).path("message").asText());
            assertEquals(403, client.get("/shiplog/v1/broken").statusCode());
            assertEquals(403, client.get("/apis").statusCode());
        }
        assertEquals(
                List.of("admin list pods", "admin get /shiplog/v1/broken", "admin get /apis"),
                asked);
    }

    @Test
    void certificatesOfAnotherAuthorityAreRefused() throws Exception {
        TlsFiles other = TlsFiles.open(folder.resolve("other"), List.of(), Instant.now());
        try (Client stranger =
                Client.with(cluster, cluster.tls.authority().certificate(), other.admin())) {
            assertEquals(401, stranger.get("/version").statusCode());
            assertEquals(401, stranger.get(PODS).statusCode());
        }
        try (Client misled =
                Client.with(cluster, other.authority().certificate(), cluster.tls.admin())) {
            assertThrows(IOException.class, () -> misled.get("/version"));
        }
        assertEquals(200, admin.get(PODS).statusCode());
    }

    @Test
    void plainTextGarbageAndSilenceHurtNobody() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Socket socket = connect();
            sockets.add(socket);
            OutputStream out = socket.getOutputStream();
            switch (i % 3) {
                case 0 -> out.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                case 1 -> out.write(new byte[] {22, 3, 1, 2, 0, 1, 0});
                default -> {
                    // Connects and says nothing.
                }
            }
            out.flush();
        }
        assertEquals(200, admin.get(PODS).statusCode());
        for (Socket socket : sockets) {
            socket.close();
        }
        assertEquals(200, admin.get(PODS).statusCode());
    }

    @Test
    void oversizedBodiesAndHeadersAreRefused() throws Exception {
        assertEquals("1000", Client.text(admin.send("POST", "/shiplog/v1/echo", new byte[1000])));
        assertEquals(413, admin.send("POST", "/shiplog/v1/echo", new byte[100_000]).statusCode());
        HttpResponse<byte[]> delete =
                admin.send("DELETE", "/api/v1/namespaces/default", new byte[4_000_000]);
        assertEquals(413, delete.statusCode());
        int code = admin.get(PODS, "X-Long", "x".repeat(100_000)).statusCode();
        assertTrue(code >= 400 && code < 500, "" + code);
        assertEquals(200, admin.get(PODS).statusCode());
    }

    @Test
    void otherMethodsAndBrokenHandlersAreAnswered() throws Exception {
        assertEquals(405, admin.get("/shiplog/v1/echo").statusCode());
        HttpResponse<byte[]> broken = admin.get("/shiplog/v1/broken");
        assertEquals(500, broken.statusCode());
        assertTrue(Client.text(broken).contains("on purpose"));
        HttpResponse<byte[]> post =
                admin.send(
                        "POST",
                        "/api/v1/namespaces/default/pods",
                        "{}".getBytes(StandardCharsets.UTF_8));
        assertEquals(422, post.statusCode());
        assertTrue(Client.text(post).contains("Required value"), Client.text(post));
    }

    @Test
    void readersThatLeaveFreeTheirWatches() throws Exception {
        List<Client.Watch> watches = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            watches.add(admin.watch(PODS + "?watch=true"));
        }
        awaitWatchers(20);
        for (Client.Watch watch : watches) {
            watch.close();
        }
        awaitWatchers(0);
        assertEquals(200, admin.get(PODS).statusCode());
    }

    @Test
    void aReaderThatDoesNotReadIsCutOff() throws Exception {
        try (SSLSocket socket = tls()) {
            request(socket, "/shiplog/v1/endless");
            assertTrue(
                    stalledWriterEnded.await(30, TimeUnit.SECONDS),
                    "the writer is still stuck in its reader");
        }
        try (SSLSocket socket = tls()) {
            request(socket, PODS + "?watch=true");
            awaitWatchers(1);
            String much = "x".repeat(60_000);
            for (int i = 0; cluster.server.watchers() == 1 && i < 2000; i++) {
                cluster.createPod("default", "p" + i, Map.of("much", "y"));
                cluster.submit(
                        new dev.shiplog.command.ResourceCommand.AddNote(
                                dev.shiplog.command.ResourceCommand.Note.normal(
                                        dev.shiplog.resource.ResourceKey.pod("default", "p" + i),
                                        cluster.resource(
                                                        dev.shiplog.resource.ResourceKey.pod(
                                                                "default", "p" + i))
                                                .uid(),
                                        "Much",
                                        much,
                                        "test")));
            }
        }
        awaitWatchers(0);
        assertEquals(200, admin.get(PODS + "?limit=1").statusCode());
    }

    @Test
    void closingEndsWatchesAndStops() throws Exception {
        try (Client.Watch watch = admin.watch(PODS + "?watch=true")) {
            awaitWatchers(1);
            cluster.server.close();
            watch.awaitEnd();
        }
        assertThrows(IOException.class, () -> admin.get("/version"));
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), cluster.server.address().getPort());
    }

    private SSLSocket tls() throws Exception {
        SSLContext context =
                Client.tls(cluster.tls.authority().certificate(), Optional.of(cluster.tls.admin()));
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", cluster.server.address().getPort());
        socket.startHandshake();
        return socket;
    }

    private static void request(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(
                        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private void awaitWatchers(int count) throws InterruptedException {
        Await.until(
                () -> cluster.server.watchers() == count,
                () -> "expected " + count + " watchers, found " + cluster.server.watchers());
    }

    @Test
    void whatIsNotZippedAsItSaysIsTheClientsFault() throws Exception {
        for (byte[] body :
                new byte[][] {
                    "{}".getBytes(StandardCharsets.UTF_8),
                    {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3}
                }) {
            HttpResponse<byte[]> reply =
                    admin.send("POST", "/api/v1/namespaces", body, "Content-Encoding", "gzip");
            assertEquals(400, reply.statusCode(), Client.text(reply));
        }
    }

    /** Two bytes become a hundred: three megabytes of empty lists would be all of the memory. */
    @Test
    void oneBodyDoesNotBecomeATreeWithoutEnd() throws Exception {
        cluster.createNamespace("shop");
        byte[] lists = ("[" + "[],".repeat(900_000) + "[]]").getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> reply = admin.send("POST", "/api/v1/namespaces", lists);
        assertEquals(400, reply.statusCode());
        assertTrue(Client.text(reply).contains("expected at most"), Client.text(reply));
        HttpResponse<byte[]> patched =
                admin.send(
                        "PATCH",
                        "/api/v1/namespaces/shop",
                        lists,
                        "Content-Type",
                        "application/json-patch+json");
        assertEquals(400, patched.statusCode(), Client.text(patched));
    }
}
