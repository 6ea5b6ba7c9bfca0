package dev.shiplog.controller.deployment;

import java.util.ArrayList;
import java.util.List;

/**
 * The pace of a rolling update, after Kubernetes' {@code rolling.go}. Counts pods as they are and
 * not as the ReplicaSets' statuses say, so that the limits hold at every event.
 *
 * <p>Invariants: never more than {@link DeploymentWish#ceiling} pods; never fewer than {@link
 * DeploymentWish#floor} available ones by its own doing.
 */
final class RollingUpdate {
    private RollingUpdate() {}

    /** How many replicas the current ReplicaSet may have now. */
    static int currentSize(DeploymentWish wish, ReplicaSets sets) {
        int size = sets.current().map(ReplicaSetView::wished).orElse(0);
        if (size >= wish.replicas()) {
            return wish.replicas();
        }
        int room = wish.ceiling() - sets.sum(ReplicaSetView::occupied);
        return size + Math.max(0, Math.min(room, wish.replicas() - size));
    }

    /** Which old ReplicaSets shrink now, and to what size. */
    static List<Size> oldSizes(DeploymentWish wish, ReplicaSets sets) {
        int spare = spare(wish, sets);
        List<Size> healthy = new ArrayList<>();
        int removed = 0;
        for (ReplicaSetView set : sets.old()) {
            // Pods that are not available serve nobody: they go first.
            int unhealthy = Math.min(set.wished() - set.available(), spare - removed);
            removed += Math.max(0, unhealthy);
            healthy.add(new Size(set, set.wished() - Math.max(0, unhealthy)));
        }
        int surplus = sets.sum(ReplicaSetView::available) - wish.floor();
        List<Size> sizes = new ArrayList<>();
        for (Size size : healthy) {
            int down = Math.max(0, Math.min(size.replicas(), surplus));
            surplus -= down;
            if (size.replicas() - down != size.set().wished()) {
                sizes.add(new Size(size.set(), size.replicas() - down));
            }
        }
        return sizes;
    }

    /** How many replicas may be taken away in all, if those to come never become available. */
    private static int spare(DeploymentWish wish, ReplicaSets sets) {
        int hopeful = sets.current().map(set -> set.wished() - set.available()).orElse(0);
        return sets.sum(ReplicaSetView::wished) - wish.floor() - hopeful;
    }

    /** A ReplicaSet and the size that it shall have. */
    record Size(ReplicaSetView set, int replicas) {}
}
