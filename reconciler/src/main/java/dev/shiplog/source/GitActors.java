package dev.shiplog.source;

import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;

import java.util.Optional;

/** How Git's part in the log is signed. */
final class GitActors {
    private GitActors() {}

    /** What a commit does is done by its author. */
    static Origin author(CommitId commit, CommitInfo info) {
        return Origin.ofCommit(commit, info);
    }

    /** What is observed about a source is said by the watcher itself. */
    static Origin watcher(String correlation, Optional<CommitId> commit) {
        return new Origin("system:source", Cause.none(), correlation, commit);
    }
}
