package dev.shiplog.source.jgit;

import dev.shiplog.source.Pusher;

import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The branches of changes that wait for a review. */
final class Proposals {
    private static final int DIGEST_BYTES = 6;

    private Proposals() {}

    /**
     * {@code shiplog/<user>/<digest>}, of characters that a branch's name may have. The digest is
     * of what the change begins from and leads to, not of when and by which request: who proposes
     * the same again finds the branch that there is.
     *
     * @param base the commit that the change follows
     * @param tree what the repository holds with it
     */
    static String branch(Pusher pusher, ObjectId base, ObjectId tree) {
        MessageDigest digest = Constants.newMessageDigest();
        digest.update((base.name() + tree.name()).getBytes(StandardCharsets.US_ASCII));
        String user = pusher.name().replaceAll("[^A-Za-z0-9_-]+", "-");
        String name =
                "shiplog/"
                        + user
                        + "/"
                        + HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
        if (!Repository.isValidRefName(Constants.R_HEADS + name)) {
            throw new IllegalStateException("expected the name of a branch, found " + name);
        }
        return name;
    }
}
