package dev.shiplog.source;

import java.io.IOException;
import java.util.Optional;

/** The files of a branch as they are, with the changes of edits that are not committed yet. */
public interface WorkingFiles {
    /** The content of a file; empty if there is no such file. */
    Optional<byte[]> read(String path) throws IOException;

    /** Whether anything has that path: a file, a link or a folder. */
    boolean exists(String path) throws IOException;

    /**
     * The ignore file's rules.
     *
     * @param folder as in {@link CommitFiles#ignoreRules}
     */
    CommitFiles.IgnoreRules ignoreRules(String folder) throws IOException;
}
