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
     * Make room for pods that fit nowhere: each is to get its node once its victims are gone, which
     * are deleted. One that waits no more, or whose node went away, is left out, and so is a victim
     * that is gone or goes already; refused if none is left.
     */
    record PreemptPods(String scheduler, List<Preemption> preemptions)
            implements SchedulerCommand {
        public PreemptPods {
            preemptions = List.copyOf(preemptions);
        }
    }

    record Preemption(ResourceKey pod, Uid uid, NodeName node, List<Victim> victims) {
        public Preemption {
            victims = List.copyOf(victims);
        }
    }

    /** A pod that goes for one of higher priority. */
    record Victim(ResourceKey pod, Uid uid) {}

    /**
     * Have pods wait for no particular node. One that has none is left out; refused if none is left.
     */
    record WithdrawNominations(String scheduler, List<ResourceKey> pods)
            implements SchedulerCommand {
        public WithdrawNominations {
            pods = List.copyOf(pods);
        }
    }

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
