package dev.shiplog.e2e;

import java.util.SortedSet;
import java.util.TreeSet;

/** The journey without Docker: plain Linux processes in namespaces of their own. */
final class ProcessJourneyIT extends UserJourney {
    ProcessJourneyIT() {
        super("process");
    }

    /** Container ids as kubectl shows them: an id is one life of a container. */
    @Override
    SortedSet<String> containers(TestCluster cluster) {
        SortedSet<String> ids = new TreeSet<>();
        cluster.shell()
                .sh("ls " + cluster.folder().resolve("process") + "/containers 2>/dev/null || true")
                .ok()
                .lines()
                .forEach(ids::add);
        return ids;
    }

    /** Mounts below the profile, and the bridge of the pods. */
    @Override
    String remains(TestCluster cluster) {
        return cluster.shell()
                .sh(
                        "grep -F "
                                + cluster.folder()
                                + " /proc/self/mountinfo | cut -d' ' -f5; "
                                + DockerJourneyIT.networkParts(cluster))
                .ok()
                .strip();
    }
}
