package dev.shiplog.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.event.AccessEvent;
import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes down what happens, for people to read and for tests to compare. */
final class Transcript implements RecordingLedger.Listening {
    private final Supplier<Duration> elapsed;
    private final StringBuilder text = new StringBuilder();
    private Duration shown = Duration.ZERO;

    Transcript(Supplier<Duration> elapsed) {
        this.elapsed = elapsed;
    }

    void line(String line) {
        if (!elapsed.get().equals(shown)) {
            shown = elapsed.get();
            text.append("@ ").append(shown.toMillis() / 1000.0).append(" s\n");
        }
        text.append(line).append('\n');
    }

    void raw(String line) {
        text.append(line).append('\n');
    }

    @Override
    public void asked(Command command, Origin origin) {
        String because = origin.cause() instanceof Cause.At(var position) ? " <" + position : "";
        line("? " + origin.actor() + because + ": " + shown(command));
    }

    @Override
    public void answered(Outcome outcome) {
        switch (outcome) {
            case Outcome.Applied applied -> applied.events().forEach(this::event);
            case Outcome.Refused refused ->
                    line("  refused: " + refused.reason() + ": " + refused.message());
        }
    }

    private void event(Recorded recorded) {
        String cause =
                recorded.origin().cause() instanceof Cause.At(var position) ? " <" + position : "";
        line(
                "  "
                        + recorded.position()
                        + " "
                        + recorded.event().getClass().getSimpleName()
                        + " "
                        + shown(recorded.event())
                        + cause);
    }

    private static String shown(Command command) {
        String name = command.getClass().getSimpleName();
        String detail =
                switch (command) {
                    case SourceCommand c -> c.source().toString();
                    case ResourceCommand.CreateDependents c ->
                            c.owner() + " " + c.dependents().size() + " of " + c.seen() + " seen";
                    case ResourceCommand.WithholdDependents c -> c.owner() + " " + c.why();
                    case ResourceCommand.CreateResource c -> c.key().toString();
                    case ResourceCommand.ReviseResource c -> c.key().toString();
                    case ResourceCommand.ChangeMetadata c -> c.key().toString();
                    case ResourceCommand.WriteResource c -> c.key().toString();
                    case ResourceCommand.KeepBooks c -> c.key().toString();
                    case ResourceCommand.DeleteResource c -> c.key() + " " + c.propagation();
                    case ResourceCommand.EvictPod c -> c.key() + " within " + c.budget();
                    case ResourceCommand.RealizeDeclaration c -> c.key().toString();
                    case ResourceCommand.RemoveResource c -> c.key().toString();
                    case ResourceCommand.UpdateStatus c -> c.key().toString();
                    case ResourceCommand.ScaleResource c -> c.key() + " to " + c.replicas();
                    case ResourceCommand.AddNote c -> c.note().about().toString();
                    case SchedulerCommand.BindPods c -> c.bindings().size() + " pods";
                    case SchedulerCommand.PreemptPods c -> c.preemptions().size() + " pods";
                    case SchedulerCommand.WithdrawNominations c -> c.pods().size() + " pods";
                    case SchedulerCommand.RejectPods c -> c.rejections().size() + " pods";
                    case NodeCommand.RegisterNode c -> c.node().toString();
                    case NodeCommand.OrderWork c -> c.node() + " " + c.work().size() + " orders";
                    case NodeCommand.ReportPods c ->
                            c.node()
                                    + " "
                                    + c.reports().size()
                                    + " pods, "
                                    + c.acknowledged().size()
                                    + " orders";
                    case AccessCommand c -> c.who();
                };
        return name + " " + detail;
    }

    private static String shown(Event event) {
        return switch (event) {
            case SourceEvent.CommitApplied e -> "+" + e.declared() + " -" + e.withdrawn();
            case SourceEvent e -> e.source().toString();
            case ResourceEvent.ResourceDeclared e ->
                    e.key() + " " + e.effect() + replicas(e.body());
            case ResourceEvent.ResourceCreated e -> e.key() + replicas(e.body());
            case ResourceEvent.ResourceRevised e ->
                    e.key() + " generation " + e.generation() + replicas(e.body());
            case ResourceEvent.MetadataChanged e ->
                    e.key()
                            + " "
                            + e.labels()
                            + " "
                            + e.annotations()
                            + " owners "
                            + e.owners().stream().map(o -> o.name()).toList()
                            + " "
                            + e.finalizers();
            case ResourceEvent.DeletionRequested e ->
                    e.key() + " grace " + e.deletion().graceSeconds() + " s";
            case ResourceEvent.StatusChanged e -> e.key() + " " + status(e.status());
            case ResourceEvent.Noted e -> e.key() + " " + e.reason() + ": " + e.message();
            case ResourceEvent.PriorityGiven e -> e.key() + " " + e.priority();
            case ResourceEvent.ReplicasScaled e ->
                    e.key()
                            + " generation "
                            + e.generation()
                            + " replicas "
                            + e.replicas()
                            + " by "
                            + e.by()
                            + ": "
                            + e.reason();
            case ResourceEvent e -> e.key().toString();
            case SchedulerEvent.PodBound e ->
                    e.pod() + " to " + e.node() + ", best of " + e.feasible();
            case SchedulerEvent.PodNominated e ->
                    e.pod() + " for " + e.node() + " after " + e.victims();
            case SchedulerEvent.NominationWithdrawn e -> e.pod().toString();
            case SchedulerEvent.PodUnschedulable e -> e.pod() + ": " + e.message();
            case NodeEvent.NodeRegistered e -> e.node().toString();
            case NodeEvent.WorkOrdered e ->
                    e.node() + " " + e.work().getClass().getSimpleName() + " " + e.work().pod();
            case NodeEvent.WorkAcknowledged e -> e.node() + " order " + e.order();
            case NodeEvent.PodReported e -> e.pod() + " " + status(e.status());
            case AccessEvent e -> e.who();
        };
    }

    private static String replicas(Json body) {
        JsonNode replicas = body.toNode().path("spec").path("replicas");
        return replicas.isMissingNode() ? "" : " replicas " + replicas;
    }

    static String status(Json status) {
        return status.toNode().properties().stream()
                .map(member ->
                        member.getKey().equals("conditions")
                                ? conditions(member.getValue())
                                : member.getKey() + "=" + member.getValue().asText())
                .collect(Collectors.joining(" "));
    }

    private static String conditions(JsonNode conditions) {
        return StreamSupport.stream(conditions.spliterator(), false)
                .map(condition ->
                        condition.path("type").asText()
                                + "="
                                + condition.path("status").asText()
                                + (condition.has("reason")
                                        ? "/" + condition.path("reason").asText()
                                        : ""))
                .collect(Collectors.joining(" "));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
