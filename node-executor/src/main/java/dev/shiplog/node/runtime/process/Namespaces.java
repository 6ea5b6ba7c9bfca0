package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Trees;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A pod's shared namespaces, each held by a mount of it on a file. */
record Namespaces(Layout layout) {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    /** Makes the file system that the mounts are on; nothing happens if it is there. */
    private synchronized void open() throws IOException {
        if (!mounted(layout.namespaces())) {
            Command.run(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "mode=700,size=64m",
                    "shiplog",
                    layout.namespaces().toString());
        }
    }

    /** Makes a sandbox's namespaces anew. */
    void create(SandboxRecord sandbox) throws IOException {
        open();
        remove(sandbox.id());
        Path directory = Files.createDirectories(layout.namespaces(sandbox.id()));
        Files.createDirectory(directory.resolve("shm"));
        for (String name : new String[] {"net", "uts", "ipc"}) {
            Files.createFile(directory.resolve(name));
        }
        Command.run(
                "/bin/sh",
                layout.scripts().resolve("sandbox.sh").toString(),
                directory.toString(),
                sandbox.hostname(),
                sandbox.hostNetwork() ? "" : "--net=net");
    }

    Path network(String sandboxId) {
        return layout.namespaces(sandboxId).resolve("net");
    }

    /**
     * Whether a sandbox's namespaces are there: a file that is a namespace is on its file system.
     */
    boolean alive(SandboxRecord sandbox) {
        Path directory = layout.namespaces(sandbox.id());
        return isNamespace(directory.resolve("ipc"))
                && isNamespace(directory.resolve("uts"))
                && (sandbox.hostNetwork() || isNamespace(directory.resolve("net")));
    }

    void remove(String sandboxId) throws IOException {
        Path directory = layout.namespaces(sandboxId);
        if (!Files.isDirectory(directory)) {
            return;
        }
        SharedProcesses.end(directory);
        for (String name : new String[] {"net", "uts", "ipc", "shm"}) {
            Path file = directory.resolve(name);
            if (mounted(file)) {
                Command.run("umount", "-l", file.toString());
            }
        }
        Trees.delete(directory);
    }

    void close() throws IOException {
        if (mounted(layout.namespaces())) {
            Command.run("umount", "-l", layout.namespaces().toString());
        }
    }

    private static boolean isNamespace(Path file) {
        try {
            return Files.exists(file)
                    && Files.getAttribute(file, "unix:dev")
                            .equals(Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:dev"));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean mounted(Path path) throws IOException {
        // mountinfo(5) writes blanks as \040.
        String field = " " + path.toString().replace(" ", "\\040") + " ";
        return Files.readString(MOUNTS).contains(field);
    }
}
