package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Starts the shell that keeps a container, in a session of its own and as nobody's child. */
final class Supervisor {
    private static final String SAID = "supervisor.log";

    private final Layout layout;
    private final Namespaces namespaces;
    private final Supplier<Bundle> bundle;

    /**
     * @param bundle asked only when the first container is started: finding out how is slow
     */
    Supervisor(Layout layout, Namespaces namespaces, Supplier<Bundle> bundle) {
        this.layout = layout;
        this.namespaces = namespaces;
        this.bundle = bundle;
    }

    void prepare(Bundle.Content content) throws IOException {
        bundle.get().write(content);
    }

    void launch(SandboxRecord sandbox, String id) throws IOException {
        Path held = layout.namespaces(sandbox.id());
        List<String> words = new ArrayList<>(List.of("setsid", "--fork", "nsenter"));
        if (!sandbox.hostNetwork()) {
            words.add("--net=" + namespaces.network(sandbox.id()));
        }
        words.addAll(
                List.of(
                        "--uts=" + held.resolve("uts"),
                        "--ipc=" + held.resolve("ipc"),
                        "unshare",
                        "--mount",
                        // What the machine mounts later is seen here, for volumes that pass it on;
                        // nothing from here is seen by the machine.
                        "--propagation",
                        "slave",
                        "sh",
                        layout.scripts().resolve("supervise.sh").toString(),
                        layout.container(id).toString()));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().clear();
        builder.environment()
                .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.directory(layout.root().toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(layout.container(id).resolve(SAID).toFile());
        builder.start();
    }

    /** Whether it complained and is gone, so that no more is to come. */
    boolean failed(String id) throws IOException {
        Path supervisor = layout.container(id).resolve("supervisor");
        if (ProcessIdentity.read(supervisor).map(ProcessIdentity::alive).orElse(false)) {
            return false;
        }
        return !Files.exists(supervisor) && !said(id).isEmpty();
    }

    /** What it complained of. */
    String said(String id) throws IOException {
        Path file = layout.container(id).resolve(SAID);
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8).strip() : "";
    }
}
