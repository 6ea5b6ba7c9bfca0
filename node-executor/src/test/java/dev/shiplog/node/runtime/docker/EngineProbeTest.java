package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/** Why there is no Engine, told so that a person knows what to do. */
class EngineProbeTest {
    @Test
    void aMissingSocketIsNamed(@TempDir Path folder) {
        String reason = reason(URI.create("unix://" + folder.resolve("no.sock")));
        assertTrue(reason.contains("there is no Docker socket at " + folder), reason);
    }

    @Test
    void aSocketNobodyListensAtIsAnEngineThatDoesNotRun(@TempDir Path folder) throws Exception {
        Path socket = folder.resolve("dead.sock");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }
        String reason = reason(URI.create("unix://" + socket));
        assertTrue(reason.contains("not running"), reason);
    }

    @Test
    void aTcpAddressIsTriedToo() {
        String reason = reason(URI.create("tcp://127.0.0.1:1"));
        assertTrue(reason.contains("127.0.0.1:1"), reason);
    }

    @Test
    void theEngineOfTheEnvironmentSaysItsVersion() {
        TestEngine.require();
        var answer = assertInstanceOf(EngineProbe.Available.class, EngineProbe.probe());
        assertTrue(answer.version().matches("[0-9]+\\..*"), answer::version);
    }

    private static String reason(URI host) {
        return assertInstanceOf(EngineProbe.Unavailable.class, EngineProbe.probe(host)).reason();
    }
}
