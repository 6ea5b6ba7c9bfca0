package dev.shiplog.source;

import java.util.Optional;

/** The repositories that the cluster serves, by name; mounted at {@code /git/<name>.git}. */
public interface GitService {
    /**
     * Finds a repository.
     *
     * @param name without {@code .git}; the cluster's own is {@code cluster}
     * @return empty if there is none of that name: answer 404
     */
    Optional<GitRepository> open(String name);
}
