package dev.shiplog.command;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** What a watcher of Git asks for. */
public sealed interface SourceCommand extends Command {
    SourceName source();

    /** Take the truth from this branch from now on. */
    record RegisterSource(SourceName source, String url, String branch, String path, boolean served)
            implements SourceCommand {}

    /**
     * Make a commit the truth. Carries the difference to {@code previous} only, so its cost is that
     * of the change.
     *
     * @param previous the commit that the difference was computed against; refused if it is not the
     *     applied one
     * @param pusher who brought it in
     * @param declared every object declared by the files that changed, whether or not the object
     *     itself changed
     * @param withdrawn objects that {@code previous} declared and this commit does not
     * @param allowMassDeletion whether the commit's message says {@code Shiplog-Allow-Delete: true}
     * @param removal how what is withdrawn is deleted: the commit's message may say so by {@code
     *     Shiplog-Cascade} and {@code Shiplog-Grace-Seconds}
     * @param books what is known beside the commit of what it declares
     */
    record ApplyCommit(
            SourceName source,
            CommitId commit,
            Optional<CommitId> previous,
            CommitInfo info,
            String pusher,
            List<DeclaredResource> declared,
            List<ResourceKey> withdrawn,
            boolean allowMassDeletion,
            Removal removal,
            List<Books> books)
            implements SourceCommand {
        /** Deletes what is withdrawn as it comes: in the background, with its own grace period. */
        public ApplyCommit(
                SourceName source,
                CommitId commit,
                Optional<CommitId> previous,
                CommitInfo info,
                String pusher,
                List<DeclaredResource> declared,
                List<ResourceKey> withdrawn,
                boolean allowMassDeletion) {
            this(
                    source,
                    commit,
                    previous,
                    info,
                    pusher,
                    declared,
                    withdrawn,
                    allowMassDeletion,
                    Removal.DEFAULT);
        }

        /** Comes without books, as everything does that comes from Git. */
        public ApplyCommit(
                SourceName source,
                CommitId commit,
                Optional<CommitId> previous,
                CommitInfo info,
                String pusher,
                List<DeclaredResource> declared,
                List<ResourceKey> withdrawn,
                boolean allowMassDeletion,
                Removal removal) {
            this(
                    source,
                    commit,
                    previous,
                    info,
                    pusher,
                    declared,
                    withdrawn,
                    allowMassDeletion,
                    removal,
                    List.of());
        }

        public ApplyCommit {
            declared = List.copyOf(declared);
            withdrawn = List.copyOf(withdrawn);
            books = List.copyOf(books);
        }
    }

    /**
     * What is known of a declared resource only here and never in Git, set in the same append as
     * its commit; see {@link ResourceCommand.KeepBooks}. Left out if the resource does not come to
     * be with the commit.
     *
     * @param annotations to be set beside those that are there
     * @param dropped annotations to be taken away
     * @param managedFields the new account of fields
     */
    record Books(
            ResourceKey key,
            SortedMap<String, String> annotations,
            List<String> dropped,
            Json managedFields) {
        public Books {
            dropped = List.copyOf(dropped);
        }
    }

    /**
     * How the live resources of what is withdrawn are deleted.
     *
     * @param graceSeconds instead of each resource's own grace period
     * @param propagation what becomes of their dependents
     */
    record Removal(OptionalLong graceSeconds, Propagation propagation) {
        public static final Removal DEFAULT =
                new Removal(OptionalLong.empty(), Propagation.BACKGROUND);
    }

    /**
     * Make commits the truth, one after the other, in one append. The first that is refused ends
     * it: those before it hold, those behind it do not.
     *
     * @param commits at least one; each is the difference to the one before it
     */
    record ApplyCommits(SourceName source, List<ApplyCommit> commits) implements SourceCommand {
        public ApplyCommits {
            commits = List.copyOf(commits);
            if (commits.isEmpty()
                    || commits.stream().anyMatch(commit -> !commit.source().equals(source))) {
                throw new IllegalArgumentException(
                        "expected commits of source " + source + ", found " + commits);
            }
        }
    }

    /**
     * Record that a commit cannot become the truth. Refused if already held for the same reason.
     */
    record HoldCommit(SourceName source, CommitId commit, String reason, String message)
            implements SourceCommand {}

    /** Record that a source cannot be read. Refused if that is known. */
    record ReportSourceFailure(SourceName source, String reason, String message)
            implements SourceCommand {}

    /** Record that a source can be read again. Refused if it never failed. */
    record ReportSourceRecovery(SourceName source) implements SourceCommand {}
}
