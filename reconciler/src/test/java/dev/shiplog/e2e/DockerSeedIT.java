package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.runtime.docker.PrivateDockerd;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The guide's manifests on a Docker Engine of the test's own: images that are named as everybody
 * names them are brought to it.
 */
final class DockerSeedIT extends SeedJourney {
    private Optional<PrivateDockerd> engine = Optional.empty();

    DockerSeedIT() {
        super("docker");
    }

    @Override
    List<String> prefix() throws Exception {
        assumeTrue(PrivateDockerd.program().isPresent(), "a dockerd that root may start");
        PrivateDockerd own = PrivateDockerd.start(false);
        engine = Optional.of(own);
        return List.of("env", "DOCKER_HOST=" + own.uri());
    }

    @Override
    Optional<String> sandbox(TestCluster cluster, String uid) {
        return cluster.shell()
                .sh(
                        "for id in $(docker ps -q --filter label=dev.shiplog.pod.uid="
                                + uid
                                + "); do docker inspect -f '{{.State.Pid}} {{index .Config.Labels"
                                + " \"dev.shiplog.container.name\"}}' $id; done")
                .ok()
                .lines()
                .map(line -> line.strip().split(" ", -1))
                .filter(words -> words.length == 1)
                .map(words -> words[0])
                .findFirst();
    }

    @Override
    SortedSet<String> containers(TestCluster cluster) {
        return new TreeSet<>(
                cluster.shell()
                        .sh("docker ps -q --no-trunc --filter label=dev.shiplog.container.name")
                        .ok()
                        .lines()
                        .toList());
    }

    @Override
    void end() throws Exception {
        if (engine.isPresent()) {
            engine.get().stop();
        }
    }
}
