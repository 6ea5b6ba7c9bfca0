package dev.shiplog.e2e;

import dev.shiplog.node.network.NetworkNames;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedSet;
import java.util.TreeSet;

/** The journey on a real Docker Engine. */
final class DockerJourneyIT extends UserJourney {
    DockerJourneyIT() {
        super("docker");
    }

    @Override
    SortedSet<String> containers(TestCluster cluster) {
        SortedSet<String> ids = new TreeSet<>();
        list(
                        cluster,
                        "docker ps -a -q --no-trunc --filter label=dev.shiplog.cluster="
                                + clusterId(cluster))
                .lines()
                .forEach(ids::add);
        return ids;
    }

    @Override
    String remains(TestCluster cluster) {
        return list(
                cluster,
                "docker network ls -q --filter label=dev.shiplog.cluster="
                        + clusterId(cluster)
                        + "; "
                        + networkParts(cluster));
    }

    /** A command that lists the links and nftables tables of the cluster's node. */
    static String networkParts(TestCluster cluster) {
        String key = NetworkNames.of(clusterId(cluster), "node-1").key();
        return "{ ip -o link; nft list tables; } | grep -o 'sh[lx][-_]" + key + "' | sort -u; true";
    }

    /** The id that the cluster's containers carry; kept after the cluster is gone. */
    static String clusterId(TestCluster cluster) {
        try {
            Path file = cluster.folder().resolve("cluster-id");
            if (Files.exists(file)) {
                Files.copy(
                        file,
                        cluster.base().resolve("cluster-id"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            return Files.readString(cluster.base().resolve("cluster-id")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String list(TestCluster cluster, String command) {
        return cluster.shell().sh(command).ok().strip();
    }
}
