package dev.shiplog.command;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import java.util.List;
import java.util.SortedMap;

/** What passes between the cluster and one node. */
public sealed interface NodeCommand extends Command {
    NodeName node();

    /**
     * Introduce a node. Of one that is known, labels are added to those it has, and its desired
     * state stays as it is. One that has no range of addresses for its pods is given the one in
     * {@code spec.podCIDR}, or another if that is taken. Refused if nothing would change.
     */
    record RegisterNode(NodeName node, SortedMap<String, String> labels, Json body, Json status)
            implements NodeCommand {}

    /**
     * Tell a node what to do. An order that is given already, or that makes no sense any more, is
     * left out; refused if none is left.
     */
    record OrderWork(NodeName node, List<Work> work) implements NodeCommand {
        public OrderWork {
            work = List.copyOf(work);
        }
    }

    /**
     * Report what became of pods, in one append.
     *
     * @param acknowledged orders taken up
     * @param notes what the node wants people to know (Pulling, Started, BackOff, …); one that was
     *     sent before and is recorded is left out
     */
    record ReportPods(
            NodeName node,
            List<PodReport> reports,
            List<Position> acknowledged,
            List<ResourceCommand.Note> notes)
            implements NodeCommand {
        public ReportPods {
            reports = List.copyOf(reports);
            acknowledged = List.copyOf(acknowledged);
            notes = List.copyOf(notes);
        }
    }

    /**
     * One pod as its node sees it.
     *
     * @param status the whole {@code v1.PodStatus}
     * @param stopped whether every container and the sandbox are gone; a pod whose deletion was
     *     asked for is then removed
     */
    record PodReport(ResourceKey pod, Uid uid, Json status, boolean stopped) {}
}
