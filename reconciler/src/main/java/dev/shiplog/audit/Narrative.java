package dev.shiplog.audit;

import dev.shiplog.event.AccessEvent;
import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Work;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says each event in one line, and names what it is about. */
public final class Narrative {
    private static final int SHORT_COMMIT = 7;

    private Narrative() {}

    /** What an event is about: a resource, a source or a node. */
    public static String subject(Event event) {
        return switch (event) {
            case SourceEvent e -> "Source/" + e.source();
            case ResourceEvent e -> e.key().toString();
            case SchedulerEvent e -> e.pod().toString();
            case NodeEvent.PodReported e -> e.pod().toString();
            case NodeEvent.WorkOrdered e -> e.work().pod().toString();
            case NodeEvent e -> ResourceKey.node(e.node()).toString();
            case AccessEvent.AccessRefused e -> "User/" + e.who();
            case AccessEvent.SessionOpened e -> e.pod().toString();
            case AccessEvent.SessionClosed e -> e.pod().toString();
        };
    }

    /** What happened, without the subject. */
    public static String sentence(Event event) {
        return switch (event) {
            case SourceEvent e -> source(e);
            case ResourceEvent e -> resource(e);
            case SchedulerEvent.PodBound e ->
                    "bound to "
                            + e.node()
                            + " (score "
                            + e.score()
                            + ", "
                            + e.feasible()
                            + " feasible)";
            case SchedulerEvent.PodUnschedulable e -> "fits nowhere: " + e.message();
            case SchedulerEvent.PodNominated e ->
                    "to get node "
                            + e.node()
                            + (e.victims().isEmpty()
                                    ? ""
                                    : " once gone from there: "
                                            + e.victims().stream()
                                                    .map(ResourceKey::toString)
                                                    .collect(Collectors.joining(", ")));
            case SchedulerEvent.NominationWithdrawn _ -> "waits for no particular node any more";
            case NodeEvent.NodeRegistered e -> "registered";
            case NodeEvent.WorkOrdered e ->
                    switch (e.work()) {
                        case Work.RunPod _ -> "node " + e.node() + " told to run it";
                        case Work.RevisePod _ ->
                                "node " + e.node() + " told to take up what changed in it";
                        case Work.StopPod stop ->
                                "node "
                                        + e.node()
                                        + " told to stop it within "
                                        + stop.graceSeconds()
                                        + " s";
                    };
            case NodeEvent.WorkAcknowledged e -> "took up order " + e.order();
            case NodeEvent.PodReported e -> "reported " + podPhase(e);
            case AccessEvent.AccessRefused e ->
                    "refused "
                            + (e.times() == 1 ? "" : e.times() + " times ")
                            + "to "
                            + e.verb()
                            + " "
                            + e.what()
                            + " from "
                            + e.from()
                            + ": "
                            + firstLine(e.why());
            case AccessEvent.SessionOpened e -> session(e);
            case AccessEvent.SessionClosed e ->
                    "session of " + e.who() + " ended: " + firstLine(e.outcome());
        };
    }

    /** The first digits of a commit id. */
    public static String shortId(CommitId commit) {
        return commit.value().substring(0, Math.min(SHORT_COMMIT, commit.value().length()));
    }

    private static String source(SourceEvent event) {
        return switch (event) {
            case SourceEvent.SourceRegistered e -> "follows " + e.branch() + " of " + e.url();
            case SourceEvent.CommitApplied e ->
                    "commit "
                            + shortId(e.commit())
                            + " applied: "
                            + e.info().subject()
                            + " ("
                            + e.declared()
                            + " declared, "
                            + e.withdrawn()
                            + " withdrawn; pushed by "
                            + e.pusher()
                            + ")";
            case SourceEvent.CommitHeld e ->
                    "commit "
                            + shortId(e.commit())
                            + " held: "
                            + e.reason()
                            + ": "
                            + firstLine(e.message());
            case SourceEvent.SourceFailed e -> "cannot be read: " + firstLine(e.message());
            case SourceEvent.SourceRecovered _ -> "can be read again";
        };
    }

