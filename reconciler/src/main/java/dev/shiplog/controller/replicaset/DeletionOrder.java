package dev.shiplog.controller.replicaset;

import dev.shiplog.controller.Owners;
import dev.shiplog.controller.Pods;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pod is missed least, as Kubernetes ranks them ({@code ActivePodsWithRanks}): unassigned
 * before assigned, pending before unknown before running, not ready before ready, doubled up on a
 * node before alone, shorter ready before longer, more restarts before fewer, younger before older.
 * One rank is our own: of ready pods, those that are not available yet go before those that are,
 * else a rolling update would lose an available one.
 */
final class DeletionOrder {
    private DeletionOrder() {}

    /** The pods, those to be deleted first in front. */
    static List<Resource> of(
            ClusterState state,
            Resource owner,
            List<Resource> pods,
            int minReadySeconds,
            Instant now) {
        Map<String, Integer> neighbours = neighbours(state, owner);
        Comparator<Resource> order =
                Comparator.comparingInt((Resource pod) -> Pods.nodeName(pod).isEmpty() ? 0 : 1)
                        .thenComparingInt(DeletionOrder::phase)
                        .thenComparingInt(pod -> Pods.ready(pod) ? 1 : 0)
                        .thenComparingInt(pod -> available(pod, minReadySeconds, now) ? 1 : 0)
                        .thenComparingInt(pod -> -neighbours.getOrDefault(Pods.nodeName(pod), 0))
                        .thenComparing(
                                pod -> Pods.readySince(pod).orElse(Instant.EPOCH),
                                Comparator.reverseOrder())
                        .thenComparingInt(pod -> -Pods.restarts(pod))
                        .thenComparing(pod -> pod.metadata().created(), Comparator.reverseOrder())
                        .thenComparing(Resource::key, Comparator.reverseOrder());
        return pods.stream().sorted(order).toList();
    }

    private static boolean available(Resource pod, int minReadySeconds, Instant now) {
        return Pods.availableAt(pod, minReadySeconds).filter(at -> !at.isAfter(now)).isPresent();
    }

    private static int phase(Resource pod) {
        return switch (Pods.phase(pod)) {
            case "Pending" -> 0;
            case "Unknown" -> 1;
            default -> 2;
        };
    }

    /** How many pods of this owner, and of those with the same owner, are on each node. */
    private static Map<String, Integer> neighbours(ClusterState state, Resource owner) {
        Map<String, Integer> counts = new HashMap<>();
        for (Resource sibling : siblings(state, owner)) {
            for (Resource pod : ReplicaCounts.activePods(state, sibling)) {
                counts.merge(Pods.nodeName(pod), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static List<Resource> siblings(ClusterState state, Resource owner) {
        return Owners.controller(state, owner)
                .map(parent ->
                        state.dependents(parent.uid()).stream()
                                .filter(key -> key.kind().equals(GroupKind.REPLICA_SET))
                                .map((ResourceKey key) -> state.resource(key).orElseThrow())
                                .toList())
                .orElse(List.of(owner));
    }
}
