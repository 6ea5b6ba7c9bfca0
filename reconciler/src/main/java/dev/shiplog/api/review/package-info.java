/**
 * Owns: the questions about access that are asked by creating an object which nobody keeps:
 * authorization.k8s.io, authentication.k8s.io, and tokens of service accounts.
 *
 * <p>Never does: know the answers; {@code api.auth} does.
 *
 * <p>Read next: {@link dev.shiplog.api.review.Reviews}.
 */
@NullMarked
package dev.shiplog.api.review;

import org.jspecify.annotations.NullMarked;
