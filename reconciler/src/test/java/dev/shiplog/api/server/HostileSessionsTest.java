package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.SessionJournal;
import dev.shiplog.api.StreamLimits;
import dev.shiplog.api.stream.Streams;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Sessions of clients who leave, stall, or send what is no WebSocket: nothing of them is left. */
class HostileSessionsTest {
    private static final String PODS = "/api/v1/namespaces/shop/pods/";
    private static final String EXEC = PODS + "web-5d4f8-a/exec?stdout=true&stdin=true&command=";
    private static final String FORWARD = PODS + "web-5d4f8-a/portforward";
    private static final int BINARY = 0x82;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    @TempDir Path folder;
    private FakeContainers containers;
    private TestCluster cluster;
    private EchoServer echo;

    @BeforeEach
    void start() throws Exception {
        containers = new FakeContainers();
        echo = new EchoServer();
        containers.ports.put(80, echo.port());
        // Long, for tests that answer no pings and mean something else.
        cluster = cluster(Duration.ofSeconds(60));
    }

    private TestCluster cluster(Duration silence) throws IOException {
        return TestCluster.populated(
                folder,
                (_, _, _, _, _) -> {},
                new Streams(
                        containers,
                        SessionJournal.NONE,
                        new StreamLimits(12, 8, silence, Duration.ofSeconds(2))));
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
        echo.close();
    }

    @Test
    void requestsThatAreNoUpgradeAreRefused() throws Exception {
        try (Client admin = Client.admin(cluster)) {
            assertRefused(admin, 400, EXEC + "echo", "Upgrade request required");
            assertRefused(
                    admin,
                    400,
                    PODS + "web-5d4f8-a/exec?stdout=true",
                    "you must specify at least 1 command for the container");
            assertRefused(
                    admin,
                    400,
                    PODS + "web-5d4f8-a/exec?command=x",
                    "you must specify at least 1 of stdin, stdout, stderr");
            assertRefused(
                    admin,
                    400,
                    PODS + "web-5d4f8-b/portforward",
                    "pod web-5d4f8-b does not have a host assigned");
        }
        assertTrue(status(open(EXEC + "echo", "v1.channel.k8s.io")).contains(" 400 "));
        assertTrue(status(open(FORWARD, "v4.channel.k8s.io")).contains(" 400 "));
        assertTrue(status(open(FORWARD + "?ports=0", "v4.channel.k8s.io")).contains(" 400 "));
        awaitNothingLeft();
    }

