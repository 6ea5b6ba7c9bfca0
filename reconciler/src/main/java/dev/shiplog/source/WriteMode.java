package dev.shiplog.source;

import java.util.Locale;

/** What becomes of a change that a user makes through the API to what Git declares. */
public enum WriteMode {
    /** A commit on the branch that is the truth. */
    COMMIT,
    /** A commit on a branch of its own, to be reviewed and merged. */
    BRANCH,
    /** Nothing: the user is told, with a patch to commit. */
    DENY;

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
