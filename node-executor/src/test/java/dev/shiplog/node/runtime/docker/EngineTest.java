package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.transport.SSLConfig;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** What the client of an Engine is made of. */
class EngineTest {
    @Test
    void aUnixSocketNeedsNoAuthorities() throws Exception {
        SSLConfig secured = Engine.secured(config("unix:///var/run/docker.sock"));
        assertNotNull(secured);
        assertNotNull(secured.getSSLContext());
    }

    /** A context of its own would make the library speak TLS. */
    @Test
    void aPlainAddressStaysPlain() {
        assertNull(Engine.secured(config("tcp://127.0.0.1:2375")));
    }

    @Test
    void whatSomebodyChoseIsUsed() {
        DockerClientConfig chosen =
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost("tcp://127.0.0.1:2376")
                        .withDockerTlsVerify(true)
                        .withDockerCertPath(Path.of("src/test").toAbsolutePath().toString())
                        .build();
        assertEquals(chosen.getSSLConfig(), Engine.secured(chosen));
    }

    private static DockerClientConfig config(String host) {
        return DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(host)
                .withDockerTlsVerify(false)
                .build();
    }
}
