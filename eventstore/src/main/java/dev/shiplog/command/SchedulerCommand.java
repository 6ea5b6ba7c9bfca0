package dev.shiplog.command;

import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.util.List;
import java.util.SortedMap;

/** What a scheduler asks for. */
public sealed interface SchedulerCommand extends Command {
    /**
     * Bind pods to nodes. A binding that does not hold any more (pod gone, bound or being deleted;
     * node gone or unschedulable) is left out; refused if none is left.
     */
    record BindPods(String scheduler, List<Binding> bindings) implements SchedulerCommand {
        public BindPods {
            bindings = List.copyOf(bindings);
        }
    }

    /**
     * @param feasible how many nodes could have taken the pod
     * @param score the chosen node's score, 0 to 100
     */
    record Binding(ResourceKey pod, Uid uid, NodeName node, int feasible, int score) {}

    /**
     * Record that pods fit nowhere. One whose last known message is the same is left out; refused
     * if none is left.
     */
    record RejectPods(String scheduler, List<Rejection> rejections) implements SchedulerCommand {
        public RejectPods {
            rejections = List.copyOf(rejections);
        }
    }

    /**
     * @param objections each distinct objection and how many nodes raised it
     */
    record Rejection(
            ResourceKey pod, Uid uid, SortedMap<String, Integer> objections, String message) {}
}
