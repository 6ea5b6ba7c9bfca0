/**
 * Owns: the wiring. {@link dev.shiplog.boot.Server} is a page of constructors that makes a cluster
 * out of the parts; a {@link dev.shiplog.boot.Profile} is the folder that it lives in.
 *
 * <p>Never does: logic of its own. It alone knows every module.
 *
 * <p>Read next: {@link dev.shiplog.boot.Server}.
 */
@NullMarked
package dev.shiplog.boot;

import org.jspecify.annotations.NullMarked;
