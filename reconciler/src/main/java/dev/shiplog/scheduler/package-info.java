/**
 * Owns: which node a pod gets: a list of filters, then a list of scores, one idea a file. Why a
 * filter refuses a node is what {@code kubectl describe} shows.
 *
 * <p>Never does: start a pod, or move one that has its node.
 *
 * <p>Read next: {@link dev.shiplog.scheduler.Scheduler}, then {@link
 * dev.shiplog.scheduler.Filters}.
 */
@NullMarked
package dev.shiplog.scheduler;

import org.jspecify.annotations.NullMarked;
