package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shiplog.node.runtime.BusyboxImage;

import org.junit.jupiter.api.Assumptions;

import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;

/** The Docker Engine that tests run against. */
final class TestEngine {
    static final String IMAGE = "busybox:1.37";

    private TestEngine() {}

    /** Fails when none answers; only those who say {@code -Dshiplog.docker=none} go without. */
    static void require() {
        Assumptions.assumeFalse(
                "none".equals(System.getProperty("shiplog.docker")), "-Dshiplog.docker=none");
        EngineProbe probe = EngineProbe.probe();
        assertInstanceOf(
                EngineProbe.Available.class,
                probe,
                () ->
                        "These tests need a Docker Engine: "
                                + probe
                                + ". Run ops/test, which installs and starts one, or set"
                                + " -Dshiplog.docker=none to do without them.");
    }

    /** Where it listens; tests that stand between need a socket in the file system. */
    static URI unixSocket() {
        URI host = ((EngineProbe.Available) EngineProbe.probe()).host();
        Assumptions.assumeTrue("unix".equals(host.getScheme()), () -> "a Unix socket, not " + host);
        return host;
    }

    /** A cluster that no other run has. */
    static String cluster() {
        return "test-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Makes the image from this machine's busybox, unless the Engine has one of that name. */
    static void requireImage(DockerRuntime runtime) throws Exception {
        if (runtime.imageId(IMAGE).isEmpty()) {
            Path busybox =
                    BusyboxImage.onThisMachine()
                            .orElseThrow(() ->
                                    new AssertionError(
                                            "no busybox on this machine; run ops/test,"
                                                    + " which installs it"));
            runtime.buildBusybox(IMAGE, busybox);
        }
    }
}
