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
    private static final String SERVE =
            "echo served > /tmp/index.html; exec httpd -f -p 8080 -h /tmp";

    @Test
    void aCommandDropsTheImagesOwnArguments() throws Exception {
        SandboxStatus pod = sandbox("words");
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
    void theContainersOfAPodShareTheirHostname() throws Exception {
        SandboxStatus pod = sandbox("web-0");
        assertEquals("web-0\n", output(pod, script("one", "hostname")));
        assertEquals("web-0\n", output(pod, script("two", "cat /proc/sys/kernel/hostname")));
    }

    @Test
    void thePodsFilesSayItsNames() throws Exception {
        SandboxSpec base = pod("named");
        SandboxStatus pod =
                sandbox(
                        new SandboxSpec(
                                base.podUid(),
                                base.namespace(),
                                base.podName(),
                                "named.db.default.svc.cluster.local",
                                base.labels(),
                                false,
                                List.of(),
                                new SandboxNames(
                                        "named",
                                        "db.default.svc.cluster.local",
                                        new ResolvConf(
                                                List.of("192.0.2.53"),
                                                List.of("default.svc.cluster.local", "example"),
                                                List.of("ndots:5")),
                                        List.of(
                                                new SandboxNames.HostAlias(
                                                        "192.0.2.4", List.of("a", "b"))))));
        for (String container : List.of("one", "two")) {
            assertEquals(
                    """
                    search default.svc.cluster.local example
                    nameserver 192.0.2.53
                    options ndots:5
                    """,
                    output(pod, script(container + "-resolv", "cat /etc/resolv.conf")));
            String hosts = output(pod, script(container + "-hosts", "cat /etc/hosts"));
            assertTrue(hosts.startsWith("# Kubernetes-managed hosts file.\n"), hosts);
            assertTrue(
                    hosts.contains(pod.ip() + "\tnamed.db.default.svc.cluster.local\tnamed\n"),
                    hosts);
            assertTrue(hosts.endsWith("192.0.2.4\ta\tb\n"), hosts);
            assertEquals(
                    "named.db.default.svc.cluster.local\n".repeat(2),
                    output(pod, script(container + "-name", "hostname; cat /etc/hostname")));
        }
    }

    @Test
    void aPodOnTheMachinesNetworkKnowsTheMachinesNames() throws Exception {
        SandboxSpec base = pod("host");
        SandboxStatus pod =
                sandbox(
                        new SandboxSpec(
                                base.podUid(),
                                base.namespace(),
                                base.podName(),
                                "node-1",
                                base.labels(),
                                true,
                                List.of(),
                                new SandboxNames(
                                        "node-1",
                                        "",
                                        new ResolvConf(List.of("192.0.2.53"), List.of(), List.of()),
                                        List.of(
                                                new SandboxNames.HostAlias(
                                                        "192.0.2.4", List.of("a"))))));
        String hosts = output(pod, script("main", "cat /etc/hosts /etc/resolv.conf"));
        assertTrue(hosts.startsWith("# Kubernetes-managed hosts file (host network).\n"), hosts);
        assertTrue(
                hosts.endsWith(
                        """

                        # Entries added by HostAliases.
                        192.0.2.4\ta
                        nameserver 192.0.2.53
                        """),
                hosts);
    }

    @Test
    void theContainersOfAPodShareTheirNetwork() throws Exception {
        SandboxStatus pod = sandbox("shared");
        start(pod, script("server", SERVE));
        assertEquals("served\n", output(pod, script("client", fetch("127.0.0.1"))));
    }

    @Test
    void podsReachEachOtherAtTheirAddresses() throws Exception {
        assumeTrue(realNetwork());
        SandboxStatus server = sandbox("server");
        start(server, script("main", SERVE));
        assertEquals("served\n", output(sandbox("client"), script("main", fetch(server.ip()))));
    }

    @Test
    void theWorkingDirectoryAndTheUserAreAsAsked() throws Exception {
        ContainerSpec base = script("main", "pwd; id -u");
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
        assertEquals("/tmp\n1234\n", output(sandbox("user"), spec));
    }

    @Test
    void standardInputIsKeptOpenOnlyWhenAsked() throws Exception {
        SandboxStatus pod = sandbox("stdin");
        ContainerStatus open = start(pod, withInput(container("open", 0, List.of("cat")), false));
        ContainerStatus closed = start(pod, container("closed", 0, List.of("cat")));
        assertEquals(0, awaitEnd(pod, closed.id()).exitCode());
        assertTrue(status(pod, open.id()).running());
    }

    @Test
    void aTerminalIsThereOnlyWhenAsked() throws Exception {
        SandboxStatus pod = sandbox("tty");
        String asks = "if [ -t 1 ]; then echo yes; else echo no; fi";
        assertEquals("no\n", output(pod, script("without", asks)));
        assertEquals("yes", output(pod, withInput(script("with", asks), true)).strip());
    }

    @Test
    void aProcessThatASignalEndsHas128AndTheSignal() throws Exception {
        SandboxStatus pod = sandbox("signal");
        String id = start(pod, script("main", "sh -c 'kill -9 $$'; exit $?")).id();
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
    void killingTheSandboxKillsWhatRunsInIt() throws Exception {
        SandboxStatus pod = sandbox("killed");
        String marker = "marker-" + pod.podUid();
        start(pod, script("main", "sleep 300; : " + marker));
        // Where the engine is a virtual machine, its processes are not seen from here.
        assumeTrue(runs(marker));
        runtime.removeSandbox(pod.id());
        await("it is dead", () -> !runs(marker));
    }

    @Test
    void environmentReachesTheProcess() throws Exception {
        var env = new TreeMap<>(Map.of("GREETING", "hello $(world) é", "EMPTY", ""));
        var command = ShellPrograms.script("echo \"$GREETING|$EMPTY|\"");
        ContainerSpec spec = container("main", 0, command, List.of(), env);
        assertEquals("hello $(world) é||\n", output(sandbox("env"), spec));
    }

    @Test
    void bothStreamsAreInTheLog() throws Exception {
        String written = output(sandbox("both"), script("main", "echo out; echo err >&2"));
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
                script("main", text)
                        .withMounts(
                                List.of(
                                        Mount.readOnly(host.resolve("in"), "/ro"),
                                        Mount.of(host.resolve("in"), "/a/b"),
                                        Mount.readOnly(host.resolve("one file"), "/etc/one"),
                                        // One within another.
                                        Mount.of(host, "/var/in/file"),
                                        Mount.of(host.resolve("in"), "/var/in/file/x")));
        assertEquals("deeponedeeprefused\n0\n", output(sandbox("mounts"), spec));
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
                script("main", "cat /out/x/file")
                        .withMounts(List.of(Mount.of(link, "/out"), Mount.of(host, "/out/x")));
        SandboxStatus pod = sandbox("links");
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
                container("main", 0, List.of("/scripts/run.sh"))
                        .withMounts(List.of(Mount.readOnly(host, "/scripts")));
        assertEquals("ran\n", output(sandbox("command"), spec));
    }

    @Test
    void whatIsNotOnTheMachineCannotBeMounted() throws Exception {
        ContainerSpec spec =
                script("main", "ls /x")
                        .withMounts(List.of(Mount.of(Path.of("/nonexistent/dir"), "/x")));
        SandboxStatus pod = sandbox("absent");
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

    private static boolean runs(String marker) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .anyMatch(line -> line.contains(marker));
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

    /** Asks until the server answers, at most 100 times. */
    private static String fetch(String host) {
        return "i=0; while [ $i -lt 100 ]; do wget -q -O - http://"
                + host
                + ":8080/index.html && exit 0; i=$((i+1)); sleep 0.1; done; echo unreached; exit 1";
    }

    private static SortedMap<String, String> none() {
        return new TreeMap<>(Map.of());
    }
}
