package dev.shiplog.e2e;

import java.nio.file.Path;

/** Lives of pods as plain Linux processes. */
final class ProcessPodLifeIT extends PodLifeJourney {
    ProcessPodLifeIT() {
        super("process");
    }

    @Override
    void load(TestCluster cluster, Path archive, String image) {
        cluster.shiplog("image", "import", archive.toString(), image).ok();
    }
}
