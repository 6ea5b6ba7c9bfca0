package dev.shiplog.node.runtime.process;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** What is asked of processes that end. */
class ProcessIdentityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir Path folder;

    @Test
    void whoWaitsForTheRestOfItsNamespaceLivesButDoesNotStay() throws Exception {
        assumeTrue(ProcessRuntime.objection().isEmpty(), "needs root on Linux");
        Process outside = new ProcessBuilder("unshare", "--pid", "--fork", "sleep", "300").start();
        try {
            ProcessHandle first = child(outside);
            ProcessIdentity identity = identity(first.pid());
            assertTrue(identity.stays());
            Process joined =
                    new ProcessBuilder(
                                    "nsenter",
                                    "-t",
                                    Long.toString(first.pid()),
                                    "-p",
                                    "sleep",
                                    "300")
                            .start();
            try {
                child(joined);
                // Who does not take its child's end keeps the child in the namespace.
                signal("STOP", joined);
                first.destroyForcibly();
                await(() -> !identity.stays());
                assertTrue(identity.alive());
                signal("CONT", joined);
                await(() -> !identity.alive());
                assertFalse(identity.stays());
            } finally {
                signal("CONT", joined);
                joined.destroyForcibly();
            }
        } finally {
            outside.descendants().forEach(ProcessHandle::destroyForcibly);
            outside.destroyForcibly();
        }
    }

    private static ProcessHandle child(Process parent) throws Exception {
        await(() -> parent.children().anyMatch(child -> command(child).equals("sleep")));
        return parent.children().findFirst().orElseThrow();
    }

    private static String command(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm")).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    private ProcessIdentity identity(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        String begun = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        Path file = Files.writeString(folder.resolve("identity"), pid + " " + begun + "\n");
        return ProcessIdentity.read(file).orElseThrow();
    }

    private static void signal(String name, Process to) throws Exception {
        new ProcessBuilder(List.of("kill", "-s", name, Long.toString(to.pid()))).start().waitFor();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < deadline, "expected within 30 s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
