package dev.shiplog.node.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RealProcessContract;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
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
                                root,
                                PodNetwork.alone(
                                        NetworkNames.of(cluster, nodeName),
                                        Subnet.parse("10.244.0.0/24")),
                                mode));
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

    @Test
    void aLogTakesNoMoreThanItsBoundAndIsFollowedAllTheWay() throws Exception {
        SandboxStatus pod = sandbox("talkative");
        int lines = 10_000_000;
        String id = start(pod, script("main", "seq 1 " + lines)).id();
        LogOptions following =
                new LogOptions(
                        true, OptionalInt.empty(), Optional.empty(), false, OptionalLong.empty());
        Numbers followed = new Numbers();
        runtime.logs(id, following, followed);
        assertEquals(lines, followed.last);
        awaitEnd(pod, id);
        Path file = new Layout(Objects.requireNonNull(roots.get(node))).log(id);
        await("it is bounded", () -> kibibytes(file) <= 50 * 1024);
        Numbers kept = new Numbers();
        runtime.logs(id, LogOptions.all(), kept);
        assertEquals(lines, kept.last);
        assertTrue(kept.first > 1, () -> "from " + kept.first);
        assertEquals(0, kept.gaps);
        assertTrue(Files.size(file) > 70L << 20);
        LogOptions tail =
                new LogOptions(
                        false, OptionalInt.of(2), Optional.empty(), false, OptionalLong.empty());
        assertEquals((lines - 1) + "\n" + lines + "\n", log(id, tail));
    }

    private static long kibibytes(Path file) throws IOException {
        return Long.parseLong(Command.run("du", "-k", file.toString()).split("\t", 2)[0]);
    }

    /** Reads lines of numbers that count up. */
    private static final class Numbers extends OutputStream {
        private final StringBuilder line = new StringBuilder();
        private long first = -1;
        private long last = -1;
        private int gaps;

        @Override
        public void write(int one) {
            if (one != '\n') {
                line.append((char) one);
                return;
            }
            long number = Long.parseLong(line, 0, line.length(), 10);
            line.setLength(0);
            if (first < 0) {
                first = number;
            } else if (number != last + 1) {
                gaps++;
            }
            last = number;
        }
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
