package dev.shiplog.controller.replicaset;

import dev.shiplog.controller.Owners;
import dev.shiplog.controller.Pods;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many of an owner's live pods are how far.
 *
 * @param live neither finished nor being deleted
 * @param fullyLabeled live, with every label of the template
 * @param ready live and ready
 * @param available live and ready for long enough
 * @param nextAvailable when a pod that is ready will have been so for long enough
 */
public record ReplicaCounts(
        int live, int fullyLabeled, int ready, int available, Optional<Instant> nextAvailable) {

    static ReplicaCounts of(
            List<Resource> pods,
            Map<String, String> templateLabels,
            int minReadySeconds,
            Instant now) {
        int fullyLabeled = 0;
        int ready = 0;
        int available = 0;
        Optional<Instant> next = Optional.empty();
        for (Resource pod : pods) {
            if (pod.metadata().labels().entrySet().containsAll(templateLabels.entrySet())) {
                fullyLabeled++;
            }
            Optional<Instant> at = Pods.availableAt(pod, minReadySeconds);
            if (at.isEmpty()) {
                continue;
            }
            ready++;
            if (at.get().isAfter(now)) {
                next = next.filter(earlier -> earlier.isBefore(at.get())).or(() -> at);
            } else {
                available++;
            }
        }
        return new ReplicaCounts(pods.size(), fullyLabeled, ready, available, next);
    }

    /** The counts of a ReplicaSet's pods as they are now, whatever its status says. */
    public static ReplicaCounts of(ClusterState state, Resource replicaSet, Instant now) {
        return of(
                activePods(state, replicaSet),
                Map.of(),
                ReplicaWish.of(replicaSet).minReadySeconds(),
                now);
    }

    /** The live pods that an owner manages, in key order. */
    static List<Resource> activePods(ClusterState state, Resource owner) {
        List<Resource> pods = new ArrayList<>();
        for (ResourceKey key : state.dependents(owner.uid())) {
            if (key.kind().equals(GroupKind.POD)) {
                Resource pod = state.resource(key).orElseThrow();
                if (Owners.controls(owner, pod) && Pods.active(pod)) {
                    pods.add(pod);
                }
            }
        }
        return pods;
    }
}
