/**
 * Owns: every use of the JGit library: the repository that the cluster serves, the mirrors of
 * repositories that it follows, and the commits that it writes to either on behalf of users.
 *
 * <p>Never does: know what a manifest means, or decide anything (see {@code dev.shiplog.source});
 * speak HTTP to clients (the API mounts {@link dev.shiplog.source.GitRepository}).
 *
 * <p>Read next: {@link dev.shiplog.source.jgit.ServedRepository}, then {@link
 * dev.shiplog.source.jgit.Follower} and {@link dev.shiplog.source.jgit.GroupCommit}.
 */
@NullMarked
package dev.shiplog.source.jgit;

import org.jspecify.annotations.NullMarked;
