package dev.shiplog.source.jgit;

import dev.shiplog.resource.CommitId;

import org.eclipse.jgit.internal.storage.file.LockFile;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Reads and moves one branch; every move names where the branch is expected to stand. */
final class Branch {
    private static final Set<RefUpdate.Result> MOVED =
            EnumSet.of(
                    RefUpdate.Result.NEW, RefUpdate.Result.FAST_FORWARD, RefUpdate.Result.FORCED);

    /** Of a commit's name, in the name of a branch that keeps it. */
    private static final int KEPT_DIGITS = 12;

    private Branch() {}

    /** Where a branch stands; the zero id if there is none. */
    static ObjectId tip(Repository repository, String branch) throws IOException {
        Ref ref = repository.exactRef(Constants.R_HEADS + branch);
        return ref == null || ref.getObjectId() == null ? ObjectId.zeroId() : ref.getObjectId();
    }

    /** Whether a branch stands somewhere; most of the time its file says so at once. */
    static boolean standsAt(Repository repository, String branch, ObjectId at) throws IOException {
        try {
            if (Files.readString(file(repository, branch)).strip().equals(at.name())) {
                return true;
            }
        } catch (IOException _) {
            // It may be packed with others, or not be at all: JGit knows where to look.
        }
        return tip(repository, branch).equals(at);
    }

    private static Path file(Repository repository, String branch) {
        return repository.getDirectory().toPath().resolve(Constants.R_HEADS + branch);
    }

    /** A tip as a commit; empty for the zero id. */
    static Optional<CommitId> head(ObjectId tip) {
        return tip.equals(ObjectId.zeroId())
                ? Optional.empty()
                : Optional.of(new CommitId(tip.name()));
    }

    /**
     * Moves a branch forward.
     *
     * @return false if it does not stand where it was expected
     */
    static boolean move(
            Repository repository, String branch, ObjectId from, ObjectId to, String why)
            throws IOException {
        return move(repository, branch, to, update(repository, branch, from, why));
    }

    private static boolean move(Repository repository, String branch, ObjectId to, RefUpdate update)
            throws IOException {
        update.setNewObjectId(to);
        boolean moved = MOVED.contains(update.update());
        if (moved) {
            durable(repository, branch);
        }
        return moved;
    }

    /** JGit makes the file of a reference durable, not its name. */
    static void durable(Repository repository, String branch) throws IOException {
        Path file = file(repository, branch);
        Path folder = file.getParent();
        if (folder != null && Files.isDirectory(folder)) {
            Durable.folder(folder);
        }
    }

    /**
     * Puts a branch somewhere as Git does, by a lock that takes its place, without a word in its
     * log; it is durable when this returns. The zero id for nowhere.
     */
    static void put(Repository repository, String branch, ObjectId to) throws IOException {
        Path file = file(repository, branch);
        if (to.equals(ObjectId.zeroId())) {
            Files.deleteIfExists(file);
        } else {
            LockFile lock = new LockFile(file.toFile());
            if (!lock.lock()) {
                throw new IOException(
                        "expected to move "
                                + branch
                                + ", found it locked: somebody else is writing "
                                + file);
            }
            lock.setFSync(true);
            try {
                lock.write(to);
                if (!lock.commit()) {
                    throw new IOException("expected to replace " + file + ", could not");
                }
            } finally {
                lock.unlock();
            }
        }
        durable(repository, branch);
    }

    /** Gives a commit that no branch leads to one of its own, and tells its name. */
    static String keep(Repository repository, ObjectId commit) throws IOException {
        String branch = "kept-" + commit.abbreviate(KEPT_DIGITS).name();
        put(repository, branch, commit);
        return branch;
    }

    /** Takes away the lock of a move that was under way when the program ended. */
    static void unlock(Repository repository, String branch) throws IOException {
        Files.deleteIfExists(
                repository.getDirectory().toPath().resolve(Constants.R_HEADS + branch + ".lock"));
    }

    /** Puts a branch back to where it was, when nothing followed from its move. */
    static void takeBack(Repository repository, String branch, ObjectId from, ObjectId to)
            throws IOException {
        RefUpdate update = update(repository, branch, from, "taken back");
        update.setForceUpdate(true);
        RefUpdate.Result result;
        if (to.equals(ObjectId.zeroId())) {
            result = update.delete();
        } else {
            update.setNewObjectId(to);
            result = update.update();
        }
        if (!MOVED.contains(result)) {
            throw new IOException(
                    "expected to move " + branch + " back to " + to.name() + ", found " + result);
        }
        durable(repository, branch);
    }

    private static RefUpdate update(Repository repository, String branch, ObjectId from, String why)
            throws IOException {
        RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
        update.setExpectedOldObjectId(from);
        update.setRefLogMessage(why, true);
        return update;
    }
}
