package dev.shiplog.e2e;

import java.nio.file.Path;

/** The network of pods on a real Docker Engine. */
final class DockerNetworkIT extends NetworkJourney {
    DockerNetworkIT() {
        super("docker");
    }

    /** An Engine gives each container a UTS namespace of its own: all have the pod's name in it. */
    @Override
    int shared() {
        return 2;
    }

    @Override
    void load(TestCluster cluster, Path archive, String image) {
        cluster.shell()
                .sh(
                        "docker image inspect %s >/dev/null 2>&1 || docker import %s %s"
                                .formatted(image, archive, image))
                .ok();
    }
}
