package dev.shiplog.controller.deployment;

import dev.shiplog.controller.deployment.RollingUpdate.Size;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a change of {@code spec.replicas} does: the one active ReplicaSet takes it; in the middle of
 * a rollout the active ones share it in proportion to their sizes. After Kubernetes' {@code
 * sync.go}.
 */
final class Scaling {
    private Scaling() {}

    /** Whether an active ReplicaSet was last sized for another number of replicas. */
    static boolean isDue(DeploymentWish wish, ReplicaSets sets) {
        return active(sets).stream()
                .anyMatch(set -> desired(set).filter(size -> size != wish.replicas()).isPresent());
    }

    /** The ReplicaSets that change, and their new sizes. */
    static List<Size> sizes(DeploymentWish wish, ReplicaSets sets) {
        Optional<ReplicaSetView> only = activeOrLatest(sets);
        if (only.isPresent()) {
            return only.get().wished() == wish.replicas()
                    ? List.of()
                    : List.of(new Size(only.get(), wish.replicas()));
        }
        if (saturated(wish, sets)) {
            return sets.old().stream()
                    .filter(set -> set.wished() > 0)
                    .map(set -> new Size(set, 0))
                    .toList();
        }
        return wish.recreate() ? List.of() : proportional(wish, active(sets));
    }

    private static List<ReplicaSetView> active(ReplicaSets sets) {
        return sets.all().stream().filter(set -> set.wished() > 0).toList();
    }

    /** The only active one; the newest when none is active; empty when several are. */
    private static Optional<ReplicaSetView> activeOrLatest(ReplicaSets sets) {
        List<ReplicaSetView> active = active(sets);
        return switch (active.size()) {
            case 0 -> sets.current().or(() -> sets.old().stream().max(ReplicaSetView.BY_AGE));
            case 1 -> Optional.of(active.getFirst());
            default -> Optional.empty();
        };
    }

    private static boolean saturated(DeploymentWish wish, ReplicaSets sets) {
        return sets.current()
                .filter(set ->
                        set.wished() == wish.replicas()
                                && desired(set).equals(Optional.of(wish.replicas()))
                                && set.available() == wish.replicas())
                .isPresent();
    }

    private static List<Size> proportional(DeploymentWish wish, List<ReplicaSetView> active) {
        int before = active.stream().mapToInt(ReplicaSetView::wished).sum();
        int toAdd = (wish.replicas() > 0 ? wish.ceiling() : 0) - before;
        Comparator<ReplicaSetView> bySize =
                Comparator.comparingInt(ReplicaSetView::wished).reversed();
        List<ReplicaSetView> order =
                active.stream()
                        .sorted(
                                bySize.thenComparing(
                                        toAdd > 0
                                                ? ReplicaSetView.BY_AGE.reversed()
                                                : ReplicaSetView.BY_AGE))
                        .toList();
        List<Size> sizes = new ArrayList<>();
        int added = 0;
        for (ReplicaSetView set : order) {
            int share = share(wish, set, toAdd - added);
            sizes.add(new Size(set, set.wished() + share));
            added += share;
        }
        // What rounding left over goes to the largest.
        Size first = sizes.getFirst();
        sizes.set(0, new Size(first.set(), Math.max(0, first.replicas() + toAdd - added)));
        return sizes;
    }

    private static int share(DeploymentWish wish, ReplicaSetView set, int left) {
        if (left == 0) {
            return 0;
        }
        int fraction =
                wish.replicas() == 0
                        ? -set.wished()
                        : (int)
                                        Math.round(
                                                (double) set.wished()
                                                        * wish.ceiling()
                                                        / sizedFor(wish, set))
                                - set.wished();
        return left > 0
                ? Math.max(0, Math.min(fraction, left))
                : Math.min(0, Math.max(fraction, left));
    }

    /** The size of the whole Deployment when this ReplicaSet was last sized. */
    private static long sizedFor(DeploymentWish wish, ReplicaSetView set) {
        long max =
                Annotations.number(
                        set.resource().metadata().annotations(), Annotations.MAX_REPLICAS);
        return max > 0 ? max : Math.max(1, wish.ceiling());
    }

    private static Optional<Integer> desired(ReplicaSetView set) {
        return Optional.ofNullable(
                        set.resource().metadata().annotations().get(Annotations.DESIRED_REPLICAS))
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::valueOf);
    }
}
