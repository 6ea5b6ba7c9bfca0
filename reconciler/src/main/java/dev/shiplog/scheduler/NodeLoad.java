package dev.shiplog.scheduler;

import dev.shiplog.placement.Amounts;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.Uid;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A node and what is taken of it: the sums over the pods on it, kept up as pods come and go. Not
 * for two threads at once.
 */
final class NodeLoad {
    private NodeFacts facts;
    private Amounts requested = Amounts.NONE;
    private long scoredCpu;
    private long scoredMemory;
    private final Map<Uid, PodDemand> pods = new HashMap<>();
    private final Map<Uid, Integer> podsByOwner = new HashMap<>();
    private final Map<Uid, PodDemand> portTakers = new HashMap<>();

    /** Those that want something of the pods around them. */
    private final Map<Uid, PodDemand> particular = new HashMap<>();

    /** Those that wait until others have gone from here. */
    private final Map<Uid, PodDemand> nominated = new HashMap<>();

    private final SortedMap<Integer, Integer> podsByPriority = new TreeMap<>();

    NodeLoad(NodeFacts facts) {
        this.facts = facts;
    }

    NodeFacts facts() {
        return facts;
    }

    void facts(NodeFacts value) {
        facts = value;
    }

    Amounts requested() {
        return requested;
    }

    long scoredCpu() {
        return scoredCpu;
    }

    long scoredMemory() {
        return scoredMemory;
    }

    int podsOf(Uid owner) {
        return podsByOwner.getOrDefault(owner, 0);
    }

    boolean takes(HostPort port) {
        return portTakers.values().stream()
                .flatMap(pod -> pod.ports().stream())
                .anyMatch(taken -> taken.conflictsWith(port));
    }

    Collection<PodDemand> pods() {
        return pods.values();
    }

    Collection<PodDemand> particular() {
        return particular.values();
    }

    /** What is taken as a pod sees it: what waits for this node and matters as much, comes first. */
    Amounts requestedBeside(PodDemand pod) {
        Amounts sum = requested;
        for (PodDemand waiting : nominated.values()) {
            if (waiting.priority() >= pod.priority() && !waiting.uid().equals(pod.uid())) {
                sum = sum.plus(waiting.requests());
            }
        }
        return sum;
    }

    /** Whether a pod here has less priority than that. */
    boolean hasBelow(int priority) {
        return !podsByPriority.isEmpty() && podsByPriority.firstKey() < priority;
    }

    void nominate(PodDemand pod) {
        nominated.put(pod.uid(), pod);
    }

    /** Whether the pod waited for this node. */
    boolean dismiss(Uid pod) {
        return nominated.remove(pod) != null;
    }

    /** The node as it would be with only some of its pods. */
    NodeLoad with(Collection<PodDemand> some) {
        NodeLoad trial = new NodeLoad(facts);
        some.forEach(trial::add);
        trial.nominated.putAll(nominated);
        return trial;
    }

    /** Adds a pod, or has one that is there be what it is now. */
    void add(PodDemand pod) {
        PodDemand before = pods.put(pod.uid(), pod);
        if (!pod.affinity().isEmpty()) {
            particular.put(pod.uid(), pod);
        }
        if (before != null) {
            return;
        }
        podsByPriority.merge(pod.priority(), 1, Integer::sum);
        requested = requested.plus(pod.requests());
        scoredCpu += pod.scoredCpu();
        scoredMemory += pod.scoredMemory();
        pod.owner().ifPresent(owner -> podsByOwner.merge(owner, 1, Integer::sum));
        if (!pod.ports().isEmpty()) {
            portTakers.put(pod.uid(), pod);
        }
    }

    /** Whether the pod was there. */
    boolean remove(Uid uid) {
        PodDemand pod = pods.remove(uid);
        if (pod == null) {
            return false;
        }
        requested = requested.minus(pod.requests());
        scoredCpu -= pod.scoredCpu();
        scoredMemory -= pod.scoredMemory();
        pod.owner()
                .ifPresent(owner ->
                        podsByOwner.computeIfPresent(
                                owner, (_, count) -> count == 1 ? null : count - 1));
        portTakers.remove(uid);
        particular.remove(uid);
        podsByPriority.computeIfPresent(
                pod.priority(), (_, count) -> count == 1 ? null : count - 1);
        return true;
    }
}
