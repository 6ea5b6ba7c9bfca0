package dev.shiplog.e2e;

import java.nio.file.Path;

/** The guide's rows without Docker. */
final class ProcessGuideIT extends GuideRows {
    ProcessGuideIT() {
        super("process");
    }

    @Override
    void load(TestCluster cluster, Path archive, String image) {
        cluster.shiplog("image", "import", archive.toString(), image).ok();
    }
}
