package dev.shiplog.source;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Position;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The history of the branch that is the truth, and the way to add to it. */
public interface CommitHistory {
    /** Where it stands; empty before the first commit. */
    Optional<CommitId> head() throws IOException;

    /**
     * Finds the commit that a revision names, such as {@code 4f2c1a9}, {@code HEAD~2} or a tag.
     *
     * @return empty if it names none, or more than one
     */
    Optional<CommitId> resolve(String revision) throws IOException;

    CommitInfo info(CommitId commit) throws IOException;

    /** Whether one commit is in the past of another, or the same. */
    boolean contains(CommitId later, CommitId earlier) throws IOException;

    /** Whether two commits have the same files. */
    boolean sameFiles(CommitId one, CommitId other) throws IOException;

    /** The commits after one and up to another, newest first. */
    List<CommitId> between(CommitId earlier, CommitId later) throws IOException;

    /**
     * Writes a commit that has the files of an earlier one. No branch moves.
     *
     * @param parent what it comes after
     * @param filesOf whose files it has
     */
    CommitId write(CommitId parent, CommitId filesOf, Author author, String message)
            throws IOException;

    /** Says what a commit would do, as for a push. */
    Examination examine(CommitId commit, Pusher pusher) throws IOException;

    /**
     * Moves the branch to a commit and makes it the truth, as a push does: all or nothing.
     *
     * @param from where the branch is expected to stand
     */
    Landing land(CommitId from, CommitId to, Pusher pusher)
            throws IOException, SourceLedger.NotRecorded;

    /** What became of a commit that was to be the newest. */
    sealed interface Landing {
        /**
         * It is the truth.
         *
         * @param position of the last event that followed from it
         */
        record Landed(Position position, Plan plan) implements Landing {}

        /** Nothing changed. */
        record Rejected(List<String> objections) implements Landing {
            public Rejected {
                objections = List.copyOf(objections);
            }
        }
    }
}
