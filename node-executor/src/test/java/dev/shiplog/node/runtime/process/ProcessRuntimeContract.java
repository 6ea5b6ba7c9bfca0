package dev.shiplog.node.runtime.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RealProcessContract;

import org.junit.jupiter.api.BeforeAll;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The contract, kept by the process runtime in one of its modes. */
abstract class ProcessRuntimeContract extends RealProcessContract {
    static final Path BUSYBOX = Path.of("/usr/bin/busybox");

    private final ProcessRuntime.Mode mode;
    private final Map<String, Path> roots = new HashMap<>();
    private final String cluster = "test-" + UUID.randomUUID();

    ProcessRuntimeContract(ProcessRuntime.Mode mode) {
        this.mode = mode;
    }

    @BeforeAll
    static void requireRoot() {
        Optional<String> objection = ProcessRuntime.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
    }

    @Override
    protected PodRuntime open(String nodeName) throws Exception {
        Path root = roots.get(nodeName);
        if (root == null) {
            root = Files.createTempDirectory("shiplog-process-");
            roots.put(nodeName, root);
        }
        ProcessRuntime opened =
                ProcessRuntime.open(
                        new ProcessRuntime.Settings(
                                cluster, nodeName, root, "10.244.0.0/24", mode));
        if (opened.imageId(image()).isEmpty()) {
            opened.images().importBusybox(BUSYBOX, image());
        }
        return opened;
    }

    @Override
    protected String image() {
        return "busybox:1.37";
    }

    @Override
    protected List<String> leftovers() throws Exception {
        List<String> left = new ArrayList<>();
        for (Path root : roots.values()) {
            left.addAll(below(root));
            Trees.delete(root);
        }
        return left;
    }

    /** Mounts, processes and files of a runtime's directory. */
    private static List<String> below(Path root) throws IOException {
        List<String> left = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            if (line.contains(root.toString())) {
                left.add("mount " + line);
            }
        }
        ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(root.toString()))
                .forEach(line -> left.add("process " + line));
        for (String directory : List.of("containers", "sandboxes", "events", "logs")) {
            for (String name : Records.names(root.resolve(directory))) {
                left.add("file " + directory + "/" + name);
            }
        }
        return left;
    }
}
