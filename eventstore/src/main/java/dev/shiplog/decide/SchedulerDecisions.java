package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Taint;
import dev.shiplog.resource.Toleration;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** What a scheduler may do. */
final class SchedulerDecisions {
    private SchedulerDecisions() {}

    static Decision decide(ClusterState state, SchedulerCommand command, Instant now) {
        return switch (command) {
            case SchedulerCommand.BindPods c -> bind(state, c);
            case SchedulerCommand.RejectPods c -> reject(state, c);
            case SchedulerCommand.PreemptPods c -> preempt(state, c, now);
            case SchedulerCommand.WithdrawNominations c -> withdraw(state, c);
        };
    }

    private static Decision bind(ClusterState state, SchedulerCommand.BindPods c) {
        Proposal proposal = new Proposal();
        for (SchedulerCommand.Binding b : c.bindings()) {
            Optional<Resource> node = state.resource(ResourceKey.node(b.node()));
            Optional<Resource> pod = waiting(state, b.pod(), b.uid());
            if (node.isPresent() && pod.isPresent() && takes(node.get(), pod.get())) {
                proposal.after(
                        pod.get().version(),
                        new SchedulerEvent.PodBound(
                                b.pod(),
                                b.uid(),
                                b.node(),
                                c.scheduler(),
                                b.feasible(),
                                b.score()));
            }
        }
        return proposal.orUnchanged("no binding holds any more");
    }

    private static Decision reject(ClusterState state, SchedulerCommand.RejectPods c) {
        Proposal proposal = new Proposal();
        for (SchedulerCommand.Rejection r : c.rejections()) {
            waiting(state, r.pod(), r.uid())
                    .filter(pod -> !lastObjection(pod).equals(r.message()))
                    .ifPresent(pod ->
                            proposal.after(
                                    pod.version(),
                                    new SchedulerEvent.PodUnschedulable(
                                            r.pod(),
                                            r.uid(),
                                            c.scheduler(),
                                            r.objections(),
                                            r.message())));
        }
        return proposal.orUnchanged("nothing new is said of these pods");
    }

    /** Whether a node takes a new pod at all: a cordoned one only those that tolerate that. */
    private static boolean takes(Resource node, Resource pod) {
        boolean cordoned = node.body().toNode().path("spec").path("unschedulable").asBoolean();
        return !node.metadata().deleting() && (!cordoned || toleratesCordon(pod));
    }

    private static boolean toleratesCordon(Resource pod) {
        for (JsonNode toleration : pod.body().toNode().path("spec").path("tolerations")) {
            if (Toleration.of(toleration).tolerates(Taint.CORDONED)) {
                return true;
            }
        }
        return false;
    }

    private static Decision preempt(
            ClusterState state, SchedulerCommand.PreemptPods c, Instant now) {
        Proposal proposal = new Proposal();
        Set<ResourceKey> gone = new TreeSet<>();
        for (SchedulerCommand.Preemption p : c.preemptions()) {
            Optional<Resource> pod = waiting(state, p.pod(), p.uid());
            if (pod.isEmpty() || state.resource(ResourceKey.node(p.node())).isEmpty()) {
                continue;
            }
            List<Resource> victims =
                    p.victims().stream()
                            .flatMap(victim -> leaving(state, victim, gone).stream())
                            .toList();
            if (victims.isEmpty() && nominated(pod.get()).equals(p.node().value())) {
                continue;
            }
            int nominated =
                    proposal.after(
                            pod.get().version(),
                            new SchedulerEvent.PodNominated(
                                    p.pod(),
                                    p.uid(),
                                    p.node(),
                                    c.scheduler(),
                                    victims.stream().map(Resource::key).toList()));
            victims.forEach(victim ->
                    driveOut(state, victim, p, c.scheduler(), nominated, proposal, now));
        }
        return proposal.orUnchanged("these pods wait for their nodes, or wait no more");
    }

    private static Optional<Resource> leaving(
            ClusterState state, SchedulerCommand.Victim victim, Set<ResourceKey> gone) {
        return state.resource(victim.pod())
                .filter(pod -> pod.uid().equals(victim.uid()) && !pod.metadata().deleting())
                .filter(pod -> gone.add(pod.key()));
    }

    private static void driveOut(
            ClusterState state,
            Resource victim,
            SchedulerCommand.Preemption preemption,
            String scheduler,
            int cause,
            Proposal proposal,
            Instant now) {
        proposal.because(
                cause,
                new ResourceEvent.StatusChanged(
                        victim.key(),
                        victim.uid(),
                        DisruptionTarget.in(
                                victim.status(),
                                "PreemptionByScheduler",
                                scheduler
                                        + ": preempting to accommodate a higher priority pod",
                                now)));
        Deletions.delete(
                state,
                victim,
                OptionalLong.empty(),
                Propagation.BACKGROUND,
                cause,
                proposal,
                now);
        proposal.because(
                cause,
                Proposal.noted(
                        Note.normal(
                                victim.key(),
                                victim.uid(),
                                "Preempted",
                                "Preempted by pod "
                                        + preemption.uid()
                                        + " on node "
                                        + preemption.node(),
                                scheduler)));
    }

    private static Decision withdraw(
            ClusterState state, SchedulerCommand.WithdrawNominations c) {
        Proposal proposal = new Proposal();
        for (ResourceKey key : c.pods()) {
            state.resource(key)
                    .filter(pod -> !nominated(pod).isEmpty())
                    .ifPresent(pod ->
                            proposal.after(
                                    pod.version(),
                                    new SchedulerEvent.NominationWithdrawn(
                                            key, pod.uid(), c.scheduler())));
        }
        return proposal.orUnchanged("these pods wait for no particular node");
    }

    private static String nominated(Resource pod) {
        return pod.status().toNode().path("nominatedNodeName").asText();
    }

    private static Optional<Resource> waiting(ClusterState state, ResourceKey pod, Uid uid) {
        return state.resource(pod)
                .filter(resource ->
                        resource.uid().equals(uid)
                                && !resource.metadata().deleting()
                                && resource.body()
                                        .toNode()
                                        .path("spec")
                                        .path("nodeName")
                                        .asText()
                                        .isEmpty());
    }

    private static String lastObjection(Resource pod) {
        for (JsonNode condition : pod.status().toNode().path("conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")) {
                return condition.path("message").asText();
            }
        }
        return "";
    }
}
