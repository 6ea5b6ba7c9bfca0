package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;

import dev.shiplog.node.linux.NetworkNamespace;
import dev.shiplog.node.runtime.ChannelConnection;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.SandboxStatus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Connects to ports of pods. Where the sandbox's process is this machine's and this program is
 * root's, from inside the pod's network; else to the pod's address, which a program that listens on
 * the loopback only does not hear, and which only reaches an Engine on this Linux machine.
 */
record PodPorts(Containers containers, Sandboxes sandboxes) {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    PodConnection connect(String sandboxId, int port) throws RuntimeFailure, InterruptedException {
        Optional<InspectContainerResponse> seen = containers.inspect(sandboxId);
        if (seen.isEmpty() || !Observation.running(seen.get())) {
            throw new RuntimeFailure(Kind.NOT_RUNNING, "sandbox " + sandboxId + " does not run");
        }
        SandboxStatus sandbox = sandboxes.status(seen.get());
        InetSocketAddress outside = new InetSocketAddress(sandbox.ip(), port);
        List<InetSocketAddress> inside = List.of(new InetSocketAddress(loopback(), port), outside);
        Optional<Path> namespace = namespace(seen.get());
        try {
            SocketChannel channel =
                    namespace.isPresent()
                            ? NetworkNamespace.connect(namespace.get(), inside, LIMIT)
                            : direct(outside);
            return ChannelConnection.of(channel);
        } catch (IOException refused) {
            throw new RuntimeFailure(
                    Kind.REFUSED,
                    "failed to connect to localhost:%d inside the network of pod %s/%s: %s%s"
                            .formatted(
                                    port,
                                    sandbox.namespace(),
                                    sandbox.podName(),
                                    refused.getMessage(),
                                    namespace.isPresent()
                                            ? ""
                                            : " (tried its address "
                                                    + sandbox.ip()
                                                    + " from outside, as this program may not enter"
                                                    + " its network)"),
                    refused);
        }
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    /** Empty if it is not this machine's, or may not be entered. */
    private static Optional<Path> namespace(InspectContainerResponse seen) {
        // Readable as a link by those who may also open it.
        return NodePlugs.namespace(seen)
                .filter(Files::isReadable)
                .filter(_ -> NetworkNamespace.mayEnter());
    }

    /** On a thread that may be interrupted, which closes the channel. */
    private static SocketChannel direct(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, (int) LIMIT.toMillis());
            return channel;
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }
}
