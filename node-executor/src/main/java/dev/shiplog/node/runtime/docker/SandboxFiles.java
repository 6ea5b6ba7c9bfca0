package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.SandboxSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of a sandbox that the Engine makes and all containers of the pod see: said again as
 * Kubernetes writes them, in place, since they are mounted. An Engine that is not on this machine
 * keeps what it was told when it made the sandbox.
 */
final class SandboxFiles {
    private static final Path MACHINE_HOSTS = Path.of("/etc/hosts");

    private SandboxFiles() {}

    /**
     * @param ip the pod's address
     */
    static void write(SandboxSpec spec, InspectContainerResponse seen, String ip)
            throws RuntimeFailure {
        try {
            Optional<Path> resolver = own(seen, seen.getResolvConfPath());
            if (resolver.isPresent()) {
                Files.writeString(resolver.get(), spec.names().resolver().text());
            }
            Optional<Path> hosts = own(seen, seen.getHostsPath());
            if (hosts.isPresent()) {
                Files.writeString(
                        hosts.get(),
                        spec.hostNetwork()
                                ? spec.names().hostsOfMachine(Files.readString(MACHINE_HOSTS))
                                : spec.names().hosts(ip));
            }
        } catch (IOException e) {
            throw new RuntimeFailure(
                    Kind.OTHER,
                    "the files of pod "
                            + spec.namespace()
                            + "/"
                            + spec.podName()
                            + " could not be written: "
                            + e,
                    e);
        }
    }

    /** A file of this very container on this very machine. */
    private static Optional<Path> own(InspectContainerResponse seen, String path) {
        return path != null && path.contains(seen.getId()) && Files.isWritable(Path.of(path))
                ? Optional.of(Path.of(path))
                : Optional.empty();
    }
}
