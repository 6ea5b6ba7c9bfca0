package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.runtime.PauseProgram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The process namespaces that containers of a pod share if the pod says so. Unlike a pod's other
 * namespaces, one of processes lives only as long as its first process; that one does nothing, and
 * is there only for such pods. If it is killed, the pod's containers end, and the next one that
 * starts gets another.
 */
final class SharedProcesses {
    private static final String PROGRAM = "pause";

    private final Layout layout;
    private final Cgroups cgroups;

    SharedProcesses(Layout layout, Cgroups cgroups) {
        this.layout = layout;
        this.cgroups = cgroups;
    }

    /** A sandbox's process namespace, made if it is not there. The pod's lock is held. */
    Path of(SandboxRecord sandbox) throws IOException {
        Path file = file(layout.namespaces(sandbox.id()));
        Optional<ProcessIdentity> first = ProcessIdentity.read(file).filter(ProcessIdentity::stays);
        if (first.isEmpty()) {
            begin(sandbox, file);
            first = ProcessIdentity.read(file).filter(ProcessIdentity::stays);
        }
        return first.map(process -> Path.of("/proc", Long.toString(process.pid()), "ns", "pid"))
                .orElseThrow(() ->
                        new IOException(
                                "the process that pod "
                                        + sandbox.podName()
                                        + " shares its process namespace by does not run"));
    }

    private void begin(SandboxRecord sandbox, Path file) throws IOException {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "setsid",
                                "--wait",
                                "unshare",
                                "--pid",
                                "/bin/sh",
                                layout.scripts().resolve("reaper.sh").toString(),
                                file.toString(),
                                program().toString()));
        for (Path group : cgroups.keepers(sandbox.podUid())) {
            words.add(group.toString());
        }
        Command.run(words.toArray(String[]::new));
    }

    private Path program() throws IOException {
        Path program = layout.scripts().resolve(PROGRAM);
        if (!Files.exists(program)) {
            String processor =
                    switch (System.getProperty("os.arch", "")) {
                        case "aarch64", "arm64" -> "arm64";
                        default -> "amd64";
                    };
            Trees.write(program, PauseProgram.elf(processor));
            Files.setAttribute(program, "unix:mode", 0500);
        }
        return program;
    }

    /** Ends what is shared, with the directory that the sandbox's namespaces are in. */
    static void end(Path directory) throws IOException {
        Optional<ProcessIdentity> first = ProcessIdentity.read(file(directory));
        if (first.isPresent()) {
            first.get().kill();
        }
    }

    private static Path file(Path directory) {
        return directory.resolve("reaper");
    }
}
