package dev.shiplog.source;

import dev.shiplog.command.SourceCommand;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Changes what Git declares, on a user's behalf: one edit becomes one commit, written as a careful
 * person would write it. Only the lines that must change do; comments, order and quoting stay.
 *
 * <p>Invariants: an edit is applied whole or not at all; when it is {@link Result.Written}, the
 * ledger has its commit and the branch holds it; edits land one after the other, in the order in
 * which they came in, however many share one append.
 */
public interface Declarations {
    /**
     * Makes an edit the truth. The future completes once that is durable, or once it is known why
     * not; it fails only for faults of our own, of the disk or of the network.
     */
    CompletableFuture<Result> write(Edit edit);

    /**
     * What is to be changed, by whom and why.
     *
     * @param author who the commit says wrote it
     * @param pusher who brings it in: the authenticated user
     * @param message the whole message: a subject, and trailers such as {@code Shiplog-Actor} and
     *     {@code Shiplog-Request}
     * @param changes at least one, at most one for each key
     * @param dryRun decide and answer, but change nothing
     * @param books what is known of the resources only in the cluster and never in Git, to be kept
     *     along with the commit; whoever asks must look whether it was, for it is left out where
     *     the commit goes another way than straight into the log
     */
    record Edit(
            Author author,
            Pusher pusher,
            String message,
            List<Change> changes,
            boolean dryRun,
            List<SourceCommand.Books> books) {
        /** One with nothing beside the commit. */
        public Edit(
                Author author,
                Pusher pusher,
                String message,
                List<Change> changes,
                boolean dryRun) {
            this(author, pusher, message, changes, dryRun, List.of());
        }

        public Edit {
            books = List.copyOf(books);
            changes = List.copyOf(changes);
            if (changes.isEmpty()) {
                throw new IllegalArgumentException("expected at least one change, found none");
            }
        }
    }

    /** One resource's part of an edit. */
    sealed interface Change {
        ResourceKey key();

        /**
         * Declare it, or declare it differently. The difference between the two documents is what
         * the file is changed by; what Git never said, such as defaults, it does not say afterwards
         * either, unless it is part of that difference.
         *
         * @param before the document that the difference starts from, complete and in its storage
         *     version; empty to declare something new
         * @param after the document as it shall be, complete and in its storage version
         */
        record Put(ResourceKey key, Optional<Json> before, Json after) implements Change {}

        /** Do not declare it any more. */
        record Remove(ResourceKey key) implements Change {}
    }

    /** What became of an edit. */
    sealed interface Result {
        /**
         * It is the truth.
         *
         * @param position of the last event that followed from it
         */
        record Written(CommitId commit, Position position) implements Result {}

        /** Git says so already; there is no commit. Of a dry run: it could be written. */
        record Unchanged() implements Result {}

        /**
         * It may not become the truth, as a push of it would be refused.
         *
         * @param reason as in {@link Examination.Objected}
         */
        record Rejected(String reason, List<String> objections) implements Result {
            public Rejected {
                objections = List.copyOf(objections);
            }
        }

        /** The declaration is not what {@code before} says any more: compute the edit again. */
        record Stale(String message) implements Result {}

        /**
         * This cluster takes no such writes: by its settings, or because it cannot push to the
         * repository that it follows.
         *
         * @param message why, and what to do; ends with the patch to commit
         */
        record Refused(String message) implements Result {}

        /** The commit is on a branch of its own, to be reviewed and merged; nothing changed yet. */
        record Proposed(String branch, CommitId commit) implements Result {}
    }
}
