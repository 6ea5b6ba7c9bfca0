/**
 * Owns: which container of a pod a request means.
 *
 * <p>Never does: reach into a pod.
 *
 * <p>Read next: {@link dev.shiplog.api.pods.Containers}.
 */
@NullMarked
package dev.shiplog.api.pods;

import org.jspecify.annotations.NullMarked;
