package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.Identity;
import dev.shiplog.api.Request;
import dev.shiplog.api.SessionJournal;
import dev.shiplog.api.StreamLimits;
import dev.shiplog.api.stream.Streams;
import dev.shiplog.resource.Resource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The real kubectl runs commands, attaches and copies. */
class KubectlExecTest {
    private static final String POD = "web-5d4f8-a";

    @TempDir static Path folder;
    @TempDir static Path inside;
    private static final BlockingQueue<String> JOURNAL = new LinkedBlockingQueue<>();
    private static FakeContainers containers;
    private static TestCluster cluster;
    private static Kubectl kubectl;

    @BeforeAll
    static void start() throws Exception {
        containers = new FakeContainers(inside);
        cluster =
                TestCluster.populated(
                        folder,
                        (_, _, _, _, _) -> {},
                        new Streams(containers, KubectlExecTest::opened, StreamLimits.DEFAULT));
        kubectl = new Kubectl(folder);
    }

    private static SessionJournal.Entry opened(
            Identity who,
            Request request,
            SessionJournal.Kind kind,
            Resource pod,
            String container,
            List<String> command) {
        String what =
                who.name() + " " + kind + " " + pod.key().name() + " " + container + " " + command;
        return outcome -> JOURNAL.add(what + " " + outcome);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aCommandsOutputIsPrinted() throws Exception {
        assertEquals("hello  world\n", exec("--", "echo", "hello ", "world"));
        assertEquals(POD + " web\n", exec("--", "where"));
        assertEquals(POD + " web\n", exec("-c", "web", "--", "where"));
        Kubectl.Result both = kubectl.run("exec", "-n", "shop", POD, "--", "both");
        assertEquals(new Kubectl.Result(0, "to stdout\n", "to stderr\n"), both);
    }

    @Test
    void theExitCodeIsTheCommands() throws Exception {
        Kubectl.Result result = kubectl.run("exec", "-n", "shop", POD, "--", "exit", "7");
        assertEquals(new Kubectl.Result(7, "", "command terminated with exit code 7\n"), result);
        awaitJournal("admin EXEC " + POD + " web [exit, 7] Exited[code=7]");
    }

    @Test
    void inputGoesInAndItsEndToo() throws Exception {
        byte[] input = random(3_000_000);
        Path from = Files.write(folder.resolve("input"), input);
        Path to = folder.resolve("output");
        int exit = kubectl.run(from, to, "exec", "-i", "-n", "shop", POD, "--", "cat");
        assertEquals(0, exit);
        assertArrayEquals(input, Files.readAllBytes(to));
    }

    @Test
    void failuresSayWhatFailed() throws Exception {
        assertEquals(
                "error: Internal error occurred: exec: \"nothing\": executable file not found in"
                        + " $PATH",
                kubectl.fails("exec", "-n", "shop", POD, "--", "nothing"));
        assertEquals(
                "error: Internal error occurred: the runtime does not answer",
                kubectl.fails("exec", "-n", "shop", POD, "--", "broken"));
        assertEquals(
                "Error from server (NotFound): pods \"absent\" not found",
                kubectl.fails("exec", "-n", "shop", "absent", "--", "echo"));
        assertEquals(
                "Error from server (BadRequest): pod lone does not have a host assigned",
                kubectl.fails("exec", "lone", "--", "echo"));
        assertEquals(
                "Error from server (BadRequest): container other is not valid for pod " + POD,
                kubectl.fails("exec", "-n", "shop", POD, "-c", "other", "--", "echo"));
    }

    @Test
    void aClientThatLeavesEndsItsCommand() throws Exception {
        int before = containers.interrupted.get();
        try (Kubectl.Running sleeping =
                kubectl.start("exec", "-n", "shop", POD, "--", "sleep", "1d")) {
            sleeping.awaitLine("asleep");
        }
        Await.until(
                () -> containers.interrupted.get() == before + 1,
                () -> "the command was not interrupted");
        Await.until(
                () -> cluster.server.sessions() == 0,
                () -> cluster.server.sessions() + " sessions are left");
        awaitJournal("admin EXEC " + POD + " web [sleep, 1d] Left[]");
    }

    @Test
    void attachSpeaksWithTheContainersProcess() throws Exception {
        Path from = Files.writeString(folder.resolve("typed"), "typed\n");
        Path to = folder.resolve("seen");
        int exit = kubectl.run(from, to, "attach", "-i", "-n", "shop", POD);
        assertEquals(0, exit);
        assertEquals("attached to web\ntyped\n", Files.readString(to));
    }

    @Test
    void filesAreCopiedByteByByte() throws Exception {
        byte[] content = random(2_000_000);
        Files.write(inside.resolve("out"), content);
        kubectl.ok("cp", "shop/" + POD + ":out", folder.resolve("copied").toString());
        assertArrayEquals(content, Files.readAllBytes(folder.resolve("copied")));

        Files.write(folder.resolve("local"), content);
        kubectl.ok("cp", folder.resolve("local").toString(), "shop/" + POD + ":" + inside + "/in");
        assertArrayEquals(content, Files.readAllBytes(inside.resolve("in")));
    }

    /** What kubectl did before it spoke WebSocket, and what many client libraries do. */
    @Test
    void olderClientsAreServedOverSpdy() throws Exception {
        Kubectl old = new Kubectl(folder, Map.of("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false"));
        assertEquals(
                new Kubectl.Result(0, "to stdout\n", "to stderr\n"),
                old.run("exec", "-n", "shop", POD, "--", "both"));
        assertEquals(
                new Kubectl.Result(7, "", "command terminated with exit code 7\n"),
                old.run("exec", "-n", "shop", POD, "--", "exit", "7"));
        byte[] input = random(3_000_000);
        Path from = Files.write(folder.resolve("spdy-input"), input);
        Path to = folder.resolve("spdy-output");
        assertEquals(0, old.run(from, to, "exec", "-i", "-n", "shop", POD, "--", "cat"));
        assertArrayEquals(input, Files.readAllBytes(to));
        Files.writeString(from, "typed\n");
        assertEquals(0, old.run(from, to, "attach", "-i", "-n", "shop", POD));
        assertEquals("attached to web\ntyped\n", Files.readString(to));
        Files.write(inside.resolve("out"), input);
        old.ok("cp", "shop/" + POD + ":out", folder.resolve("spdy-copied").toString());
        assertArrayEquals(input, Files.readAllBytes(folder.resolve("spdy-copied")));
        assertEquals(
                "error: Internal error occurred: exec: \"nothing\": executable file not found in"
                        + " $PATH",
                old.fails("exec", "-n", "shop", POD, "--", "nothing"));
        assertEquals(
                "Error from server (NotFound): pods \"absent\" not found",
                old.fails("exec", "-n", "shop", "absent", "--", "echo"));
    }

    @Test
    void anOlderClientThatLeavesEndsItsCommand() throws Exception {
        int before = containers.interrupted.get();
        Kubectl old = new Kubectl(folder, Map.of("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false"));
        try (Kubectl.Running sleeping = old.start("exec", "-n", "shop", POD, "--", "sleep", "1d")) {
            sleeping.awaitLine("asleep");
        }
        Await.until(
                () -> containers.interrupted.get() == before + 1,
                () -> "the command was not interrupted");
        Await.until(
                () -> cluster.server.sessions() == 0,
                () -> cluster.server.sessions() + " sessions are left");
    }

    private static String exec(String... arguments) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of("exec", "-n", "shop", POD));
        all.addAll(List.of(arguments));
        return kubectl.ok(all.toArray(String[]::new));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    private static void awaitJournal(String entry) throws InterruptedException {
        List<String> seen = new java.util.ArrayList<>();
        String next = "";
        while (!next.equals(entry)) {
            next = JOURNAL.poll(30, TimeUnit.SECONDS);
            assertTrue(next != null, () -> "expected " + entry + ", found " + seen);
            seen.add(next);
        }
    }
}
