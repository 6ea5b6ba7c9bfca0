package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.certificates.CertificateSigners;
import dev.shiplog.link.NodeMonitor;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How patient a cluster is with its nodes, beside its {@link Settings}; kept for the next start.
 *
 * @param grace how long a node may be silent before it counts as lost
 * @param certificateLife how long the certificate of a node holds at most
 */
public record NodeTimes(Duration grace, Duration certificateLife) {
    /** A node says every ten seconds that it lives. */
    public static final Duration SHORTEST_GRACE = Duration.ofSeconds(15);

    public static final Duration SHORTEST_LIFE = Duration.ofSeconds(10);

    public static final NodeTimes DEFAULT =
            new NodeTimes(NodeMonitor.GRACE, CertificateSigners.LONGEST_LIFE);

    /**
     * @throws IllegalArgumentException if one of them is too short to work
     */
    public NodeTimes {
        atLeast(SHORTEST_GRACE, grace, "a grace period for silent nodes");
        atLeast(SHORTEST_LIFE, certificateLife, "a life of nodes' certificates");
    }

    private static void atLeast(Duration shortest, Duration found, String what) {
        if (found.compareTo(shortest) < 0) {
            throw new IllegalArgumentException(
                    "expected "
                            + what
                            + " of at least "
                            + shortest.toSeconds()
                            + " s, found "
                            + found.toSeconds()
                            + " s");
        }
    }

    /** What a profile was told; the default if nothing. */
    public static NodeTimes read(Profile profile) throws IOException {
        try {
            JsonNode node = Json.parse(Files.readString(file(profile))).toNode();
            return new NodeTimes(
                    Duration.ofSeconds(
                            node.path("graceSeconds").asLong(DEFAULT.grace().toSeconds())),
                    Duration.ofSeconds(
                            node.path("certificateSeconds")
                                    .asLong(DEFAULT.certificateLife().toSeconds())));
        } catch (NoSuchFileException _) {
            return DEFAULT;
        }
    }

    public void write(Profile profile) throws IOException {
        ObjectNode node = Json.EMPTY.toObject();
        node.put("graceSeconds", grace.toSeconds());
        node.put("certificateSeconds", certificateLife.toSeconds());
        Files.writeString(file(profile), node.toPrettyString() + "\n");
    }

    private static Path file(Profile profile) {
        return profile.folder().resolve("nodes.json");
    }
}
