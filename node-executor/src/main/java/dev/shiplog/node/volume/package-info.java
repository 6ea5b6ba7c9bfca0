/**
 * Owns: the volumes of pods on this machine: their directories, the files in them, how a change of
 * these files becomes visible all at once, and where Secrets lie, which is never on a disk.
 *
 * <p>Never does: decide what should be in a volume, or mount anything into a container.
 *
 * <p>Read next: {@link dev.shiplog.node.volume.Volume}, then {@link
 * dev.shiplog.node.volume.DiskVolumes}.
 */
@NullMarked
package dev.shiplog.node.volume;

import org.jspecify.annotations.NullMarked;