    private static String resource(ResourceEvent event) {
        return switch (event) {
            case ResourceEvent.ResourceDeclared e ->
                    switch (e.effect()) {
                        case ResourceEvent.Effect.Created _ ->
                                "declared in " + e.path() + " and created";
                        case ResourceEvent.Effect.Revised revised ->
                                "declared in " + e.path() + ": generation " + revised.generation();
                        case ResourceEvent.Effect.Deferred deferred ->
                                "declared in " + e.path() + "; waits because " + deferred.reason();
                    };
            case ResourceEvent.ResourceWithdrawn _ -> "not declared any more";
            case ResourceEvent.DeclarationRealized _ -> "created as declared";
            case ResourceEvent.ResourceCreated e ->
                    "created"
                            + e.owners().stream()
                                    .findFirst()
                                    .map(owner -> " for " + owner.kind() + " " + owner.name())
                                    .orElse("");
            case ResourceEvent.ResourceRevised e -> "changed: generation " + e.generation();
            case ResourceEvent.MetadataChanged _ ->
                    "labels, annotations, owners or finalizers changed";
            case ResourceEvent.DeletionRequested e ->
                    "to be deleted within " + e.deletion().graceSeconds() + " s";
            case ResourceEvent.ResourceRemoved _ -> "removed";
            case ResourceEvent.StatusChanged e -> "status changed" + condition(e);
            case ResourceEvent.AddressesGiven e -> "given " + addresses(e);
            case ResourceEvent.PriorityGiven e -> "given priority " + e.priority();
            case ResourceEvent.ReplicasScaled e ->
                    "scaled to " + e.replicas() + " by " + e.by() + ": " + e.reason();
            case ResourceEvent.Noted e -> e.reason() + ": " + firstLine(e.message());
        };
    }

    /** How well it is, where its status says that; and why not, if it is not. */
    private static String condition(ResourceEvent.StatusChanged event) {
        for (var condition : event.status().toNode().path("conditions")) {
            String type = condition.path("type").asText();
            if (type.equals("Ready") || type.equals("Available")) {
                String is = condition.path("status").asText();
                String why = firstLine(condition.path("message").asText());
                return ": "
                        + type
                        + " is "
                        + is
                        + (is.equals("True") || why.isEmpty() ? "" : ": " + why);
            }
        }
        return "";
    }

    private static String session(AccessEvent.SessionOpened e) {
        String command = String.join(" ", e.command());
        String into =
                switch (e.kind()) {
                    case EXEC -> "runs \"" + command + "\" in container " + e.container();
                    case ATTACH -> "attaches to container " + e.container();
                    case PORT_FORWARD -> "forwards port " + command;
                };
        return e.who() + " " + into + " from " + e.from();
    }

    private static String addresses(ResourceEvent.AddressesGiven event) {
        List<String> given = new ArrayList<>();
        if (!event.clusterIp().isEmpty()) {
            given.add("address " + event.clusterIp());
        }
        event.nodePorts().forEach((port, node) -> given.add("node port " + node + " for " + port));
        if (event.healthCheckPort() > 0) {
            given.add("health check port " + event.healthCheckPort());
        }
        return String.join(", ", given);
    }

    private static String podPhase(NodeEvent.PodReported event) {
        var status = event.status().toNode();
        StringBuilder text = new StringBuilder(status.path("phase").asText("?"));
        for (var condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")
                    && condition.path("status").asText().equals("True")) {
                text.append(", Ready");
            }
        }
        for (var container : status.path("containerStatuses")) {
            var waiting = container.path("state").path("waiting").path("reason").asText();
            var ended = container.path("state").path("terminated");
            if (!waiting.isEmpty()) {
                text.append(", ")
                        .append(container.path("name").asText())
                        .append(": ")
                        .append(waiting);
            } else if (!ended.isMissingNode()) {
                text.append(", ")
                        .append(container.path("name").asText())
                        .append(": exit ")
                        .append(ended.path("exitCode").asInt());
            }
        }
        return text.toString();
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end) + " …";
    }
}
