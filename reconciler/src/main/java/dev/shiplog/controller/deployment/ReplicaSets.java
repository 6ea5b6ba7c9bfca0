package dev.shiplog.controller.deployment;

import dev.shiplog.controller.TemplateHash;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * The ReplicaSets of a Deployment.
 *
 * @param current the one with the Deployment's template, if it exists
 * @param old all others, older first
 */
record ReplicaSets(Optional<ReplicaSetView> current, List<ReplicaSetView> old) {
    static ReplicaSets of(
            ClusterState state, DeploymentWish wish, Collection<Resource> managed, Instant now) {
        List<ReplicaSetView> old =
                new ArrayList<>(
                        managed.stream()
                                .filter(set -> !set.metadata().deleting())
                                .map(set -> ReplicaSetView.of(state, set, now))
                                .sorted(ReplicaSetView.BY_AGE)
                                .toList());
        Json template = TemplateHash.canonical(wish.template());
        Optional<ReplicaSetView> current =
                old.stream().filter(set -> set.template().equals(template)).findFirst();
        current.ifPresent(old::remove);
        return new ReplicaSets(current, List.copyOf(old));
    }

    /** Old ones, older first, then the current one. */
    List<ReplicaSetView> all() {
        List<ReplicaSetView> all = new ArrayList<>(old);
        current.ifPresent(all::add);
        return all;
    }

    int sum(ToIntFunction<ReplicaSetView> count) {
        return all().stream().mapToInt(count).sum();
    }

    /** The revision that the current one has, or must get because an old one has a higher one. */
    long currentRevision() {
        long newestOld = old.stream().mapToLong(ReplicaSetView::revision).max().orElse(0);
        return Math.max(newestOld + 1, current.map(ReplicaSetView::revision).orElse(0L));
    }
}
