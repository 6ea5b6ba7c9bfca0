package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** What every {@link PodRuntime} keeps of sessions: exec, attach, connect and usage. */
public abstract class RuntimeSessionsContract extends RuntimeLogsContract {
    private static final int PORT = 8123;

    /** A session that goes on beside the test, as that of a client on another machine. */
    protected record Session(Thread thread, CompletableFuture<Integer> code) {
        int exitCode() throws Exception {
            return code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        Throwable failure() {
            ExecutionException failed =
                    assertThrows(
                            ExecutionException.class,
                            () -> code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            return Optional.ofNullable(failed.getCause()).orElseThrow();
        }
    }

    /** Makes a call of a session. */
    protected interface Talk {
        int run() throws RuntimeFailure, InterruptedException;
    }

    protected static Session begin(Talk talk) {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                code.complete(talk.run());
                            } catch (Exception | AssertionError failed) {
                                code.completeExceptionally(failed);
                            }
                        });
        return new Session(thread, code);
    }

    protected Session exec(String containerId, List<String> command, Client client) {
        return begin(() -> runtime.exec(containerId, command, client.terminal()));
    }

    protected String running(SandboxStatus pod) throws RuntimeFailure {
        return start(pod, container("main", 0, programs().forever())).id();
    }

    @AfterEach
    void noThreadIsLeft() throws Exception {
        await("sessions' threads end", () -> sessionThreads().isEmpty());
    }

    /** Virtual threads are in no list but a dump. */
    private static List<String> sessionThreads() throws Exception {
        Path dump = Files.createTempDirectory("threads-").resolve("dump");
        try {
            var diagnostics =
                    ManagementFactory.getPlatformMXBean(
                            com.sun.management.HotSpotDiagnosticMXBean.class);
            diagnostics.dumpThreads(
                    dump.toString(),
                    com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            return Files.readAllLines(dump).stream()
                    .filter(line -> line.startsWith("#"))
                    .filter(line ->
                            line.contains("docker: input")
                                    || line.contains("docker: terminal")
                                    || line.contains("docker: killing")
                                    || line.contains("session ")
                                    || line.contains("connect in "))
                    .toList();
        } finally {
            Files.deleteIfExists(dump);
            Files.deleteIfExists(dump.getParent());
        }
    }

    @Test
    void aCommandsExitCodeComesBack() throws Exception {
        String id = commonContainer();
        assertEquals(0, exec(id, programs().exits(0), Client.silent()).exitCode());
        assertEquals(3, exec(id, programs().exits(3), Client.silent()).exitCode());
    }

    @Test
    void whatACommandWritesComesBack() throws Exception {
        String id = commonContainer();
        Client client = Client.silent();
        assertEquals(0, exec(id, programs().prints(List.of("a", "b")), client).exitCode());
        assertEquals("a\nb\n", client.output());
        assertEquals("", client.errors());
    }

    @Test
    void theEndOfTheInputIsTheCommandsToo() throws Exception {
        String id = commonContainer();
        Client client = Client.sending("hello\n");
        assertEquals(0, exec(id, programs().echoes(), client).exitCode());
        assertEquals("hello\n", client.output());
    }

    @Test
    void withoutInputTheCommandsEndsAtOnce() throws Exception {
        String id = commonContainer();
        assertEquals(0, exec(id, programs().echoes(), Client.silent()).exitCode());
    }

    @Test
    void inputIsPassedOnAsItComes() throws Exception {
        String id = commonContainer();
        Client client = Client.typing(false);
        Session session = exec(id, programs().echoes(), client);
        client.type("one\n");
        await("its echo", () -> client.output().equals("one\n"));
        client.type("two\n");
        await("its echo", () -> client.output().equals("one\ntwo\n"));
        assertFalse(session.code().isDone());
        client.endInput();
        assertEquals(0, session.exitCode());
    }

    @Test
    void aCommandThatIsNotThereCannotBeRun() throws Exception {
        String id = commonContainer();
        Client client = Client.silent();
        RuntimeFailure failure =
                assertInstanceOf(
                        RuntimeFailure.class, exec(id, programs().nosuch(), client).failure());
        assertEquals(Kind.START_FAILED, failure.kind(), failure::getMessage);
        assertTrue(String.valueOf(failure.getMessage()).contains("nosuch"), failure::getMessage);
        assertEquals("", client.output() + client.errors());
    }

    @Test
    void whatDoesNotRunIsNotTalkedTo() throws Exception {
        SandboxStatus pod = sandbox("ended");
        String id = start(pod, container("main", 0, programs().exits(0))).id();
        awaitEnd(pod, id);
        for (String container : List.of(id, "nosuchcontainer")) {
            for (Talk talk :
                    List.<Talk>of(
                            () ->
                                    runtime.exec(
                                            container,
                                            programs().exits(0),
                                            Client.silent().terminal()),
                            () -> runtime.attach(container, Client.silent().terminal()))) {
                RuntimeFailure failure = assertThrows(RuntimeFailure.class, talk::run);
                assertEquals(Kind.NOT_RUNNING, failure.kind(), failure::getMessage);
                assertTrue(
                        String.valueOf(failure.getMessage()).contains(container),
                        failure::getMessage);
            }
            assertEquals(Optional.empty(), runtime.usage(container));
        }
        RuntimeFailure failure =
                assertThrows(RuntimeFailure.class, () -> runtime.connect("nosuchsandbox", PORT));
        assertEquals(Kind.NOT_RUNNING, failure.kind(), failure::getMessage);
    }

    @Test
    void manySessionsAtOnceDoNotMix() throws Exception {
        String id = commonContainer();
        int sessions = 12;
        List<Client> clients =
                java.util.stream.IntStream.range(0, sessions)
                        .mapToObj(i -> Client.sending(("client " + i + "\n").repeat(1000)))
                        .toList();
        List<Session> begun =
                clients.stream().map(client -> exec(id, programs().echoes(), client)).toList();
        for (int i = 0; i < sessions; i++) {
            assertEquals(0, begun.get(i).exitCode());
            assertEquals(("client " + i + "\n").repeat(1000), clients.get(i).output());
        }
    }

    @Test
    void aContainersEndEndsItsSessions() throws Exception {
        SandboxStatus pod = sandbox("gone");
        String id = running(pod);
        Client listening = Client.silent();
        Session session = exec(id, programs().printsThenStays(List.of("begun")), listening);
        await("the first session runs", () -> listening.output().equals("begun\n"));
        Client typing = Client.typing(false);
        Session other = exec(id, programs().echoes(), typing);
        typing.type("begun\n");
        await("the second runs", () -> typing.output().equals("begun\n"));
        runtime.stopContainer(id, NO_GRACE);
        assertEquals(137, session.exitCode());
        typing.endInput();
        assertTrue(other.exitCode() >= 0);
    }

    @Test
    void aClientThatLeavesEndsItsSession() throws Exception {
        SandboxStatus pod = sandbox("leaves");
        String id = running(pod);
        Client client = Client.typing(false);
        Session session = exec(id, programs().echoes(), client);
        client.type("begun\n");
        await("the session runs", () -> client.output().equals("begun\n"));
        session.thread().interrupt();
        assertInstanceOf(InterruptedException.class, session.failure());
        assertTrue(status(pod, id).running());
    }

    @Test
    void attachedInputReachesTheContainersOwnProcess() throws Exception {
        SandboxStatus pod = sandbox("attach");
        String id = start(pod, withInput(programs().echoes(), false, true)).id();
        Client client = Client.typing(false);
        Session session = begin(() -> runtime.attach(id, client.terminal()));
        client.type("hello\n");
        await("its echo", () -> client.output().equals("hello\n"));
        client.endInput();
        assertEquals(0, session.exitCode());
        assertEquals(0, awaitEnd(pod, id).exitCode());
    }

    @Test
    void aClientThatDetachesLeavesTheContainerRunning() throws Exception {
        SandboxStatus pod = sandbox("detach");
        String id = start(pod, withInput(programs().echoes(), false, false)).id();
        for (String text : List.of("first\n", "second\n")) {
            Client client = Client.typing(false);
            Session session = begin(() -> runtime.attach(id, client.terminal()));
            client.type(text);
            await("its echo", () -> client.output().equals(text));
            session.thread().interrupt();
            assertInstanceOf(InterruptedException.class, session.failure());
            assertTrue(status(pod, id).running());
        }
    }

    @Test
    void aPortOfAPodsLoopbackIsReached() throws Exception {
        SandboxStatus pod = sandbox("port");
        start(pod, container("main", 0, programs().serves(PORT)));
        await("it is served", () -> fetch(pod.id()).contains("served"));
    }

    private String fetch(String sandboxId) throws Exception {
        try (PodConnection connection = runtime.connect(sandboxId, PORT)) {
            connection
                    .out()
                    .write("GET /served HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.out().flush();
            connection.endOutput();
            return new String(connection.in().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (RuntimeFailure notYet) {
            assertEquals(Kind.REFUSED, notYet.kind(), notYet::getMessage);
            return "";
        }
    }

    @Test
    void aPortWhereNothingListensRefuses() throws Exception {
        SandboxStatus pod = sandbox("closed");
        running(pod);
        RuntimeFailure failure =
                assertThrows(RuntimeFailure.class, () -> runtime.connect(pod.id(), PORT + 1));
        assertEquals(Kind.REFUSED, failure.kind(), failure::getMessage);
        assertTrue(
                String.valueOf(failure.getMessage()).contains(Integer.toString(PORT + 1)),
                failure::getMessage);
    }

    @Test
    void aRunningContainerUsesSomething() throws Exception {
        SandboxStatus pod = sandbox("usage");
        String id = start(pod, container("main", 0, programs().serves(PORT))).id();
        await("it is measured", () -> runtime.usage(id).isPresent());
        Usage usage = runtime.usage(id).orElseThrow();
        assertTrue(usage.cpuNanoCores() >= 0, usage::toString);
        assertTrue(usage.cpuNanoCores() < 64_000_000_000L, usage::toString);
        assertTrue(usage.memoryBytes() > 0, usage::toString);
        assertTrue(usage.memoryBytes() < 1L << 34, usage::toString);
        assertTrue(usage.window().isPositive(), usage::toString);
    }

    protected ContainerSpec withInput(List<String> command, boolean tty, boolean once) {
        ContainerSpec base = container("main", 0, command);
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
                tty,
                once,
                Optional.empty());
    }
}
