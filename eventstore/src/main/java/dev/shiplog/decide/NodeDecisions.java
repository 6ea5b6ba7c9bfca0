package dev.shiplog.decide;

import dev.shiplog.command.NodeCommand;
import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.ServiceAddresses;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What passes between the cluster and a node. */
final class NodeDecisions {
    private NodeDecisions() {}

    static Decision decide(ClusterState state, NodeCommand command, Ids ids) {
        return switch (command) {
            case NodeCommand.RegisterNode c -> register(state, c, ids);
            case NodeCommand.OrderWork c -> order(state, c);
            case NodeCommand.ReportPods c -> report(state, c);
        };
    }

    private static Decision register(ClusterState state, NodeCommand.RegisterNode c, Ids ids) {
        Optional<Resource> live = state.resource(ResourceKey.node(c.node()));
        Proposal proposal = new Proposal();
        SortedMap<String, String> labels = new TreeMap<>();
        live.ifPresent(node -> labels.putAll(node.metadata().labels()));
        labels.putAll(c.labels());
        // From its first moment on a node's desired state belongs to those who cordon and taint it.
        Json before = live.map(Resource::body).orElse(c.body());
        Json body = PodRange.give(state, before, ServiceAddresses.podRange(c.body()), c.node());
        boolean same =
                live.isPresent()
                        && live.get().body().equals(body)
                        && live.get().metadata().labels().equals(labels)
                        && live.get().status().equals(c.status());
        if (!same) {
            proposal.add(
                    new NodeEvent.NodeRegistered(
                            c.node(),
                            live.map(Resource::uid).orElseGet(ids::uid),
                            labels,
                            body,
                            c.status()));
        }
        return proposal.orUnchanged("node " + c.node() + " is registered so");
    }

    private static Decision order(ClusterState state, NodeCommand.OrderWork c) {
        Proposal proposal = new Proposal();
        for (Work work : c.work()) {
            if (makesSense(state, work) && !given(state, c.node(), work)) {
                NodeEvent.WorkOrdered ordered = new NodeEvent.WorkOrdered(c.node(), work);
                state.resource(work.pod())
                        .ifPresentOrElse(
                                pod -> proposal.after(pod.version(), ordered),
                                () -> proposal.add(ordered));
            }
        }
        return proposal.orUnchanged("node " + c.node() + " has these orders");
    }

    private static boolean makesSense(ClusterState state, Work work) {
        Optional<Resource> pod =
                state.resource(work.pod()).filter(resource -> resource.uid().equals(work.uid()));
        return switch (work) {
            case Work.RunPod _ ->
                    pod.filter(resource -> !resource.metadata().deleting()).isPresent();
            case Work.RevisePod revise ->
                    pod.filter(resource -> !resource.metadata().deleting())
                            .filter(resource ->
                                    resource.metadata().generation() == revise.generation())
                            .flatMap(resource -> state.ordered(resource.uid()))
                            .isPresent();
            // What is not in the state must not run.
            case Work.StopPod _ -> pod.isEmpty() || pod.get().metadata().deleting();
        };
    }

    /**
     * A pod is run once in its life, revised once for each generation, and stopped again only with
     * a shorter grace period, whether or not the node has acknowledged the order before.
     */
    private static boolean given(ClusterState state, NodeName node, Work work) {
        if (state.work(node).containsValue(work)) {
            return true;
        }
        return state.ordered(work.uid())
                .filter(last ->
                        switch (work) {
                            case Work.RunPod _ -> true;
                            case Work.RevisePod revise ->
                                    switch (last.work()) {
                                        case Work.RunPod _ -> false;
                                        case Work.RevisePod before ->
                                                before.generation() >= revise.generation();
                                        case Work.StopPod _ -> true;
                                    };
                            case Work.StopPod stop ->
                                    last.work() instanceof Work.StopPod before
                                            && before.graceSeconds() <= stop.graceSeconds();
                        })
                .isPresent();
    }

    /**
     * Each event is caused by the order that it answers: many pods share a report, and none should
     * lead back to another's commit. What the node observed on the way stands before the outcome.
     */
    private static Decision report(ClusterState state, NodeCommand.ReportPods c) {
        Proposal proposal = new Proposal();
        for (Position order : c.acknowledged()) {
            if (state.work(c.node()).containsKey(order)) {
                proposal.after(order, new NodeEvent.WorkAcknowledged(c.node(), order));
            }
        }
        c.notes().stream()
                .filter(note -> note.sent().filter(id -> state.isRecorded(c.node(), id)).isEmpty())
                .filter(note ->
                        state.resource(note.about())
                                .filter(resource -> resource.uid().equals(note.uid()))
                                .isPresent())
                .forEach(note -> afterOrder(state, note.uid(), Proposal.noted(note), proposal));
        for (NodeCommand.PodReport r : c.reports()) {
            state.resource(r.pod())
                    .filter(resource -> resource.uid().equals(r.uid()))
                    .ifPresent(resource -> report(state, c.node(), resource, r, proposal));
        }
        return proposal.orUnchanged("node " + c.node() + " reported nothing new");
    }

    private static void report(
            ClusterState state,
            NodeName node,
            Resource pod,
            NodeCommand.PodReport r,
            Proposal proposal) {
        ResourceKey key = pod.key();
        int reported = -1;
        Json status = ForeignConditions.keep(pod.status(), r.status());
        if (!pod.status().equals(status)) {
            NodeEvent event = new NodeEvent.PodReported(node, key, r.uid(), status);
            reported = afterOrder(state, r.uid(), event, proposal);
        }
        Optional<Deletion> deletion = pod.metadata().deletion();
        if (!r.stopped() || deletion.isEmpty()) {
            return;
        }
        if (pod.metadata().finalizers().isEmpty()) {
            then(
                    state,
                    reported,
                    r.uid(),
                    new ResourceEvent.ResourceRemoved(key, r.uid()),
                    proposal);
        } else if (deletion.get().graceSeconds() > 0) {
            // As the kubelet does: the containers are gone, so there is no grace to wait for. What
            // holds the pod now are its finalizers alone.
            Deletion ended = new Deletion(deletion.get().deadline(), 0);
            then(
                    state,
                    reported,
                    r.uid(),
                    new ResourceEvent.DeletionRequested(
                            key, r.uid(), ended, Propagation.BACKGROUND),
                    proposal);
        }
    }

    private static void then(
            ClusterState state, int reported, Uid pod, Event event, Proposal proposal) {
        if (reported < 0) {
            afterOrder(state, pod, event, proposal);
        } else {
            proposal.because(reported, event);
        }
    }

    private static int afterOrder(ClusterState state, Uid pod, Event event, Proposal proposal) {
        return state.ordered(pod)
                .map(order -> proposal.after(order.id(), event))
                .orElseGet(() -> proposal.add(event));
    }
}
