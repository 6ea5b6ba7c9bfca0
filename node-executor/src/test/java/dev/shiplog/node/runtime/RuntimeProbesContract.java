package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.probe.Handler;
import dev.shiplog.node.probe.NetworkProber;
import dev.shiplog.node.probe.Prober;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** What probes and hooks find in the pods of every {@link PodRuntime}; guide rows 66 and 68. */
public abstract class RuntimeProbesContract extends RuntimeSessionsContract {
    private static final int PORT = 8124;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** What asks this runtime's pods. */
    protected Prober prober() {
        return new NetworkProber(runtime);
    }

    private Answer ask(SandboxStatus pod, String container, Handler handler) throws Exception {
        return prober().ask(new Prober.Target(pod.ip(), container), handler, TIMEOUT);
    }

    private static Handler.HttpGet page(String path) {
        return new Handler.HttpGet("http", "", PORT, path, List.of(), false);
    }

    @Test
    void aCommandsExitCodeIsItsAnswer() throws Exception {
        SandboxStatus pod = commonPod();
        String id = commonContainer();
        assertEquals(Answer.WELL, ask(pod, id, new Handler.Exec(programs().exits(0))));
        assertEquals(
                Answer.Kind.UNWELL, ask(pod, id, new Handler.Exec(programs().exits(3))).kind());
        assertEquals(
                Answer.Kind.NOT_ASKED, ask(pod, id, new Handler.Exec(programs().nosuch())).kind());
    }

    @Test
    void aCommandThatTakesTooLongIsUnwellAndIsKilled() throws Exception {
        SandboxStatus pod = commonPod();
        String id = commonContainer();
        Answer answer =
                prober().ask(
                                new Prober.Target(pod.ip(), id),
                                new Handler.Exec(programs().forever()),
                                Duration.ofSeconds(1));
        assertEquals(Answer.Kind.UNWELL, answer.kind());
        assertTrue(answer.message().contains("timed out after 1s"), answer::message);
        // noThreadIsLeft() sees that its session is over.
    }

    @Test
    void whatEndedIsNotAsked() throws Exception {
        SandboxStatus pod = commonPod();
        String id = start(pod, container("over", 0, programs().exits(0))).id();
        awaitEnd(pod, id);
        assertEquals(
                Answer.Kind.NOT_ASKED, ask(pod, id, new Handler.Exec(programs().exits(0))).kind());
    }

    @Test
    void aPortAnswersOnceSomethingListens() throws Exception {
        SandboxStatus pod = sandbox("ports");
        String id = start(pod, container("main", 0, programs().answers(PORT))).id();
        await("it listens", () -> ask(pod, id, new Handler.TcpSocket("", PORT)).well());
        assertEquals(Answer.WELL, ask(pod, id, page("/served")));
        for (Handler handler :
                List.of(
                        new Handler.TcpSocket("", PORT + 1),
                        new Handler.Grpc(PORT + 1, ""),
                        new Handler.HttpGet("http", "", PORT + 1, "/", List.of(), false))) {
            Answer answer = ask(pod, id, handler);
            assertEquals(Answer.Kind.UNWELL, answer.kind());
            assertTrue(answer.message().contains("connection refused"), answer::message);
        }
    }

    @Test
    void aPageThatIsNotThereIsUnwell() throws Exception {
        assumeTrue(realNetwork(), "pods have no pages");
        SandboxStatus pod = sandbox("pages");
        String id = start(pod, container("main", 0, programs().answers(PORT))).id();
        await("it serves", () -> ask(pod, id, page("/served")).well());
        assertEquals(
                Answer.unwell("HTTP probe failed with statuscode: 404"),
                ask(pod, id, page("/missing")));
    }

    @Test
    void sleepingTakesItsTimeAndIsWell() throws Exception {
        SandboxStatus pod = commonPod();
        String id = commonContainer();
        long before = System.nanoTime();
        assertEquals(Answer.WELL, ask(pod, id, new Handler.Sleep(1)));
        assertTrue(System.nanoTime() - before >= Duration.ofSeconds(1).toNanos());
    }
}
