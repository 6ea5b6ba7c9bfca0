/**
 * Owns: what becomes of a client's write: the body is decoded and checked, the document completed
 * and compared, and then either committed, if Git declares the resource, or recorded, if it does
 * not.
 *
 * <p>Never does: edit files or touch a repository; {@code dev.shiplog.source.Declarations} does.
 * Never decides what may happen to a resource; {@code dev.shiplog.decide} does.
 *
 * <p>Read next: {@link dev.shiplog.api.write.Writes}, then {@code Updates}, {@code Documents},
 * {@code Landing}.
 */
@NullMarked
package dev.shiplog.api.write;

import org.jspecify.annotations.NullMarked;
