package dev.shiplog.controller.daemonset;

import dev.shiplog.controller.Pods;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;

import java.util.ArrayList;
import java.util.List;

/**
 * Which pods of old templates go now, and which nodes get a new one beside the old one: the pace of
 * Kubernetes' {@code daemon/update.go}.
 *
 * <p>Invariant: by its own doing never more than {@code maxUnavailable} nodes are without an
 * available pod, and never more than {@code maxSurge} have two.
 *
 * @param doomed pods to be deleted
 * @param doubled nodes to get a pod beside the one that they have
 */
record RollingUpdate(List<Resource> doomed, List<NodeName> doubled) {
    static final RollingUpdate NOTHING = new RollingUpdate(List.of(), List.of());

    static RollingUpdate of(DaemonWish wish, DaemonPods pods, List<NodeFacts> wanted) {
        int surge = wish.maxSurge().of(wanted.size(), true);
        int unavailable = wish.maxUnavailable().of(wanted.size(), true);
        return surge > 0
                ? surging(pods, wanted, surge)
                : replacing(pods, wanted, Math.max(1, unavailable));
    }

    private static RollingUpdate replacing(
            DaemonPods pods, List<NodeFacts> wanted, int maxUnavailable) {
        List<Resource> useless = new ArrayList<>();
        List<Resource> candidates = new ArrayList<>();
        int unavailable = 0;
        for (NodeFacts node : wanted) {
            List<Resource> active = pods.activeOn(node.name());
            boolean one = active.size() == 1;
            if (!one || !pods.isAvailable(active.getFirst())) {
                unavailable++;
            }
            if (one && !pods.isUpdated(active.getFirst())) {
                // What serves nobody can go at once.
                (pods.isAvailable(active.getFirst()) ? candidates : useless).add(active.getFirst());
            }
        }
        int room = Math.max(0, maxUnavailable - unavailable);
        candidates.stream().limit(room).forEach(useless::add);
        return new RollingUpdate(useless, List.of());
    }

    private static RollingUpdate surging(DaemonPods pods, List<NodeFacts> wanted, int maxSurge) {
        List<Resource> doomed = new ArrayList<>();
        List<NodeName> useless = new ArrayList<>();
        List<NodeName> candidates = new ArrayList<>();
        int surging = 0;
        for (NodeFacts node : wanted) {
            List<Resource> active = pods.activeOn(node.name());
            List<Resource> old = active.stream().filter(pod -> !pods.isUpdated(pod)).toList();
            List<Resource> updated = active.stream().filter(pods::isUpdated).toList();
            if (old.isEmpty()) {
                continue;
            }
            if (updated.isEmpty()) {
                boolean going = pods.on(node.name()).size() > active.size();
                if (going) {
                    surging++;
                } else {
                    (pods.isAvailable(old.getFirst()) ? candidates : useless).add(node.name());
                }
            } else if (pods.isAvailable(updated.getFirst()) || !Pods.ready(old.getFirst())) {
                doomed.addAll(old);
            } else {
                surging++;
            }
        }
        int room = Math.max(0, maxSurge - surging);
        candidates.stream().limit(room).forEach(useless::add);
        return new RollingUpdate(doomed, useless);
    }
}
