/**
 * Owns: the end of a namespace: first all that is in it, then itself.
 *
 * <p>Never does: decide how each thing in it goes; {@code dev.shiplog.decide} does.
 *
 * <p>Read next: {@link dev.shiplog.controller.namespace.NamespaceController}.
 */
@NullMarked
package dev.shiplog.controller.namespace;

import org.jspecify.annotations.NullMarked;
