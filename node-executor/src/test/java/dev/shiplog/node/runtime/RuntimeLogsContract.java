package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What every {@link PodRuntime} keeps of {@link PodRuntime#logs}. */
public abstract class RuntimeLogsContract extends RuntimeSandboxContract {
    private static final List<String> LINES = List.of("one", "two", "three");

    @Test
    void aLogIsThereAfterTheEnd() throws Exception {
        assertEquals("one\ntwo\nthree\n", log(printed("logs")));
    }

    @Test
    void aTailIsTheLastLines() throws Exception {
        String id = printed("tail");
        assertEquals("two\nthree\n", log(id, tail(2)));
        assertEquals("one\ntwo\nthree\n", log(id, tail(10)));
        assertEquals("", log(id, tail(0)));
    }

    @Test
    void aLimitCutsAfterSoManyBytes() throws Exception {
        LogOptions five =
                new LogOptions(
                        false, OptionalInt.empty(), Optional.empty(), false, OptionalLong.of(5));
        assertEquals("one\nt", log(printed("limit"), five));
    }

    @Test
    void timestampsStandBeforeEveryLine() throws Exception {
        Instant before = Instant.now().minusSeconds(5);
        List<String> lines = log(printed("times"), timestamps(Optional.empty())).lines().toList();
        assertEquals(3, lines.size(), lines::toString);
        for (int i = 0; i < 3; i++) {
            String[] parts = lines.get(i).split(" ", 2);
            assertTrue(Instant.parse(parts[0]).isAfter(before), lines::toString);
            assertEquals(LINES.get(i), parts[1]);
        }
    }

    @Test
    void sinceLeavesOutWhatIsOlder() throws Exception {
        SandboxStatus pod = commonPod();
        String id = start(pod, container("since", 0, programs().printsSlowly("old", "new"))).id();
        awaitEnd(pod, id);
        List<String> lines = log(id, timestamps(Optional.empty())).lines().toList();
        assertEquals(2, lines.size(), lines::toString);
        Instant second = Instant.parse(lines.get(1).split(" ", 2)[0]);
        assertEquals(
                List.of(lines.get(1)), log(id, timestamps(Optional.of(second))).lines().toList());
    }

    @Test
    void aFollowedLogGoesOnUntilTheEnd() throws Exception {
        SandboxStatus pod = commonPod();
        String id = start(pod, container("follow", 0, programs().printsSlowly("one", "two"))).id();
        var written = new ByteArrayOutputStream();
        var following = follow(id, written);
        following.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertEquals("one\ntwo\n", written.toString(StandardCharsets.UTF_8));
        assertTrue(awaitEnd(pod, id).exitCode() == 0);
    }

    @Test
    void aFollowedLogShowsALineWhileTheContainerRuns() throws Exception {
        SandboxStatus pod = commonPod();
        String id =
                start(pod, container("live", 0, programs().printsThenStays(List.of("up")))).id();
        var written = new ByteArrayOutputStream();
        var following = follow(id, written);
        await("the line", () -> written.toString(StandardCharsets.UTF_8).equals("up\n"));
        assertFalse(following.isDone());
        runtime.stopContainer(id, NO_GRACE);
        following.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void anInterruptEndsAFollowedLog() throws Exception {
        SandboxStatus pod = commonPod();
        String id =
                start(pod, container("interrupt", 0, programs().printsThenStays(List.of("up"))))
                        .id();
        var written = new ByteArrayOutputStream();
        var done = new CompletableFuture<Void>();
        Thread reader = Thread.ofVirtual().start(() -> read(id, written, done));
        await("the line", () -> written.size() > 0);
        reader.interrupt();
        done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertTrue(status(pod, id).running());
    }

    @Test
    void theLogOfAnEarlierAttemptStays() throws Exception {
        SandboxStatus pod = sandbox("previous");
        String first = start(pod, container("main", 0, programs().prints(LINES))).id();
        awaitEnd(pod, first);
        start(pod, container("main", 1, programs().forever()));
        assertEquals("one\ntwo\nthree\n", log(first));
    }

    @Test
    void aContainerThatIsNotThereHasNoLog() {
        assertThrows(RuntimeFailure.class, () -> log("nosuchcontainer"));
    }

    private String printed(String name) throws Exception {
        SandboxStatus pod = commonPod();
        String id = start(pod, container("printed-" + name, 0, programs().prints(LINES))).id();
        awaitEnd(pod, id);
        return id;
    }

    private CompletableFuture<Void> follow(String id, OutputStream out) {
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual().start(() -> read(id, out, done));
        return done;
    }

    private void read(String id, OutputStream out, CompletableFuture<Void> done) {
        var follow =
                new LogOptions(
                        true, OptionalInt.empty(), Optional.empty(), false, OptionalLong.empty());
        try {
            runtime.logs(id, follow, out);
            done.complete(null);
        } catch (RuntimeFailure | RuntimeException failure) {
            done.completeExceptionally(failure);
        }
    }

    private static LogOptions tail(int lines) {
        return new LogOptions(
                false, OptionalInt.of(lines), Optional.empty(), false, OptionalLong.empty());
    }

    private static LogOptions timestamps(Optional<Instant> since) {
        return new LogOptions(false, OptionalInt.empty(), since, true, OptionalLong.empty());
    }
}
