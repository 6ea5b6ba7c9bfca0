package dev.shiplog.node.runtime.docker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An Engine of a test's own, which may be killed: the machine's is left alone. */
public final class PrivateDockerd {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private boolean liveRestore;
    private Process daemon;

    private PrivateDockerd(Path folder, boolean liveRestore) throws Exception {
        this.folder = folder;
        this.liveRestore = liveRestore;
        this.daemon = launch();
        awaitAnswer();
    }

    /** The program, where this test may start it: it needs root. */
    public static Optional<Path> program() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        return Stream.of("/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    static PrivateDockerd start() throws Exception {
        return start(true);
    }

    /**
     * @param liveRestore whether it takes up containers that outlived the Engine before it
     */
    public static PrivateDockerd start(boolean liveRestore) throws Exception {
        return new PrivateDockerd(Files.createTempDirectory("shiplog-dockerd"), liveRestore);
    }

    public URI uri() {
        return URI.create("unix://" + folder.resolve("docker.sock"));
    }

    /** As a crash of the Engine does it: its containers live on. */
    public void kill() throws Exception {
        List<ProcessHandle> containerd = daemon.children().toList();
        daemon.destroyForcibly();
        if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("expected dockerd to die of SIGKILL");
        }
        // Its containerd is its child; whether it dies with it depends on how it was built.
        containerd.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle child : containerd) {
            child.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        Files.deleteIfExists(folder.resolve("pid"));
    }

    /** As a service manager ends it, its containers too unless it restores them. */
    public void end() throws Exception {
        daemon.destroy();
        if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("expected dockerd to end on SIGTERM");
        }
    }

    void restart() throws Exception {
        restart(liveRestore);
    }

    public void restart(boolean restoring) throws Exception {
        liveRestore = restoring;
        daemon = launch();
        awaitAnswer();
    }

    private Process launch() throws IOException {
        // In a network of its own: with --bridge=none an Engine removes the docker0 that it finds,
        // which is another Engine's.
        return new ProcessBuilder(
                        "unshare",
                        "--net",
                        program().orElseThrow().toString(),
                        "--data-root=" + folder.resolve("data"),
                        "--exec-root=" + folder.resolve("exec"),
                        "--pidfile=" + folder.resolve("pid"),
                        "--host=" + uri(),
                        "--bridge=none",
                        "--iptables=false",
                        "--ip-masq=false",
                        "--live-restore=" + liveRestore)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private void awaitAnswer() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!(EngineProbe.probe(uri()) instanceof EngineProbe.Available)) {
            if (System.nanoTime() > deadline || !daemon.isAlive()) {
                throw new IOException(
                        "dockerd did not come up:\n" + Files.readString(folder.resolve("log")));
            }
            Thread.sleep(50);
        }
    }

    public void stop() throws Exception {
        daemon.destroy();
        if (!daemon.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            kill();
        }
        unmountLeftovers();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** The Engine mounts its data folder and network namespaces, and leaves some behind. */
    private void unmountLeftovers() throws Exception {
        List<String> mounts =
                Files.readAllLines(Path.of("/proc/mounts")).stream()
                        .map(line -> line.split(" ", 3)[1])
                        .filter(mount -> mount.startsWith(folder + "/"))
                        .sorted(Comparator.reverseOrder())
                        .toList();
        for (String mount : mounts) {
            Process umount = new ProcessBuilder("umount", mount).start();
            umount.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
