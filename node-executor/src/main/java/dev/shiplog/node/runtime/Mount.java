package dev.shiplog.node.runtime;

import java.nio.file.Path;

/**
 * A file or directory of this machine that a container sees at a path of its own.
 *
 * @param hostPath absolute; it exists when the container is started, as a file or a directory
 * @param containerPath absolute, and not the root; what is missing there is made, as a file or a
 *     directory as {@code hostPath} is. A link of the image is followed inside the image only
 * @param readOnly whether the container may only read. File systems that are mounted below {@code
 *     hostPath} keep what they are
 * @param propagation what of later mounts below is seen on the other side
 */
public record Mount(
        Path hostPath, String containerPath, boolean readOnly, Propagation propagation) {
    public Mount {
        if (!hostPath.isAbsolute()) {
            throw new IllegalArgumentException(
                    "expected an absolute path of the machine, found " + hostPath);
        }
        if (!containerPath.startsWith("/") || containerPath.equals("/")) {
            throw new IllegalArgumentException(
                    "expected an absolute path below a container's root, found " + containerPath);
        }
    }

    /** One that may be written to, without propagation. */
    public static Mount of(Path hostPath, String containerPath) {
        return new Mount(hostPath, containerPath, false, Propagation.NONE);
    }

    /** One that can only be read, without propagation. */
    public static Mount readOnly(Path hostPath, String containerPath) {
        return new Mount(hostPath, containerPath, true, Propagation.NONE);
    }

    /** Kubernetes' {@code mountPropagation}. */
    public enum Propagation {
        /** Neither side sees what the other mounts later. */
        NONE("rprivate"),
        /** The container sees what the machine mounts later. */
        HOST_TO_CONTAINER("rslave"),
        /**
         * Each sees what the other mounts later. Needs a runtime that allows a container to mount.
         */
        BIDIRECTIONAL("rshared");

        private final String option;

        Propagation(String option) {
            this.option = option;
        }

        /** The word for it that mount(8), Docker and OCI runtimes share. */
        public String option() {
            return option;
        }
    }
}
