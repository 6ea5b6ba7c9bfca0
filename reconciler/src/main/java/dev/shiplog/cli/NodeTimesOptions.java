package dev.shiplog.cli;

import dev.shiplog.boot.NodeTimes;
import dev.shiplog.boot.Profile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;

/** How patient a cluster is with its nodes. What is not said stays as it was. */
final class NodeTimesOptions {
    @Option(
            names = "--node-monitor-grace-period",
            paramLabel = "TIME",
            converter = Life.class,
            description = "How long a node may be silent before it counts as lost (default: 40s).")
    private @Nullable Duration grace;

    @Option(
            names = "--node-certificate-lifetime",
            paramLabel = "TIME",
            converter = Life.class,
            description =
                    "How long the certificate of a node that joins holds; it renews it in time"
                            + " (default: 365d).")
    private @Nullable Duration life;

    /** Keeps what was said for the server. */
    void keep(Profile profile) throws IOException {
        if (grace == null && life == null) {
            return;
        }
        try {
            NodeTimes before = NodeTimes.read(profile);
            profile.create();
            new NodeTimes(
                            grace == null ? before.grace() : grace,
                            life == null ? before.certificateLife() : life)
                    .write(profile);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
