package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.stream.Streams;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real kubectl forwards ports. */
class KubectlPortForwardTest {
    private static final String POD = "web-5d4f8-a";
    private static final int SILENCE_MILLIS = 30_000;

    @TempDir Path folder;
    private FakeContainers containers;
    private TestCluster cluster;
    private Kubectl kubectl;
    private EchoServer echo;

    @BeforeEach
    void start() throws Exception {
        containers = new FakeContainers();
        echo = new EchoServer();
        containers.ports.put(80, echo.port());
        cluster = TestCluster.populated(folder, (_, _, _, _, _) -> {}, Streams.of(containers));
        kubectl = new Kubectl(folder);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
        echo.close();
    }

    @Test
    void manyConnectionsAtOnceCarryBothWays() throws Exception {
        try (Kubectl.Running forward =
                        kubectl.start("port-forward", "-n", "shop", "pod/" + POD, ":80");
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = localPort(forward);
            List<Future<byte[]>> replies = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] sent = random(i, 100_000 + i);
                replies.add(clients.submit(() -> talk(port, sent)));
            }
            for (int i = 0; i < 64; i++) {
                byte[] sent = random(i, 100_000 + i);
                byte[] expected = Arrays.copyOf(sent, sent.length + 3);
                System.arraycopy(
                        "end".getBytes(StandardCharsets.US_ASCII), 0, expected, sent.length, 3);
                assertArrayEquals(expected, replies.get(i).get(60, TimeUnit.SECONDS), "" + i);
            }
            Await.until(
                    () -> containers.connections.get() == 0,
                    () -> containers.connections + " connections are left");
            assertEquals(1, cluster.server.sessions());
        }
        Await.until(
                () -> cluster.server.sessions() == 0,
                () -> cluster.server.sessions() + " sessions are left");
    }

    @Test
    void aLargeTransferArrivesWhole() throws Exception {
        try (Kubectl.Running forward =
                kubectl.start("port-forward", "-n", "shop", "pod/" + POD, ":80")) {
            byte[] sent = random(7, 20_000_000);
            byte[] reply = talk(localPort(forward), sent);
            assertEquals(sent.length + 3, reply.length);
            assertArrayEquals(sent, Arrays.copyOf(reply, sent.length));
        }
    }

    /** What kubectl did before it spoke WebSocket. */
    @Test
    void olderClientsForwardOverSpdy() throws Exception {
        Kubectl old = new Kubectl(folder, Map.of("KUBECTL_PORT_FORWARD_WEBSOCKETS", "false"));
        try (Kubectl.Running forward =
                old.start("port-forward", "-n", "shop", "pod/" + POD, ":80")) {
            int port = localPort(forward);
            for (int i = 0; i < 8; i++) {
                byte[] sent = random(i, 1_000_000 + i);
                assertArrayEquals(sent, Arrays.copyOf(talk(port, sent), sent.length));
            }
        }
        Await.until(
                () -> cluster.server.sessions() == 0,
                () -> cluster.server.sessions() + " sessions are left");
    }

    @Test
    void aPortOnWhichNothingListensIsNamed() throws Exception {
        try (Kubectl.Running forward =
                kubectl.start("port-forward", "-n", "shop", "pod/" + POD, ":81")) {
            int port = localPort(forward);
            try (Socket socket = connect(port)) {
                assertEquals(-1, read(socket));
            }
            String line = forward.awaitLine("an error occurred forwarding");
            assertTrue(line.contains("error forwarding port 81 to pod " + POD + ", uid "), line);
            assertTrue(line.contains("connection refused"), line);
        }
    }

    @Test
    void aClientThatLeavesTakesItsConnectionsWithIt() throws Exception {
        try (Kubectl.Running forward =
                kubectl.start("port-forward", "-n", "shop", "pod/" + POD, ":80")) {
            int port = localPort(forward);
            try (Socket one = connect(port);
                    Socket other = connect(port)) {
                for (Socket socket : List.of(one, other)) {
                    socket.getOutputStream().write('x');
                    assertEquals('x', read(socket));
                }
                assertEquals(2, containers.connections.get());
                forward.kill();
                Await.until(
                        () -> containers.connections.get() == 0 && cluster.server.sessions() == 0,
                        () ->
                                containers.connections
                                        + " connections and "
                                        + cluster.server.sessions()
                                        + " sessions are left");
            }
        }
    }

    @Test
    void podsThatCannotBeReachedAreNamed() throws Exception {
        assertEquals(
                "Error from server (NotFound): pods \"absent\" not found",
                kubectl.fails("port-forward", "-n", "shop", "pod/absent", ":80"));
        assertTrue(
                kubectl.fails("port-forward", "pod/lone", ":80")
                        .contains("unable to forward port because pod is not running"));
    }

    private static int localPort(Kubectl.Running forward) throws InterruptedException {
        String line = forward.awaitLine("Forwarding from 127.0.0.1:");
        Matcher port = Pattern.compile("127\\.0\\.0\\.1:(\\d+)").matcher(line);
        assertTrue(port.find(), line);
        return Integer.parseInt(port.group(1));
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SILENCE_MILLIS);
        return socket;
    }

    private static int read(Socket socket) throws IOException {
        return socket.getInputStream().read();
    }

    /** Sends everything, says that this is the end, and reads everything. */
    private static byte[] talk(int port, byte[] sent) throws IOException {
        try (Socket socket = connect(port)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            OutputStream out = socket.getOutputStream();
                            out.write(sent);
                            socket.shutdownOutput();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            return socket.getInputStream().readAllBytes();
        }
    }

    private static byte[] random(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
