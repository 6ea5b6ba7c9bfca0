package dev.shiplog.node.runtime.docker;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Whose containers: the names and labels by which a node finds its own again. Names are unique on
 * an Engine, which makes "at most one container of a name and attempt" the Engine's own promise.
 *
 * @param cluster lower-case letters, digits and hyphens
 */
record Owner(String cluster, String node) {
    static final String CLUSTER = "dev.shiplog.cluster";
    static final String NODE = "dev.shiplog.node";
    static final String POD_UID = "dev.shiplog.pod.uid";
    static final String POD_NAMESPACE = "dev.shiplog.pod.namespace";
    static final String POD_NAME = "dev.shiplog.pod.name";
    static final String HOST_NETWORK = "dev.shiplog.pod.host-network";
    static final String CONTAINER = "dev.shiplog.container.name";
    static final String ATTEMPT = "dev.shiplog.container.attempt";
    static final String IMAGE = "dev.shiplog.container.image";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    Owner {
        if (!NAME.matcher(cluster).matches()) {
            throw new IllegalArgumentException(
                    "expected a cluster id of lower-case letters, digits and hyphens, found: "
                            + cluster);
        }
    }

    String network() {
        return "shiplog-" + cluster;
    }

    Map<String, String> labels() {
        return Map.of(CLUSTER, cluster, NODE, node);
    }

    Map<String, String> labels(String podUid) {
        Map<String, String> labels = new TreeMap<>(labels());
        labels.put(POD_UID, podUid);
        return labels;
    }

    String sandboxName(SandboxSpec spec) {
        return "shiplog_%s_POD_%s_%s_%s"
                .formatted(cluster, spec.podName(), spec.namespace(), spec.podUid());
    }

    String containerName(SandboxStatus sandbox, ContainerSpec spec) {
        return "shiplog_%s_%s_%s_%s_%s_%d"
                .formatted(
                        cluster,
                        spec.name(),
                        sandbox.podName(),
                        sandbox.namespace(),
                        sandbox.podUid(),
                        spec.attempt());
    }

    Map<String, String> sandboxLabels(SandboxSpec spec) {
        Map<String, String> labels = new TreeMap<>(spec.labels());
        labels.putAll(podLabels(spec.podUid(), spec.namespace(), spec.podName()));
        labels.put(HOST_NETWORK, Boolean.toString(spec.hostNetwork()));
        return labels;
    }

    Map<String, String> containerLabels(SandboxStatus sandbox, ContainerSpec spec) {
        Map<String, String> labels =
                podLabels(sandbox.podUid(), sandbox.namespace(), sandbox.podName());
        labels.put(CONTAINER, spec.name());
        labels.put(ATTEMPT, Integer.toString(spec.attempt()));
        labels.put(IMAGE, spec.image());
        return labels;
    }

    private Map<String, String> podLabels(String uid, String namespace, String name) {
        Map<String, String> labels = labels(uid);
        labels.put(POD_NAMESPACE, namespace);
        labels.put(POD_NAME, name);
        return labels;
    }
}
