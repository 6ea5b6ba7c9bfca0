package dev.shiplog.controller.deployment;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.resource.Propagation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Old ReplicaSets that are kept so that a rollout can be taken back, and those that are not. */
final class RevisionHistory {
    private RevisionHistory() {}

    /** Deletes the oldest empty ones above the limit. */
    static List<Command> trim(DeploymentWish wish, ReplicaSets sets) {
        int surplus = sets.old().size() - wish.revisionHistoryLimit();
        return sets.old().stream()
                .limit(Math.max(0, surplus))
                .filter(set -> set.wished() == 0 && set.counts().live() == 0)
                .<Command>map(set ->
                        new ResourceCommand.DeleteResource(
                                set.resource().key(),
                                Optional.of(set.resource().uid()),
                                OptionalLong.empty(),
                                Propagation.BACKGROUND,
                                List.of()))
                .toList();
    }
}
