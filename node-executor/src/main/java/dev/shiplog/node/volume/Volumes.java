package dev.shiplog.node.volume;

import dev.shiplog.node.runtime.Mount;
import dev.shiplog.resource.Uid;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The volumes of this node's pods. Every call is idempotent. Safe for several threads. */
public interface Volumes {
    /** For runtimes that only pretend: every volume is there, and nothing is on this machine. */
    Volumes NONE = new Pretended();

    /**
     * What became of a pod's volumes.
     *
     * @param paths where each begins on this machine, by name
     * @param renewAt when they must be made again, because a token in them should be renewed
     */
    record Made(SortedMap<String, Path> paths, Optional<Instant> renewAt) {
        public Made {
            paths = Collections.unmodifiableSortedMap(new TreeMap<>(paths));
        }
    }

    /** Makes a pod's volumes as they should be, or changes them into that. */
    Made make(PodVolumes volumes) throws VolumeFailure;

    /**
     * Makes the files that a container is to see ready for being mounted: those below a volume's
     * beginning are looked up in the volume, never outside, and a directory is made of what is
     * missing.
     */
    List<Mount> ready(Uid pod, List<Mount> mounts) throws VolumeFailure;

    /** How much each volume holds, in bytes, of those that lie on this machine's disk. */
    SortedMap<String, Long> usage(Uid pod) throws VolumeFailure;

    /** Removes all of a pod's volumes. Nothing happens if there are none. */
    void remove(Uid pod) throws VolumeFailure;

    /** The pods that have volumes here. */
    Set<Uid> pods() throws VolumeFailure;

    /** Where the pods' containers leave their last words. */
    default MessageFiles messages() {
        return MessageFiles.NONE;
    }

    /** Keeps nothing. */
    final class Pretended implements Volumes {
        private Pretended() {}

        @Override
        public Made make(PodVolumes volumes) {
            SortedMap<String, Path> paths = new TreeMap<>();
            for (Volume volume : volumes.volumes()) {
                paths.put(
                        volume.name(),
                        volume instanceof Volume.HostPath host
                                ? host.path()
                                : Path.of("/pretended", volumes.uid().value(), volume.name()));
            }
            return new Made(paths, Optional.empty());
        }

        @Override
        public List<Mount> ready(Uid pod, List<Mount> mounts) {
            return mounts;
        }

        @Override
        public SortedMap<String, Long> usage(Uid pod) {
            return new TreeMap<>();
        }

        @Override
        public void remove(Uid pod) {}

        @Override
        public Set<Uid> pods() {
            return new TreeSet<>();
        }
    }
}
