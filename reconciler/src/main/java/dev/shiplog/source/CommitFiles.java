package dev.shiplog.source;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;

import java.io.IOException;
import java.util.List;

/**
 * What a repository holds, for reading. An {@link IOException} means that it cannot be read: then
 * nothing may be concluded from it, least of all that files are gone.
 */
public interface CommitFiles {
    /** Whether a commit and its tree are here. */
    boolean holds(CommitId commit) throws IOException;

    CommitInfo info(CommitId commit) throws IOException;

    /**
     * All files of a commit under a folder, sorted by path.
     *
     * @param folder without slashes at its ends; {@code ""} for all
     */
    List<FileEntry> files(CommitId commit, String folder) throws IOException;

    /** The paths under a folder that differ; costs the difference, not the trees. */
    List<FileChange> changes(CommitId before, CommitId after, String folder) throws IOException;

    /** The size of a file in bytes, without reading it. */
    long size(FileEntry file) throws IOException;

    byte[] read(FileEntry file) throws IOException;

    /** The rules of the file {@link ManifestFiles#IGNORE_FILE} of a commit. */
    IgnoreRules ignoreRules(CommitId commit, String folder) throws IOException;

    /** Which files a repository says are no manifests. */
    @FunctionalInterface
    interface IgnoreRules {
        /** Ignores nothing. */
        IgnoreRules NONE = _ -> false;

        /**
         * @param path from the folder that the source takes its truth from
         */
        boolean ignores(String path);
    }
}
