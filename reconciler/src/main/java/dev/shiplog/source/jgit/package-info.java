/**
 * Owns: every use of the JGit library: the repository that the cluster serves, and the mirrors of
 * repositories that it follows.
 *
 * <p>Never does: know what a manifest means, or decide anything (see {@code dev.shiplog.source});
 * speak HTTP to clients (the API mounts {@link dev.shiplog.source.GitRepository}).
 *
 * <p>Read next: {@link dev.shiplog.source.jgit.ServedRepository}, then {@link
 * dev.shiplog.source.jgit.Follower}.
 */
@NullMarked
package dev.shiplog.source.jgit;

import org.jspecify.annotations.NullMarked;
