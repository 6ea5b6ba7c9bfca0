package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of {@code /etc/hosts} of a pod's containers. */
final class PodFiles {
    private static final Path MACHINE_HOSTS = Path.of("/etc/hosts");

    private PodFiles() {}

    static String hosts(SandboxRecord sandbox) throws IOException {
        return sandbox.hostNetwork()
                ? sandbox.knownNames().hostsOfMachine(Files.readString(MACHINE_HOSTS))
                : sandbox.knownNames().hosts(sandbox.ip());
    }
}
