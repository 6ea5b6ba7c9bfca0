/**
 * Owns: the roles and bindings that every cluster begins with.
 *
 * <p>Never does: put them into a cluster; {@code boot} does.
 *
 * <p>Read next: {@code default-policy.txt} beside this package, which is the whole of it.
 */
@NullMarked
package dev.shiplog.api.auth.policy;

import org.jspecify.annotations.NullMarked;
