/**
 * Owns: sessions into pods as kubectl speaks them: exec, attach and port-forward.
 *
 * <p>Never does: know how a pod is reached, or what HTTP is.
 *
 * <p>Read next: {@link dev.shiplog.api.stream.PodStreams}.
 */
@NullMarked
package dev.shiplog.api.stream;

import org.jspecify.annotations.NullMarked;
