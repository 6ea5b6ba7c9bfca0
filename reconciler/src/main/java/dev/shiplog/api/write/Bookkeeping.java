package dev.shiplog.api.write;

import java.util.Set;
import java.util.TreeSet;

/**
 * Annotations by which tools and controllers remember what they did. They live on the live resource
 * only: in Git they would say nothing to anybody, and change with every commit.
 */
final class Bookkeeping {
    private static final Set<String> ANNOTATIONS =
            new TreeSet<>(
                    Set.of(
                            "kubectl.kubernetes.io/last-applied-configuration",
                            "deployment.kubernetes.io/revision",
                            "deployment.kubernetes.io/revision-history",
                            "deployment.kubernetes.io/desired-replicas",
                            "deployment.kubernetes.io/max-replicas"));

    private Bookkeeping() {}

    static boolean isBookkeeping(String annotation) {
        return ANNOTATIONS.contains(annotation);
    }
}
