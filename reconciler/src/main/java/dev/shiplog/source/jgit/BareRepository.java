package dev.shiplog.source.jgit;

import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryBuilder;
import org.eclipse.jgit.lib.StoredConfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Opens bare repositories and makes new ones. A new one appears under its name whole, with its
 * first commit, or not at all.
 */
final class BareRepository {
    /**
     * What a new repository begins with.
     *
     * @param folder whose files become the first commit
     */
    record First(Path folder, PersonIdent author, String message) {}

    private BareRepository() {}

    static Repository open(Path directory, String branch, Optional<First> first)
            throws IOException {
        if (!Files.exists(directory.resolve(Constants.HEAD))) {
            create(directory, branch, first);
        }
        return opened(directory);
    }

    /** Where the objects of a repository on disk lie. */
    static ObjectDirectory objects(Repository repository) {
        if (repository.getObjectDatabase() instanceof ObjectDirectory objects) {
            return objects;
        }
        throw new IllegalStateException(
                "expected a repository on disk, found " + repository.getObjectDatabase());
    }

    private static Repository opened(Path directory) throws IOException {
        Repository repository = builder(directory).setMustExist(true).build();
        configure(repository.getConfig());
        return repository;
    }

    private static void create(Path directory, String branch, Optional<First> first)
            throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("expected a folder for a repository, found " + directory);
        }
        Files.createDirectories(parent);
        Path draft = parent.resolve("." + directory.getFileName() + "." + UUID.randomUUID());
        try (Repository repository = builder(draft).build()) {
            repository.create(true);
            // Not saved: Git itself calls one of these settings deprecated.
            configure(repository.getConfig());
            repository.updateRef(Constants.HEAD).link(Constants.R_HEADS + branch);
            if (first.isPresent()) {
                ObjectId commit =
                        FirstCommit.write(
                                repository,
                                first.get().folder(),
                                first.get().author(),
                                first.get().message());
                RefUpdate update = repository.updateRef(Constants.R_HEADS + branch);
                update.setNewObjectId(commit);
                update.setExpectedOldObjectId(ObjectId.zeroId());
                RefUpdate.Result result = update.update();
                if (result != RefUpdate.Result.NEW) {
                    throw new IOException(
                            "expected a new branch "
                                    + branch
                                    + " in "
                                    + draft
                                    + ", found "
                                    + result);
                }
            }
        }
        Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What is acknowledged is on the disk; what is large is not held in memory. */
    static void configure(StoredConfig config) {
        config.setBoolean("core", null, "fsyncObjectFiles", true);
        config.setBoolean("core", null, "fsyncRefFiles", true);
        config.setInt("core", null, "streamFileThreshold", GitLimits.STREAM_THRESHOLD_BYTES);
        config.setBoolean("core", null, "logAllRefUpdates", true);
    }

    private static BaseRepositoryBuilder<?, ?> builder(Path directory) {
        return new RepositoryBuilder().setBare().setGitDir(directory.toFile());
    }
}
