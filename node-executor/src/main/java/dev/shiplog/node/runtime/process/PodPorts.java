package dev.shiplog.node.runtime.process;

import dev.shiplog.node.linux.NetworkNamespace;
import dev.shiplog.node.runtime.ChannelConnection;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.SandboxStatus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Connects to ports of pods, from inside their networks. */
record PodPorts(Sandboxes sandboxes, Namespaces namespaces) {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Path OWN = Path.of("/proc/self/ns/net");

    PodConnection connect(String sandboxId, int port) throws RuntimeFailure, InterruptedException {
        Optional<SandboxRecord> record = sandboxes.withId(sandboxId);
        Optional<SandboxStatus> status =
                record.map(sandboxes::status).filter(SandboxStatus::running);
        if (record.isEmpty() || status.isEmpty()) {
            throw new RuntimeFailure(Kind.NOT_RUNNING, "sandbox " + sandboxId + " does not run");
        }
        Path network = record.get().hostNetwork() ? OWN : namespaces.network(sandboxId);
        List<InetSocketAddress> addresses =
                List.of(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                        new InetSocketAddress(status.get().ip(), port));
        try {
            return ChannelConnection.of(NetworkNamespace.connect(network, addresses, LIMIT));
        } catch (IOException refused) {
            throw new RuntimeFailure(
                    Kind.REFUSED,
                    "failed to connect to localhost:%d inside the network of pod %s/%s: %s"
                            .formatted(
                                    port,
                                    record.get().namespace(),
                                    record.get().podName(),
                                    refused.getMessage()),
                    refused);
        }
    }
}
