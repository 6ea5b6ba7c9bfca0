/**
 * Owns: images on this machine's disk for runtimes that unpack them themselves: names, archives,
 * layers, and what a registry sends.
 *
 * <p>Never does: run anything, or write outside its own directory, whatever an archive asks for.
 *
 * <p>Read next: {@link dev.shiplog.node.image.ImageStore}.
 */
@NullMarked
package dev.shiplog.node.image;

import org.jspecify.annotations.NullMarked;
