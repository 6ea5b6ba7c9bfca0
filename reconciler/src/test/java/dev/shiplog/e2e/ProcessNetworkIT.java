package dev.shiplog.e2e;

import java.nio.file.Path;

/** The network of pods that are plain Linux processes. */
final class ProcessNetworkIT extends NetworkJourney {
    ProcessNetworkIT() {
        super("process");
    }

    @Override
    int shared() {
        return 3;
    }

    @Override
    void load(TestCluster cluster, Path archive, String image) {
        cluster.shiplog("image", "import", archive.toString(), image).ok();
    }
}
