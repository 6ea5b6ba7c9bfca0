package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.TreeMap;

/**
 * What every {@link PodRuntime} keeps of pods as such: that each is there once, is found again, and
 * has its address and names. All else is the same on whatever network its pods are.
 */
public abstract class RuntimeSandboxContract extends RuntimeFixture {
    private static final String SERVE =
            "echo served > /tmp/index.html; exec httpd -f -p 8080 -h /tmp";

    private static final String NO_NETWORK = "its pods have no network";

    @Test
    void aSandboxIsMadeOnceHoweverOftenItIsAsked() throws Exception {
        SandboxSpec spec = pod("once");
        SandboxStatus first = sandbox(spec);
        for (SandboxStatus again : atOnce(4, () -> runtime.runSandbox(spec))) {
            assertEquals(first.id(), again.id());
            assertEquals(first.ip(), again.ip());
        }
        assertTrue(first.running());
        assertEquals("once", first.podName());
        assertEquals("default", first.namespace());
        assertEquals(
                1, runtime.list().stream().filter(p -> podUid(p).equals(spec.podUid())).count());
    }

    @Test
    void aSandboxFirstAskedAtOnceByManyIsMadeOnce() throws Exception {
        SandboxSpec spec = pod("race");
        List<SandboxStatus> made = atOnce(6, () -> sandbox(spec));
        assertEquals(1, made.stream().map(SandboxStatus::id).distinct().count());
        assertEquals(made.getFirst().id(), observed(spec.podUid()).sandbox().id());
    }

    @Test
    void aRestartedProgramFindsWhatRuns() throws Exception {
        SandboxStatus pod = sandbox("adopted");
        ContainerStatus main = start(pod, container("main", 0, programs().forever()));
        ObservedPod before = observed(pod.podUid());
        awaitRemovals();
        runtime.close();
        runtime = open(node);
        assertEquals(before, observed(pod.podUid()));
        assertTrue(status(pod, main.id()).running());
        assertEquals(pod.id(), runtime.runSandbox(pod(pod)).id());
        assertEquals(main.id(), start(pod, container("main", 0, programs().forever())).id());
        assertEquals(
                0, runtime.stopContainer(main.id(), PATIENCE).ended().orElseThrow().exitCode());
    }

    @Test
    void aRemovedPodCanBeMadeAgain() throws Exception {
        SandboxSpec spec = pod("reborn");
        SandboxStatus first = sandbox(spec);
        start(first, container("main", 0, programs().forever()));
        runtime.removeSandbox(first.id());
        SandboxStatus second = sandbox(spec);
        assertNotEquals(first.id(), second.id());
        assertTrue(start(second, container("main", 0, programs().forever())).running());
        assertEquals(1, containers(second).size());
    }

    @Test
    void aNodeSeesAndPurgesOnlyItsOwn() throws Exception {
        SandboxStatus mine = sandbox("mine");
        ContainerStatus main = start(mine, container("main", 0, programs().forever()));
        try (PodRuntime other = open(node + "-other")) {
            SandboxStatus theirs = other.runSandbox(pod("theirs"));
            other.startContainer(theirs, container("main", 0, programs().forever()));
            assertEquals(
                    List.of(theirs.podUid()), other.list().stream().map(this::podUid).toList());
            other.purge();
            assertEquals(List.of(), other.list());
        }
        assertTrue(status(mine, main.id()).running());
    }

    @Test
    void everyPodHasItsAddress() throws Exception {
        SandboxStatus one = sandbox("one");
        SandboxStatus two = sandbox("two");
        assertTrue(one.ip().matches("[0-9]+(\\.[0-9]+){3}"), one::ip);
        assertNotEquals(one.ip(), two.ip());
        assertEquals(one.ip(), observed(one.podUid()).sandbox().ip());
    }

    @Test
    void theContainersOfAPodShareTheirHostname() throws Exception {
        assumeTrue(realNetwork(), NO_NETWORK);
        SandboxStatus pod = sandbox("web-0");
        assertEquals("web-0\n", output(pod, script("one", "hostname")));
        assertEquals("web-0\n", output(pod, script("two", "cat /proc/sys/kernel/hostname")));
    }

    @Test
    void thePodsFilesSayItsNames() throws Exception {
        assumeTrue(realNetwork(), NO_NETWORK);
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
            // Each container costs an Engine a second of the processor: one says it all.
            String all =
                    "cat /etc/resolv.conf; echo --; cat /etc/hosts; echo --; hostname; cat /etc/hostname";
            List<String> parts = List.of(output(pod, script(container, all)).split("--\n", -1));
            assertEquals(3, parts.size(), parts::toString);
            assertEquals(
                    """
                    search default.svc.cluster.local example
                    nameserver 192.0.2.53
                    options ndots:5
                    """,
                    parts.get(0));
            String hosts = parts.get(1);
            assertTrue(hosts.startsWith("# Kubernetes-managed hosts file.\n"), hosts);
            assertTrue(
                    hosts.contains(pod.ip() + "\tnamed.db.default.svc.cluster.local\tnamed\n"),
                    hosts);
            assertTrue(hosts.endsWith("192.0.2.4\ta\tb\n"), hosts);
            assertEquals("named.db.default.svc.cluster.local\n".repeat(2), parts.get(2));
        }
    }

    @Test
    void aPodOnTheMachinesNetworkKnowsTheMachinesNames() throws Exception {
        assumeTrue(realNetwork(), NO_NETWORK);
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
        assumeTrue(realNetwork(), NO_NETWORK);
        SandboxStatus pod = sandbox("shared");
        start(pod, script("server", SERVE));
        assertEquals("served\n", output(pod, script("client", fetch("127.0.0.1"))));
    }

    @Test
    void podsReachEachOtherAtTheirAddresses() throws Exception {
        assumeTrue(realNetwork(), NO_NETWORK);
        SandboxStatus server = sandbox("server");
        start(server, script("main", SERVE));
        assertEquals("served\n", output(sandbox("client"), script("main", fetch(server.ip()))));
    }

    @Test
    void killingTheSandboxKillsWhatRunsInIt() throws Exception {
        assumeTrue(realNetwork(), NO_NETWORK);
        SandboxStatus pod = sandbox("killed");
        String marker = "marker-" + pod.podUid();
        start(pod, script("main", "sleep 300; : " + marker));
        // Where the engine is a virtual machine, its processes are not seen from here.
        assumeTrue(runs(marker));
        runtime.removeSandbox(pod.id());
        await("it is dead", () -> !runs(marker));
    }

    /** Whose uid a listed pod has. */
    protected String podUid(ObservedPod pod) {
        return pod.sandbox().podUid();
    }

    protected ObservedPod observed(String podUid) throws RuntimeFailure {
        return runtime.pod(podUid).orElseThrow();
    }

    private static SandboxSpec pod(SandboxStatus of) {
        return new SandboxSpec(
                of.podUid(),
                of.namespace(),
                of.podName(),
                of.podName(),
                new TreeMap<>(),
                false,
                List.of());
    }

    private static boolean runs(String marker) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .anyMatch(line -> line.contains(marker));
    }

    /** Asks until the server answers, at most 100 times. */
    private static String fetch(String host) {
        return "i=0; while [ $i -lt 100 ]; do wget -q -O - http://"
                + host
                + ":8080/index.html && exit 0; i=$((i+1)); sleep 0.1; done; echo unreached; exit 1";
    }
}
