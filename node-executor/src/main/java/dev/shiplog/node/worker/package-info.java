/**
 * Owns: one worker a pod: it looks, asks the plan, carries out what the plan says, reports, and
 * waits for whatever comes first: a newer wish, a hint, or the time to look again.
 *
 * <p>Never does: decide. What to do is {@code dev.shiplog.node.plan}'s to say.
 *
 * <p>Read next: {@link dev.shiplog.node.worker.PodLife}, then {@link
 * dev.shiplog.node.worker.PodWorker}.
 */
@NullMarked
package dev.shiplog.node.worker;

import org.jspecify.annotations.NullMarked;
