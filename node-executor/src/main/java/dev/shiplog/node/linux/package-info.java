/**
 * Owns: calls to the Linux kernel that Java has no words for: sockets inside another network
 * namespace, and pseudo terminals. By Java's own foreign function interface, no native code of
 * ours.
 *
 * <p>Never does: know pods or containers.
 *
 * <p>Read next: {@link dev.shiplog.node.linux.NetworkNamespace}, {@link
 * dev.shiplog.node.linux.Pty}.
 */
@NullMarked
package dev.shiplog.node.linux;

import org.jspecify.annotations.NullMarked;
