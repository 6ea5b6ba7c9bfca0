package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;

final class PortsTest {
    @TempDir private Path folder;

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    @Test
    void thePortOfTheLastStartIsTakenAgain() throws Exception {
        Path memory = folder.resolve("port");
        int last;
        try (ServerSocket first = listen(0)) {
            last = first.getLocalPort();
        }
        Ports.remember(last, memory);
        try (ServerSocket opened = Ports.open(0, memory, PortsTest::listen)) {
            assertEquals(last, opened.getLocalPort());
        }
    }

    @Test
    void aTakenPortIsGivenUpForAFreeOneUnlessItIsWanted() throws Exception {
        Path memory = folder.resolve("port");
        try (ServerSocket other = listen(0)) {
            Ports.remember(other.getLocalPort(), memory);
            try (ServerSocket opened = Ports.open(0, memory, PortsTest::listen)) {
                assertNotEquals(other.getLocalPort(), opened.getLocalPort());
            }
            IllegalArgumentException taken =
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> Ports.open(other.getLocalPort(), memory, PortsTest::listen));
            assertTrue(String.valueOf(taken.getMessage()).contains("--port"), taken::toString);
        }
    }
}
