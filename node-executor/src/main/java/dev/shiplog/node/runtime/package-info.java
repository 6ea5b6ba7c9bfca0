/**
 * Owns: the port to whatever runs containers, small enough that three plug-ins fit behind it and
 * one contract test holds them all.
 *
 * <p>Never does: decide what should run, restart anything, or keep a record of its own that a
 * restart would lose: what runs is read back from the runtime.
 *
 * <p>Read next: {@link dev.shiplog.node.runtime.PodRuntime}.
 */
@NullMarked
package dev.shiplog.node.runtime;

import org.jspecify.annotations.NullMarked;
