package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Taint;
import dev.shiplog.resource.Toleration;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.util.Optional;

/** What a scheduler may do. */
final class SchedulerDecisions {
    private SchedulerDecisions() {}

    static Decision decide(ClusterState state, SchedulerCommand command) {
        return switch (command) {
            case SchedulerCommand.BindPods c -> bind(state, c);
            case SchedulerCommand.RejectPods c -> reject(state, c);
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
