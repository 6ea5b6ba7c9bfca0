/**
 * Owns: pods on a Linux machine without a container engine: namespaces, addresses, control groups,
 * mounts, one small supervisor per container, and all of that on disk.
 *
 * <p>Never does: stand between a container and its life. Kill this program at any moment: the
 * containers run on, their output is kept, their ends are recorded, and the next program finds it
 * all.
 *
 * <p>How it fits together: a <em>sandbox</em> is three namespaces held by mounts below {@code ns/};
 * a <em>container</em> is a directory below {@code containers/}, and a supervisor (the shell script
 * {@code supervise.sh}) that mounts its files, runs it through {@code crun}, {@code runc} or {@code
 * unshare}, and writes {@code events/ID.started} and {@code events/ID.exited}. Everything that
 * {@link dev.shiplog.node.runtime.PodRuntime#list} tells is read from these.
 *
 * <p>Read next: {@link dev.shiplog.node.runtime.process.ProcessRuntime}, then {@code supervise.sh}
 * and {@code init.sh} among the resources.
 */
@NullMarked
package dev.shiplog.node.runtime.process;

import org.jspecify.annotations.NullMarked;
