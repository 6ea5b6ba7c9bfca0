package dev.shiplog.source.jgit;

import dev.shiplog.resource.CommitId;
import dev.shiplog.source.Pusher;

import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** The branches of changes that wait for a review. */
final class Proposals {
    private static final int SHORT_ID = 8;

    private Proposals() {}

    /** {@code shiplog/<user>/<short id>}, of characters that a branch's name may have. */
    static String branch(Pusher pusher, CommitId commit) {
        String user = pusher.name().replaceAll("[^A-Za-z0-9_-]+", "-");
        String name = "shiplog/" + user + "/" + commit.value().substring(0, SHORT_ID);
        if (!Repository.isValidRefName(Constants.R_HEADS + name)) {
            throw new IllegalStateException("expected the name of a branch, found " + name);
        }
        return name;
    }
}