    @Test
    void brokenHandshakesTakeNoPlace() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (SSLSocket socket = tls()) {
                String head =
                        "GET "
                                + EXEC
                                + "sleep HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
                                + "Upgrade: websocket\r\nSec-WebSocket-Protocol:"
                                + " v5.channel.k8s.io\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: short\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                assertTrue(status(socket).contains(" 400 "));
            }
        }
        awaitNothingLeft();
    }

    @Test
    void aUserHasSoManySessionsAndNoMore() throws Exception {
        List<SSLSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SSLSocket socket = open(EXEC + "sleep", "v5.channel.k8s.io");
            sockets.add(socket);
            assertTrue(status(socket).contains(" 101 "));
        }
        SSLSocket one = open(EXEC + "sleep", "v5.channel.k8s.io");
        assertTrue(status(one).contains(" 429 "));
        for (SSLSocket socket : sockets) {
            socket.close();
        }
        awaitNothingLeft();
        assertEquals(8, containers.interrupted.get());
        assertTrue(status(open(EXEC + "echo", "v5.channel.k8s.io")).contains(" 101 "));
        one.close();
    }

    @Test
    void garbageEndsTheSession() throws Exception {
        byte[] noise = new byte[4096];
        new Random(5).nextBytes(noise);
        for (String path : List.of(EXEC + "sleep", FORWARD)) {
            String protocol =
                    path.equals(FORWARD) ? "SPDY/3.1+portforward.k8s.io" : "v5.channel.k8s.io";
            SSLSocket socket = open(path, protocol);
            assertTrue(status(socket).contains(" 101 "));
            // No mask, reserved bits, an unknown code: whatever the noise begins with.
            noise[0] = (byte) 0xF3;
            write(socket, noise);
            awaitEnd(socket);
        }
        SSLSocket socket = open(FORWARD, "SPDY/3.1+portforward.k8s.io");
        assertTrue(status(socket).contains(" 101 "));
        write(socket, frame(BINARY, noise));
        awaitEnd(socket);
        awaitNothingLeft();
    }

    @Test
    void oversizedFramesEndTheSession() throws Exception {
        SSLSocket socket = open(EXEC + "cat", "v5.channel.k8s.io");
        assertTrue(status(socket).contains(" 101 "));
        byte[] head = {(byte) BINARY, (byte) (0x80 | 127), 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4};
        write(socket, head);
        awaitEnd(socket);
        awaitNothingLeft();
    }

    @Test
    void halfOpenClientsAreNoticed() throws Exception {
        cluster.close();
        cluster = cluster(Duration.ofSeconds(3));
        SSLSocket silent = open(EXEC + "sleep", "v5.channel.k8s.io");
        assertTrue(status(silent).contains(" 101 "));
        // It answers no ping, and nobody closes it.
        awaitNothingLeft();
        assertEquals(1, containers.interrupted.get());
        silent.close();
    }

    @Test
    void pingsAreAnswered() throws Exception {
        try (SSLSocket socket = open(EXEC + "sleep", "v5.channel.k8s.io")) {
            assertTrue(status(socket).contains(" 101 "));
            write(socket, frame(PING, new byte[] {7, 8}));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] pong = {(byte) 0x8A, 2, 7, 8};
            byte[] last = new byte[4];
            while (!Arrays.equals(pong, last)) {
                System.arraycopy(last, 1, last, 0, 3);
                last[3] = in.readByte();
            }
        }
        awaitNothingLeft();
    }

    @Test
    void aClientIsAskedWhetherItListensBeforeItIsSentAnything() throws Exception {
        try (SSLSocket socket = open(EXEC + "sleep", "v5.channel.k8s.io")) {
            assertTrue(status(socket).contains(" 101 "));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertArrayEquals(new byte[] {(byte) PING, 0}, in.readNBytes(2));
            write(socket, frame(PONG, new byte[0]));
            assertEquals("asleep\n", output(in));
        }
        awaitNothingLeft();
    }

    @Test
    void aClientThatAnswersNoPingIsSentItsOutputAllTheSame() throws Exception {
        try (SSLSocket socket = open(EXEC + "sleep", "v5.channel.k8s.io")) {
            assertTrue(status(socket).contains(" 101 "));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertArrayEquals(new byte[] {(byte) PING, 0}, in.readNBytes(2));
            assertEquals("asleep\n", output(in));
        }
        awaitNothingLeft();
    }

    /** The first output that is not empty; the command's channels are announced by an empty one. */
    private static String output(DataInputStream in) throws IOException {
        while (true) {
            assertEquals((byte) BINARY, in.readByte());
            byte[] payload = in.readNBytes(in.readUnsignedByte());
            assertEquals(1, payload[0], "the channel of the output");
            if (payload.length > 1) {
                return new String(payload, 1, payload.length - 1, StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void aClientThatDoesNotReadIsCutOff() throws Exception {
        SSLSocket socket = open(EXEC + "flood", "v5.channel.k8s.io");
        assertTrue(status(socket).contains(" 101 "));
        awaitNothingLeft();
        socket.close();
    }

    @Test
    void inputThatNobodyTakesEndsTheSession() throws Exception {
        SSLSocket socket = open(EXEC + "sleep", "v5.channel.k8s.io");
        assertTrue(status(socket).contains(" 101 "));
        byte[] input = new byte[30_000];
        try {
            for (int i = 0; i < 1000; i++) {
                write(socket, frame(BINARY, input));
            }
        } catch (IOException e) {
            // Cut off, as it should be.
        }
        awaitNothingLeft();
        socket.close();
    }

    @Test
    void manyThatLeaveInMidSessionLeaveNoThread() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<SSLSocket> sockets = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                SSLSocket socket = open(EXEC + (i % 2 == 0 ? "sleep" : "cat"), "v5.channel.k8s.io");
                sockets.add(socket);
                assertTrue(status(socket).contains(" 101 "));
            }
            for (SSLSocket socket : sockets) {
                socket.close();
            }
            awaitNothingLeft();
        }
    }

    private void assertRefused(Client client, int code, String path, String message)
            throws Exception {
        var response = client.get(path);
        assertEquals(code, response.statusCode(), path);
        assertEquals(message, Client.parse(Client.text(response)).path("message").asText());
    }

    private void awaitNothingLeft() throws InterruptedException {
        Await.until(
                () ->
                        cluster.server.sessions() == 0
                                && containers.running.get() == 0
                                && containers.connections.get() == 0,
                () ->
                        cluster.server.sessions()
                                + " sessions, "
                                + containers.running
                                + " commands and "
                                + containers.connections
                                + " connections are left");
    }

    private SSLSocket open(String path, String protocol) throws Exception {
        SSLSocket socket = tls();
        String head =
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                        + "Sec-WebSocket-Protocol: "
                        + protocol
                        + "\r\n\r\n";
        write(socket, head.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private SSLSocket tls() throws Exception {
        SSLContext context =
                Client.tls(cluster.tls.authority().certificate(), Optional.of(cluster.tls.admin()));
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("127.0.0.1", cluster.server.address().getPort());
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    /** The status line; the rest of the head is read too. */
    private static String status(SSLSocket socket) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException("expected a head, found " + head);
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.US_ASCII).lines().findFirst().orElseThrow();
    }

    private static void awaitEnd(SSLSocket socket) throws IOException {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection does not end", e);
        } catch (IOException e) {
            // Ended, though not politely.
        }
        socket.close();
    }

    private static byte[] frame(int code, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(code);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        // A mask of zeros leaves the payload as it is.
        frame.write(new byte[4]);
        frame.write(payload);
        return frame.toByteArray();
    }

    private static void write(SSLSocket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }
}
