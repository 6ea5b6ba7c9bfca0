package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.runtime.process.ProcessRuntime;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The guide's manifests where pods are plain Linux processes. */
final class ProcessSeedIT extends SeedJourney {
    ProcessSeedIT() {
        super("process");
    }

    @Override
    List<String> prefix() {
        Optional<String> objection = ProcessRuntime.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        return List.of();
    }

    /** Namespaces are kept by files; where a process is needed, see SeveralMachinesIT. */
    @Override
    Optional<String> sandbox(TestCluster cluster, String uid) {
        return Optional.empty();
    }

    @Override
    SortedSet<String> containers(TestCluster cluster) {
        return new TreeSet<>(
                cluster.shell()
                        .sh("ls " + cluster.folder().resolve("process/containers"))
                        .ok()
                        .lines()
                        .toList());
    }

    @Override
    void end() {}
}
