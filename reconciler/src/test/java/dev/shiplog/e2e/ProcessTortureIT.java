package dev.shiplog.e2e;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Without Docker. What lives is what the kernel says: a process in a control group of the cluster's
 * is a container's, and the group is named after it.
 */
final class ProcessTortureIT extends Torture {
    private static final int ROUNDS = 35;

    ProcessTortureIT() {
        super("process", ROUNDS);
    }

    @Override
    Map<String, Integer> liveContainers(TestCluster cluster) {
        String key = NetworkNames.of(DockerJourneyIT.clusterId(cluster), "node-1").key();
        Map<String, Integer> live = new TreeMap<>();
        // Processes come and go while they are looked at.
        cluster.shell()
                .sh(
                        "cat /proc/[0-9]*/cgroup 2>/dev/null | grep -oE '/shiplog/"
                                + key
                                + "/[0-9a-f-]{36}/[0-9a-f]+$' | sort -u; true")
                .ok()
                .lines()
                .map(line -> line.split("/", -1))
                .forEach(parts ->
                        live.merge(parts[3] + "/" + name(cluster, parts[4]), 1, Integer::sum));
        return live;
    }

    private static String name(TestCluster cluster, String id) {
        Path record =
                cluster.folder()
                        .resolve("process/containers")
                        .resolve(id)
                        .resolve("container.json");
        try {
            return Files.exists(record)
                    ? Json.parse(Files.readString(record)).toNode().path("name").asText()
                    : "forgotten " + id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
