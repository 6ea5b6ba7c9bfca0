package dev.shiplog.journal;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Position;

import java.util.Optional;

/**
 * Where an event comes from: who, because of what, in the course of which request, and from which
 * commit.
 *
 * @param actor who acted: {@code user:<name>}, {@code git:<author e-mail>}, {@code
 *     controller:<name>}, {@code scheduler:<name>}, {@code node:<name>} or {@code system:<part>}
 * @param cause the event that led to this one
 * @param correlation the id of the request that began the whole chain; the same for every event of
 *     it
 * @param commit the commit that began the chain, if one did
 * @param further what led to it beside {@code cause}, which explains most
 */
public record Origin(
        String actor,
        Cause cause,
        String correlation,
        Optional<CommitId> commit,
        FurtherCauses further) {
    public Origin {
        if (actor.isEmpty() || correlation.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an actor and a correlation, found \""
                            + actor
                            + "\" and \""
                            + correlation
                            + "\"");
        }
    }

    /** One with a single cause, or none. */
    public Origin(String actor, Cause cause, String correlation, Optional<CommitId> commit) {
        this(actor, cause, correlation, commit, FurtherCauses.NONE);
    }

    /** A request from outside that no commit began. */
    public static Origin request(String actor, String correlation) {
        return new Origin(actor, Cause.none(), correlation, Optional.empty());
    }

    /** What a commit does is done by its author. */
    public static Origin ofCommit(CommitId commit, CommitInfo info) {
        String email = info.authorEmail().isBlank() ? "unknown" : info.authorEmail().strip();
        return new Origin("git:" + email, Cause.none(), "commit:" + commit, Optional.of(commit));
    }

    /** What follows from an event of this origin at a position, done by another actor. */
    public Origin followedBy(String nextActor, Position position) {
        return new Origin(nextActor, new Cause.At(position), correlation, commit);
    }

    /** With another cause, and that alone. */
    public Origin withCause(Cause value) {
        return new Origin(actor, value, correlation, commit);
    }

    public Origin with(FurtherCauses value) {
        return new Origin(actor, cause, correlation, commit, value);
    }
}
