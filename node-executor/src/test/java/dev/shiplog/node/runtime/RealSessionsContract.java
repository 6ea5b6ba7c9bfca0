package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** What a runtime keeps of sessions when real processes run in it, of an image with a shell. */
public abstract class RealSessionsContract extends PodRuntimeContract {
    /** How often it is looked for an answer before a line is typed again. */
    private static final int LOOKS_A_LINE = 25;

    private static final int LARGE_BYTES = 10 << 20;

    private static List<String> sh(String script) {
        return ShellPrograms.script(script);
    }

    @Test
    void theTwoOutputsStayApart() throws Exception {
        String id = commonContainer();
        Client client = Client.silent();
        assertEquals(0, exec(id, sh("echo out; echo err >&2"), client).exitCode());
        assertEquals("out\n", client.output());
        assertEquals("err\n", client.errors());
    }

    @Test
    void aShellsOwnExitCodesComeBack() throws Exception {
        String id = commonContainer();
        assertEquals(127, exec(id, sh("nosuchcommand"), Client.silent()).exitCode());
        assertEquals(126, exec(id, sh("/etc"), Client.silent()).exitCode());
        assertEquals(137, exec(id, sh("kill -9 $$"), Client.silent()).exitCode());
    }

    @Test
    void whatIsNotExecutableCannotBeRun() throws Exception {
        String id = commonContainer();
        RuntimeFailure failure =
                assertInstanceOf(
                        RuntimeFailure.class,
                        exec(id, List.of("/etc/hostname"), Client.silent()).failure());
        assertEquals(Kind.START_FAILED, failure.kind(), failure::getMessage);
    }

    @Test
    void tenMebibytesPassUnchangedBothWays() throws Exception {
        String id = commonContainer();
        byte[] bytes = new byte[LARGE_BYTES];
        new Random(1).nextBytes(bytes);
        Client client = Client.sending(bytes);
        assertEquals(0, exec(id, List.of("cat"), client).exitCode());
        assertArrayEquals(bytes, client.out.toByteArray());
    }

    @Test
    void whatIsWrittenAfterTheInputsEndStillArrives() throws Exception {
        String id = commonContainer();
        Client client = Client.sending("x\n");
        assertEquals(
                5, exec(id, sh("cat >/dev/null; sleep 1; echo late; exit 5"), client).exitCode());
        assertEquals("late\n", client.output());
    }

    @Test
    void aCommandIsInTheContainerAsItsOwnProcessIs() throws Exception {
        SandboxStatus pod = sandbox("inside");
        ContainerSpec base =
                container(
                        "main",
                        0,
                        programs().forever(),
                        List.of(),
                        new TreeMap<>(Map.of("GREETING", "hello there")));
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
        String id = start(pod, spec).id();
        Client client = Client.silent();
        String asks =
                "id -u; pwd; echo $GREETING; hostname;"
                        + " grep -c . /proc/self/mounts >/dev/null && echo mounts;"
                        + " for what in net uts ipc pid mnt; do"
                        + " [ \"$(readlink /proc/self/ns/$what)\" = \"$(readlink /proc/1/ns/$what)\" ]"
                        + " && echo $what; done;"
                        + " [ \"$(cat /proc/self/cgroup)\" = \"$(cat /proc/1/cgroup)\" ] && echo limits;"
                        + " [ \"$(grep Cap /proc/self/status)\" = \"$(grep Cap /proc/1/status)\" ]"
                        + " && echo rights";
        assertEquals(0, exec(id, sh(asks), client).exitCode(), client::errors);
        assertEquals(
                "1234\n/tmp\nhello there\ninside\nmounts\nnet\nuts\nipc\npid\nmnt\nlimits\nrights\n",
                client.output());
    }

    @Test
    void aCommandHasNoMoreRightsThanTheContainersRoot() throws Exception {
        String id = commonContainer();
        Client client = Client.silent();
        String asks =
                "for of in 1 self; do grep -E 'Cap|NoNew|Seccomp:' /proc/$of/status >/tmp/$of; done;"
                        + " cmp /tmp/1 /tmp/self";
        assertEquals(0, exec(id, sh(asks), client).exitCode());
        assertEquals("", client.output());
    }

    @Test
    void aTerminalHasItsSizeAndChangesIt() throws Exception {
        String id = commonContainer();
        Client client = Client.typing(true);
        Session session =
                exec(
                        id,
                        sh("test -t 0 && test -t 1 && tty; while :; do stty size; sleep 0.1; done"),
                        client);
        await("its size: " + client.output(), () -> client.output().contains("40 100"));
        assertTrue(client.output().contains("/dev/"), client::output);
        client.resize(120, 50);
        await("its new size", () -> client.output().contains("50 120"));
        // Ctrl-C ends the foreground: the terminal controls it.
        client.type("\u0003");
        assertEquals(130, session.exitCode());
    }

    @Test
    void aShellOnATerminalAnswers() throws Exception {
        String id = commonContainer();
        Client client = Client.typing(true);
        Session session = exec(id, List.of("sh"), client);
        client.type("echo $((6*7))\n");
        await("its answer", () -> client.output().contains("\n42"));
        client.type("exit 9\n");
        assertEquals(9, session.exitCode());
    }

