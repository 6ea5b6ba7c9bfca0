package dev.shiplog.node.volume;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** A volume of a pod as it should be. */
public sealed interface Volume {
    /** Its name in the pod. */
    String name();

    /**
     * A directory that is empty at first and lives as long as the pod.
     *
     * @param memory whether it is in memory, where it counts as such
     * @param limitBytes how large it may become: in memory, the kernel holds it to that; on disk, a
     *     pod that uses more is evicted
     */
    record EmptyDir(String name, boolean memory, OptionalLong limitBytes) implements Volume {}

    /**
     * Something of this machine.
     *
     * @param type what must be there or is made, in Kubernetes' words; empty for anything
     */
    record HostPath(String name, Path path, String type) implements Volume {}

    /**
     * Files that the cluster gives.
     *
     * @param secret whether they must not touch a disk
     * @param files by path in the volume: relative, without {@code ..}
     * @param tokens files that hold tokens of the pod's service account
     */
    record Files(
            String name,
            boolean secret,
            SortedMap<String, FileContent> files,
            List<TokenFile> tokens)
            implements Volume {
        public Files {
            files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * @param path in the volume
     * @param audience whom the token is meant for; empty for the API server
     * @param seconds how long it holds; renewed long before
     */
    record TokenFile(String path, String audience, long seconds, int mode) {}
}
