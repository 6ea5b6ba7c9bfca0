package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a runtime keeps besides when real processes run in it, of an image with a shell. */
public abstract class RealProcessContract extends RealSessionsContract {
    @Test
    void aCommandDropsTheImagesOwnArguments() throws Exception {
        SandboxStatus pod = commonPod();
        assertEquals("\n", output(pod, container("command", 0, List.of("echo"))));
        assertEquals(
                "a b\n",
                output(pod, container("both", 0, List.of("echo", "a"), List.of("b"), none())));
        assertEquals(
                "c  d\n",
                output(pod, container("args", 0, List.of(), List.of("echo", "c  d"), none())));
        assertEquals("", output(pod, container("neither", 0, List.of())));
    }

    @Test
    void theWorkingDirectoryAndTheUserAreAsAsked() throws Exception {
        ContainerSpec base = script("user", "pwd; id -u");
        ContainerSpec spec =
                new ContainerSpec(
                        base.name(),
                        base.attempt(),
                        base.image(),
                        base.command(),
                        base.args(),
                        base.env(),
                        Optional.of("/tmp"),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.of(1234),
                        false,
                        false);
        assertEquals("/tmp\n1234\n", output(commonPod(), spec));
    }

    @Test
    void standardInputIsKeptOpenOnlyWhenAsked() throws Exception {
        SandboxStatus pod = commonPod();
        ContainerStatus open = start(pod, withInput(container("open", 0, List.of("cat")), false));
        ContainerStatus closed = start(pod, container("closed", 0, List.of("cat")));
        assertEquals(0, awaitEnd(pod, closed.id()).exitCode());
        assertTrue(status(pod, open.id()).running());
    }

    @Test
    void aTerminalIsThereOnlyWhenAsked() throws Exception {
        SandboxStatus pod = commonPod();
        String asks = "if [ -t 1 ]; then echo yes; else echo no; fi";
        assertEquals("no\n", output(pod, script("without", asks)));
        assertEquals("yes", output(pod, withInput(script("with", asks), true)).strip());
    }

    @Test
    void aProcessThatASignalEndsHas128AndTheSignal() throws Exception {
        SandboxStatus pod = commonPod();
        String id = start(pod, script("signal", "sh -c 'kill -9 $$'; exit $?")).id();
        assertEquals(137, awaitEnd(pod, id).exitCode());
    }

    /** How many containers may die for want of memory until one is said to have. */
    protected int outOfMemoryTries() {
        return 1;
    }

    @Test
    void moreMemoryThanTheLimitIsAnOutOfMemoryKill() throws Exception {
        assumeTrue(realLimits());
        SandboxStatus pod = sandbox("memory");
        boolean told = false;
        for (int i = 0; i < outOfMemoryTries() && !told; i++) {
            ContainerStatus.Ended ended =
                    awaitEnd(pod, start(pod, limited("main" + i, "exec tail /dev/zero")).id());
            assertEquals(137, ended.exitCode());
            told = ended.oomKilled();
        }
        assertTrue(told, "it is said that memory was what killed it");
        ContainerStatus modest = start(pod, limited("modest", "exit 0"));
        assertFalse(awaitEnd(pod, modest.id()).oomKilled());
    }

    @Test
    void environmentReachesTheProcess() throws Exception {
        var env = new TreeMap<>(Map.of("GREETING", "hello $(world) é", "EMPTY", ""));
        var command = ShellPrograms.script("echo \"$GREETING|$EMPTY|\"");
        ContainerSpec spec = container("env", 0, command, List.of(), env);
        assertEquals("hello $(world) é||\n", output(commonPod(), spec));
    }

    @Test
    void bothStreamsAreInTheLog() throws Exception {
        String written = output(commonPod(), script("streams", "echo out; echo err >&2"));
        assertEquals(new TreeSet<>(List.of("err", "out")), new TreeSet<>(written.lines().toList()));
    }