    @Test
    void aClientThatLeavesLeavesNoProcess() throws Exception {
        String id = commonContainer();
        for (boolean tty : List.of(false, true)) {
            String marker = "marker-" + UUID.randomUUID();
            Client client = Client.typing(tty);
            Session session = exec(id, sh("trap '' HUP; echo up; sleep 300; : " + marker), client);
            await("it runs", () -> client.output().contains("up"));
            // Seen from inside, as processes of an Engine elsewhere are not seen from here.
            assertTrue(processes(id).contains(marker));
            session.thread().interrupt();
            assertInstanceOf(InterruptedException.class, session.failure());
            await("it is dead", () -> !processes(id).contains(marker));
        }
    }

    private String processes(String id) throws Exception {
        Client client = Client.silent();
        exec(id, List.of("ps", "-o", "args"), client).exitCode();
        return client.output();
    }

    @Test
    void aClientThatReadsNoMoreEndsTheSession() throws Exception {
        String id = commonContainer();
        Terminal closed =
                new Terminal(
                        Optional.empty(),
                        new java.io.OutputStream() {
                            @Override
                            public void write(int one) throws java.io.IOException {
                                throw new java.io.IOException("connection reset");
                            }
                        },
                        Optional.empty(),
                        false,
                        Terminal.Sizes.NONE);
        Session session = begin(() -> runtime.exec(id, sh("yes endless"), closed));
        assertInstanceOf(RuntimeFailure.class, session.failure());
        await("it is dead", () -> !processes(id).contains("yes endless"));
    }

    @Test
    void aShellOfAContainerWithATerminalIsAttachedTo() throws Exception {
        SandboxStatus pod = sandbox("run-it");
        String id = start(pod, withInput(List.of("sh"), true, true)).id();
        Client client = Client.typing(true);
        Session session = begin(() -> runtime.attach(id, client.terminal()));
        awaitAnswer(client, "echo $((6*7))\n", "\n42");
        awaitAnswer(client, "stty size\n", "40 100");
        client.type("exit 7\n");
        assertEquals(7, session.exitCode());
        assertEquals(7, awaitEnd(pod, id).exitCode());
    }

    /**
     * Types a line until it is answered, as slowly as a person: a terminal takes only so much
     * before its program reads it.
     */
    private static void awaitAnswer(Client client, String line, String answer) throws Exception {
        AtomicInteger looks = new AtomicInteger();
        await(
                answer.strip() + " after " + line.strip(),
                () -> {
                    if (looks.getAndIncrement() % LOOKS_A_LINE == 0) {
                        client.type(line);
                    }
                    return client.output().contains(answer);
                });
    }

    @Test
    void aBusyContainerUsesItsProcessor() throws Exception {
        String id = start(sandbox("busy"), script("main", "while :; do :; done")).id();
        await(
                "it is seen to be busy",
                () ->
                        runtime.usage(id)
                                .filter(usage -> usage.cpuNanoCores() > 50_000_000)
                                .isPresent());
    }

    @Test
    void aContainerMayShareTheProcessesOfAnother() throws Exception {
        SandboxStatus pod = sandbox("target");
        String target = start(pod, script("target", "exec sleep 4321")).id();
        ContainerSpec base = script("debugger", "ps -o args");
        ContainerSpec spec =
                new ContainerSpec(
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
                        false,
                        false,
                        false,
                        Optional.of(target));
        String seen = output(pod, spec);
        assertTrue(seen.contains("sleep 4321"), seen);
        assertTrue(status(pod, target).running());
    }

    private static ContainerSpec sharing(ContainerSpec base, String processesOf) {
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
                false,
                false,
                false,
                Optional.of(processesOf));
    }

    /** Guide row 58: one process namespace for a pod that asks for it. */
    @Test
    void allContainersOfAPodMayShareTheirProcesses() throws Exception {
        SandboxStatus pod = sandbox("shared");
        String left =
                start(pod, sharing(script("left", "sleep 4322 & exec sleep 4321"), pod.id())).id();
        String right = start(pod, sharing(script("right", "exec sleep 4323"), pod.id())).id();
        Client client = Client.silent();
        assertEquals(0, exec(right, sh("ps -o args"), client).exitCode());
        for (String process : List.of("sleep 4321", "sleep 4322", "sleep 4323")) {
            assertTrue(client.output().contains(process), client::output);
        }
        // The end of one is the end of all of its processes, and of none of the other's.
        runtime.stopContainer(left, Duration.ofSeconds(20));
        assertTrue(status(pod, left).ended().isPresent());
        Client after = Client.silent();
        await(
                "the other's processes are alone",
                () -> {
                    Client look = Client.silent();
                    exec(right, sh("ps -o args"), look).exitCode();
                    return !look.output().contains("sleep 4322");
                });
        assertEquals(0, exec(right, sh("ps -o args"), after).exitCode());
        assertTrue(after.output().contains("sleep 4323"), after::output);
        assertFalse(after.output().contains("sleep 4321"), after::output);
    }
}
