package dev.shiplog.e2e;

import java.nio.file.Path;

/** The guide's rows on a real Docker Engine. */
final class DockerGuideIT extends GuideRows {
    DockerGuideIT() {
        super("docker");
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