    @Test
    void mountedFilesAreSeenAndOnlyReadWhereSaid() throws Exception {
        Path host = Files.createTempDirectory("shiplog-mounts-");
        Files.createDirectories(host.resolve("in/deep"));
        Files.writeString(host.resolve("in/deep/file"), "deep");
        Files.writeString(host.resolve("one file"), "one");
        String text =
                "cat /a/b/deep/file '/etc/one'; echo new >/a/b/new; cat /var/in/file/x/deep/file;"
                        + " (echo no >/ro/new) 2>/dev/null || echo refused; id -u";
        ContainerSpec spec =
                script("mounts", text)
                        .withMounts(
                                List.of(
                                        Mount.readOnly(host.resolve("in"), "/ro"),
                                        Mount.of(host.resolve("in"), "/a/b"),
                                        Mount.readOnly(host.resolve("one file"), "/etc/one"),
                                        // One within another.
                                        Mount.of(host, "/var/in/file"),
                                        Mount.of(host.resolve("in"), "/var/in/file/x")));
        assertEquals("deeponedeeprefused\n0\n", output(commonPod(), spec));
        assertEquals("new\n", Files.readString(host.resolve("in/new")));
        assertFalse(Files.exists(host.resolve("in/in")));
    }

    @Test
    void aLinkInAMountLeadsAnotherMountNowhereElse() throws Exception {
        Path host = Files.createTempDirectory("shiplog-mounts-");
        Files.writeString(host.resolve("file"), "here");
        Path link = Files.createDirectory(host.resolve("out"));
        Files.createSymbolicLink(link.resolve("x"), Path.of("/etc"));
        ContainerSpec spec =
                script("links", "cat /out/x/file")
                        .withMounts(List.of(Mount.of(link, "/out"), Mount.of(host, "/out/x")));
        SandboxStatus pod = commonPod();
        try {
            output(pod, spec);
        } catch (RuntimeFailure refused) {
            assertTrue(String.valueOf(refused.getMessage()).contains("/out"), refused::getMessage);
        }
        assertFalse(Files.exists(Path.of("/etc/file")));
    }

    @Test
    void aCommandMayBeInAMountedDirectory() throws Exception {
        Path host = Files.createTempDirectory("shiplog-mounts-");
        Path script = Files.writeString(host.resolve("run.sh"), "#!/bin/sh\necho ran\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        ContainerSpec spec =
                container("mounted", 0, List.of("/scripts/run.sh"))
                        .withMounts(List.of(Mount.readOnly(host, "/scripts")));
        assertEquals("ran\n", output(commonPod(), spec));
    }

    @Test
    void whatIsNotOnTheMachineCannotBeMounted() throws Exception {
        ContainerSpec spec =
                script("absent", "ls /x")
                        .withMounts(List.of(Mount.of(Path.of("/nonexistent/dir"), "/x")));
        SandboxStatus pod = commonPod();
        RuntimeFailure failure = assertThrows(RuntimeFailure.class, () -> start(pod, spec));
        assertTrue(
                String.valueOf(failure.getMessage()).contains("/nonexistent/dir"),
                failure::getMessage);
        assertFalse(Files.exists(Path.of("/nonexistent")));
    }

    private ContainerSpec limited(String name, String script) {
        ContainerSpec base = script(name, script);
        return new ContainerSpec(
                base.name(),
                base.attempt(),
                base.image(),
                base.command(),
                base.args(),
                base.env(),
                Optional.empty(),
                OptionalLong.of(16 << 20),
                OptionalLong.of(500_000_000),
                OptionalLong.of(256),
                OptionalLong.empty(),
                false,
                false);
    }

    private static ContainerSpec withInput(ContainerSpec base, boolean tty) {
        return new ContainerSpec(
                base.name(),
                base.attempt(),
                base.image(),
                base.command(),
                base.args(),
                base.env(),
                base.workingDir(),
                base.memoryBytes(),
                base.cpuNanos(),
                base.cpuShares(),
                base.user(),
                true,
                tty);
    }

    private static SortedMap<String, String> none() {
        return new TreeMap<>(Map.of());
    }
}
