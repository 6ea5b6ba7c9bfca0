package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A node is told once to run a pod, and again to stop it only when it must hurry. */
class OrdersTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final ResourceKey POD = ResourceKey.pod("default", "web");

    private final DirectLedger ledger = new DirectLedger(() -> Instant.EPOCH);

    @BeforeEach
    void bindAPod() {
        applied(
                new NodeCommand.RegisterNode(
                        NODE, Collections.emptySortedMap(), Json.EMPTY, Json.EMPTY));
        applied(
                new ResourceCommand.CreateResource(
                        POD,
                        "v1",
                        Collections.emptySortedMap(),
                        Collections.emptySortedMap(),
                        Json.parse("{\"spec\":{}}")));
        applied(
                new SchedulerCommand.BindPods(
                        "default-scheduler",
                        List.of(new SchedulerCommand.Binding(POD, uid(), NODE, 1, 100))));
    }

    @Test
    void aPodIsRunOnceInItsLife() {
        Work run = new Work.RunPod(POD, uid());
        Position order = applied(order(run));

        refused(Decision.Reason.UNCHANGED, order(run));
        acknowledge(order);
        refused(Decision.Reason.UNCHANGED, order(run));
        assertEquals(run, ledger.state().ordered(uid()).orElseThrow().work());
        assertEquals(order, ledger.state().ordered(uid()).orElseThrow().id());
    }

    @Test
    void aPodThatRunsIsRevisedOnceForEachGeneration() {
        refused(Decision.Reason.UNCHANGED, order(revise(1)));
        acknowledge(applied(order(new Work.RunPod(POD, uid()))));
        refused(Decision.Reason.UNCHANGED, order(revise(2)));
        applied(
                new ResourceCommand.ReviseResource(
                        POD,
                        uid(),
                        1,
                        Json.parse(
                                "{\"spec\":{\"nodeName\":\""
                                        + NODE
                                        + "\",\"ephemeralContainers\":[{\"name\":\"d\"}]}}"),
                        Optional.empty(),
                        List.of()));

        Position order = applied(order(revise(2)));
        refused(Decision.Reason.UNCHANGED, order(revise(2)));
        refused(Decision.Reason.UNCHANGED, order(new Work.RunPod(POD, uid())));
        acknowledge(order);
        refused(Decision.Reason.UNCHANGED, order(revise(2)));
        assertEquals(revise(2), ledger.state().ordered(uid()).orElseThrow().work());
        delete(30);
        applied(order(stop(30)));
        refused(Decision.Reason.UNCHANGED, order(revise(2)));
    }

    private Work.RevisePod revise(long generation) {
        return new Work.RevisePod(POD, uid(), generation);
    }

    @Test
    void aPodIsStoppedAgainOnlyWithAShorterGracePeriod() {
        acknowledge(applied(order(new Work.RunPod(POD, uid()))));
        delete(30);

        acknowledge(applied(order(stop(30))));
        refused(Decision.Reason.UNCHANGED, order(stop(30)));
        refused(Decision.Reason.UNCHANGED, order(stop(40)));
        acknowledge(applied(order(stop(5))));
        refused(Decision.Reason.UNCHANGED, order(stop(30)));
    }

    @Test
    void nothingIsRememberedOfAPodThatIsGone() {
        Uid uid = uid();
        applied(order(new Work.RunPod(POD, uid)));
        delete(0);

        assertEquals(Optional.empty(), ledger.state().ordered(uid));
        // The forced stop itself stays until the node has taken it up.
        assertEquals(2, ledger.state().work(NODE).size());
    }

    private Work.StopPod stop(long graceSeconds) {
        return new Work.StopPod(POD, uid(), graceSeconds);
    }

    private Uid uid() {
        return ledger.state().resource(POD).orElseThrow().uid();
    }

    private static NodeCommand.OrderWork order(Work work) {
        return new NodeCommand.OrderWork(NODE, List.of(work));
    }

    private void delete(long graceSeconds) {
        applied(
                new ResourceCommand.DeleteResource(
                        POD,
                        Optional.empty(),
                        OptionalLong.of(graceSeconds),
                        Propagation.BACKGROUND,
                        List.of()));
    }

    private void acknowledge(Position order) {
        applied(new NodeCommand.ReportPods(NODE, List.of(), List.of(order), List.of()));
    }

    /** Gives the position of the first event. */
    private Position applied(Command command) {
        return assertInstanceOf(Outcome.Applied.class, submit(command))
                .events()
                .getFirst()
                .position();
    }

    private void refused(Decision.Reason reason, Command command) {
        assertEquals(reason, assertInstanceOf(Outcome.Refused.class, submit(command)).reason());
    }

    private Outcome submit(Command command) {
        return ledger.submit(command, Origin.request("user:test", "request")).join();
    }
}
