/**
 * Owns: pods that no node will ever finish with.
 *
 * <p>Never does: watch over nodes that are there.
 *
 * <p>Read next: {@link dev.shiplog.controller.node.PodGarbageController}.
 */
@NullMarked
package dev.shiplog.controller.node;

import org.jspecify.annotations.NullMarked;
