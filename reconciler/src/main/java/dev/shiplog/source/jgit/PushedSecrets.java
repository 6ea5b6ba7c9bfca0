package dev.shiplog.source.jgit;

import dev.shiplog.resource.CommitId;
import dev.shiplog.source.Intake;

import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks through every commit that a push brings, wherever it goes: a Secret in one that a later
 * commit takes back, or on a branch that nobody follows, can be fetched all the same. Costs what
 * the commits changed.
 */
final class PushedSecrets {
    private final Repository repository;
    private final Intake intake;

    PushedSecrets(Repository repository, Intake intake) {
        this.repository = repository;
        this.intake = intake;
    }

    /**
     * What speaks against a tip, each with its commit; empty for nothing. Ends with the first
     * commit that has something.
     */
    List<String> objections(ObjectId tip) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            RevObject object = walk.peel(walk.parseAny(tip));
            if (!(object instanceof RevCommit start)) {
                return List.of();
            }
            walk.markStart(start);
            for (Ref known : repository.getRefDatabase().getRefs()) {
                hide(walk, known);
            }
            int commits = 0;
            for (RevCommit commit : walk) {
                if (++commits > GitLimits.MAX_NEW_COMMITS) {
                    return List.of(
                            "expected at most "
                                    + GitLimits.MAX_NEW_COMMITS
                                    + " new commits in a push, found more; push them in parts");
                }
                List<String> exposed = exposed(commit);
                if (!exposed.isEmpty()) {
                    return exposed;
                }
            }
            return List.of();
        }
    }

    private static void hide(RevWalk walk, Ref known) throws IOException {
        if (known.getObjectId() != null) {
            try {
                walk.markUninteresting(walk.parseCommit(known.getObjectId()));
            } catch (IncorrectObjectTypeException _) {
                // A tag of something else has no commits to hide.
            }
        }
    }

    private List<String> exposed(RevCommit commit) throws IOException {
        Optional<CommitId> parent =
                commit.getParentCount() == 0
                        ? Optional.empty()
                        : Optional.of(new CommitId(commit.getParent(0).name()));
        List<String> objections = new ArrayList<>();
        for (String problem : intake.plainSecrets(new CommitId(commit.name()), parent)) {
            objections.add("commit " + commit.name().substring(0, 10) + ": " + problem);
        }
        if (!objections.isEmpty()) {
            objections.add(
                    "take it out of every commit that is not pushed yet (git rebase -i): a later"
                            + " commit that deletes it still lets everybody fetch it");
        }
        return objections;
    }
}
