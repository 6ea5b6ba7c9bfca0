package dev.shiplog.e2e;

import java.util.Map;
import java.util.TreeMap;

/** On a real Docker Engine, which says itself what lives. */
final class DockerTortureIT extends Torture {
    /** With those of {@link ProcessTortureIT}, fifty each time that all tests run. */
    private static final int ROUNDS = 15;

    DockerTortureIT() {
        super("docker", ROUNDS);
    }

    @Override
    Map<String, Integer> liveContainers(TestCluster cluster) {
        Map<String, Integer> live = new TreeMap<>();
        cluster.shell()
                .sh(
                        "docker ps --no-trunc --filter label=dev.shiplog.cluster="
                                + DockerJourneyIT.clusterId(cluster)
                                + " --format '{{.Label \"dev.shiplog.pod.uid\"}}/{{.Label \"dev.shiplog.container.name\"}}'")
                .ok()
                .lines()
                .filter(line -> !line.endsWith("/"))
                .forEach(line -> live.merge(line, 1, Integer::sum));
        return live;
    }
}
