/**
 * Owns: who somebody is and what they may do: the port through which every write is looked at, and
 * the chain of ways to read a bearer token.
 *
 * <p>Never does: HTTP, or change anything.
 *
 * <p>Read next: {@link dev.shiplog.api.auth.WriteGuard}, then {@code api.auth.rbac}.
 */
@NullMarked
package dev.shiplog.api.auth;

import org.jspecify.annotations.NullMarked;
