package dev.shiplog.controller.deployment;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The annotations by which a Deployment and its ReplicaSets remember rollouts. */
final class Annotations {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
    static final String MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

    /** What is the Deployment's own business and not copied to its ReplicaSets. */
    private static final TreeSet<String> OWN =
            new TreeSet<>(
                    java.util.List.of(
                            REVISION,
                            REVISION_HISTORY,
                            DESIRED_REPLICAS,
                            MAX_REPLICAS,
                            "deprecated.deployment.rollback.to",
                            "kubectl.kubernetes.io/last-applied-configuration"));

    private Annotations() {}

    static long number(SortedMap<String, String> annotations, String name) {
        String text = annotations.getOrDefault(name, "0");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Those of the ReplicaSet that stands for a rollout now. */
    static SortedMap<String, String> current(
            DeploymentWish wish, SortedMap<String, String> before, long revision) {
        SortedMap<String, String> after = sized(wish, before);
        wish.owner().metadata().annotations().entrySet().stream()
                .filter(annotation -> !OWN.contains(annotation.getKey()))
                .forEach(annotation -> after.put(annotation.getKey(), annotation.getValue()));
        long last = number(before, REVISION);
        if (last < revision) {
            after.put(REVISION, Long.toString(revision));
            if (last > 0) {
                after.merge(REVISION_HISTORY, Long.toString(last), (all, one) -> all + "," + one);
            }
        }
        return after;
    }

    /** With the size that the whole Deployment is wished to have. */
    static SortedMap<String, String> sized(DeploymentWish wish, SortedMap<String, String> before) {
        SortedMap<String, String> after = new TreeMap<>(before);
        after.put(DESIRED_REPLICAS, Integer.toString(wish.replicas()));
        after.put(MAX_REPLICAS, Integer.toString(wish.ceiling()));
        return after;
    }
}
