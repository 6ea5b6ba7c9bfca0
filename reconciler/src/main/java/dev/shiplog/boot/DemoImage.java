package dev.shiplog.boot;

import dev.shiplog.node.image.ImageStore;
import dev.shiplog.node.runtime.BusyboxImage;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.docker.DockerRuntime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sees to it that the image of the example manifests is there: pulled, or, where no registry
 * answers, built under the same name from the busybox of this machine or of its package manager.
 */
final class DemoImage {
    static final String NAME = "busybox:1.37";

    private static final Logger LOG = Logger.getLogger(DemoImage.class.getName());
    private static final int INSTALL_SECONDS = 120;

    private final PodRuntime runtime;
    private final Optional<ImageStore> images;
    private final Activity activity;

    DemoImage(PodRuntime runtime, Optional<ImageStore> images, Activity activity) {
        this.runtime = runtime;
        this.images = images;
        this.activity = activity;
    }

    /**
     * Returns once the image is there, or once it is clear that it cannot be had; the pods then say
     * why.
     */
    void ensure() {
        try {
            if (runtime.imageId(NAME).isPresent()) {
                return;
            }
            activity.begins(NAME, "pulling " + NAME);
            runtime.pull(
                    NAME,
                    progress ->
                            activity.begins(
                                    NAME,
                                    "pulling "
                                            + NAME
                                            + ": "
                                            + progress.doneBytes() / 1024
                                            + " of "
                                            + progress.totalBytes() / 1024
                                            + " KiB"));
            activity.milestone("pulled " + NAME);
        } catch (RuntimeFailure pullFailed) {
            LOG.log(Level.INFO, "pulling {0}: {1}", new Object[] {NAME, pullFailed.getMessage()});
            build();
        } finally {
            activity.ends(NAME);
        }
    }

    private void build() {
        try {
            activity.begins(
                    NAME, "no registry answers: building " + NAME + " from this machine's busybox");
            Optional<Path> busybox = BusyboxImage.onThisMachine();
            if (busybox.isEmpty() && install()) {
                busybox = BusyboxImage.onThisMachine();
            }
            if (busybox.isEmpty()) {
                activity.milestone(
                        "no registry answers, and there is no static busybox here to build "
                                + NAME
                                + " from: install busybox-static, or pull the image yourself");
                return;
            }
            if (runtime instanceof DockerRuntime docker) {
                docker.buildBusybox(NAME, busybox.get());
            } else if (images.isPresent()) {
                images.get().importBusybox(busybox.get(), NAME);
            }
            activity.milestone("no registry answers: built " + NAME + " from " + busybox.get());
        } catch (RuntimeFailure | IOException e) {
            LOG.log(Level.WARNING, "building " + NAME, e);
            activity.milestone("building " + NAME + " failed: " + e.getMessage());
        }
    }

    /** Asks the package manager for a static busybox; whether it gave one. */
    private boolean install() throws IOException {
        activity.begins(NAME, "installing busybox-static");
        try {
            Process process =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    "command -v apt-get >/dev/null && apt-get install -y -q busybox-static")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
