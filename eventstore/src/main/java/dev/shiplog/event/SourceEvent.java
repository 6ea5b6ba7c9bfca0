package dev.shiplog.event;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.SourceName;

import java.util.Optional;

/** What happened to a Git source as a whole. */
public sealed interface SourceEvent extends Event {
    SourceName source();

    /**
     * The cluster began to take its truth from this branch. If it took it from another folder
     * before, no commit counts as applied any more: the next one is compared with the inventory
     * instead of with a commit, because the folders of two commits cannot be compared.
     *
     * @param url where the repository is, without credentials
     * @param path the folder within it, {@code ""} for all of it
     * @param served whether the cluster itself serves the repository, or follows one that is
     *     elsewhere
     */
    record SourceRegistered(
            SourceName source, String url, String branch, String path, boolean served)
            implements SourceEvent {}

    /**
     * A commit became the truth. The declarations that it changed follow in the same append, caused
     * by this event.
     *
     * @param previous the commit that was the truth before; empty for the first
     * @param pusher who brought it in: an authenticated user, or {@code poll} or {@code webhook}
     * @param declared how many objects it created or changed
     * @param withdrawn how many objects it took out
     */
    record CommitApplied(
            SourceName source,
            CommitId commit,
            Optional<CommitId> previous,
            CommitInfo info,
            String pusher,
            int declared,
            int withdrawn)
            implements SourceEvent {}

    /**
     * The branch's newest commit cannot become the truth; the one before it stays. A newer commit
     * is tried afresh.
     *
     * @param reason one word, such as {@code InvalidManifest} or {@code TooManyDeletions}
     * @param message what was expected, what was found, where, and what to do
     */
    record CommitHeld(SourceName source, CommitId commit, String reason, String message)
            implements SourceEvent {}

    /** The source stopped being readable. Nothing is deleted because of it. */
    record SourceFailed(SourceName source, String reason, String message) implements SourceEvent {}

    /** The source can be read again. */
    record SourceRecovered(SourceName source) implements SourceEvent {}
}
