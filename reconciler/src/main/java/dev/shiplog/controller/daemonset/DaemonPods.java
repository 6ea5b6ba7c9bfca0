package dev.shiplog.controller.daemonset;

import dev.shiplog.controller.Pods;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The pods of a DaemonSet, node by node.
 *
 * @param byNode oldest first; those that wait to be gone too, for they hold their node
 * @param hash that of the present template
 */
record DaemonPods(
        SortedMap<NodeName, List<Resource>> byNode,
        String hash,
        int minReadySeconds,
        Instant now) {
    private static final Comparator<Resource> OLDEST_FIRST =
            Comparator.comparing((Resource pod) -> pod.metadata().created())
                    .thenComparing(Resource::key);

    static DaemonPods of(DaemonWish wish, List<Resource> managed, String hash, Instant now) {
        SortedMap<NodeName, List<Resource>> byNode = new TreeMap<>();
        for (Resource pod : managed) {
            // One that has ended and is going holds nothing any more.
            if (!(pod.metadata().deleting() && Pods.finished(pod))) {
                DaemonPod.nodeOf(pod)
                        .ifPresent(node ->
                                byNode.computeIfAbsent(node, _ -> new ArrayList<>()).add(pod));
            }
        }
        byNode.values().forEach(pods -> pods.sort(OLDEST_FIRST));
        return new DaemonPods(byNode, hash, wish.minReadySeconds(), now);
    }

    List<Resource> on(NodeName node) {
        return byNode.getOrDefault(node, List.of());
    }

    /** Those on a node that neither ended nor are on their way out. */
    List<Resource> activeOn(NodeName node) {
        return on(node).stream().filter(Pods::active).toList();
    }

    boolean isUpdated(Resource pod) {
        return hash.equals(pod.metadata().labels().get(Revisions.HASH));
    }

    boolean isAvailable(Resource pod) {
        return availableAt(pod).filter(at -> !at.isAfter(now)).isPresent();
    }

    private Optional<Instant> availableAt(Resource pod) {
        return Pods.availableAt(pod, minReadySeconds);
    }

    /** When the next pod that is ready will have been so for long enough. */
    Optional<Instant> nextAvailable() {
        return byNode.values().stream()
                .flatMap(List::stream)
                .flatMap(pod -> availableAt(pod).stream())
                .filter(at -> at.isAfter(now))
                .min(Comparator.naturalOrder());
    }
}
