/**
 * Owns: the command line: one class per command, what it prints, and its exit code. A command ends
 * with 0 only when what it promises holds, with 1 when it does not, with 2 when it was called
 * wrongly.
 *
 * <p>Never does: decide anything about the cluster. It asks the running server, or reads the log.
 *
 * <p>Read next: {@link dev.shiplog.cli.Main}.
 */
@NullMarked
package dev.shiplog.cli;

import org.jspecify.annotations.NullMarked;
