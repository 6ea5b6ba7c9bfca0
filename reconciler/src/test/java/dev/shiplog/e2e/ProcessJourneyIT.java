package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The journey without Docker: plain Linux processes in namespaces of their own. */
final class ProcessJourneyIT extends UserJourney {
    ProcessJourneyIT() {
        super("process");
    }

    /** Container ids as kubectl shows them: an id is one life of a container. */
    @Override
    SortedSet<String> containers(TestCluster cluster) {
        SortedSet<String> ids = new TreeSet<>();
        cluster.shell()
                .sh("ls " + cluster.folder().resolve("process") + "/containers 2>/dev/null || true")
                .ok()
                .lines()
                .forEach(ids::add);
        return ids;
    }

    /** A laptop's user, who may neither use Docker nor make namespaces. */
    @Test
    @Order(12)
    void whoCanRunNoContainersIsToldWhatWouldHelp() {
        String plain = "setpriv --reuid 65534 --regid 65534 --clear-groups ";
        Path home = cluster.base().resolve("laptop");
        cluster.shell().sh("chmod 711 " + cluster.base() + " && mkdir -m 777 " + home).ok();
        assumeTrue(
                cluster.shell().sh(plain + "test -x " + cluster.launcher()).code() == 0,
                "another user cannot read this checkout");
        String refused =
                cluster.shell()
                        .sh(
                                "SHIPLOG_NO_AOT=1 SHIPLOG_HOME="
                                        + home
                                        + " "
                                        + plain
                                        + cluster.launcher()
                                        + " start")
                        .failed();
        for (String expected :
                List.of(
                        "nothing here can run containers",
                        "Docker: ",
                        "Without Docker: ",
                        "root")) {
            assertTrue(refused.contains(expected), () -> expected + " in:\n" + refused);
        }
        assertFalse(Files.exists(home.resolve("default/server.json")));
    }

    /** Mounts below the profile, and the bridge of the pods. */
    @Override
    String remains(TestCluster cluster) {
        return cluster.shell()
                .sh(
                        "grep -F "
                                + cluster.folder()
                                + " /proc/self/mountinfo | cut -d' ' -f5; "
                                + DockerJourneyIT.networkParts(cluster))
                .ok()
                .strip();
    }
}
