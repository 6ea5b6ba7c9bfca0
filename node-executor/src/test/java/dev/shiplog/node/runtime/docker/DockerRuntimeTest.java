package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RealProcessContract;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The contract, kept by a real Docker Engine. */
class DockerRuntimeTest extends RealProcessContract {
    private final String cluster = TestEngine.cluster();

    @BeforeAll
    static void engineAnswers() {
        TestEngine.require();
    }

    /**
     * An Engine that is busy may hear of the end before it hears of its reason, and then forgets
     * it.
     */
    @Override
    protected int outOfMemoryTries() {
        return 3;
    }

    @Override
    protected PodRuntime open(String nodeName) throws Exception {
        DockerRuntime runtime = DockerRuntime.open(cluster, nodeName);
        TestEngine.requireImage(runtime);
        return runtime;
    }

    @Test
    void theContainersOfAPodMayAllShareTheSandboxsProcesses() throws Exception {
        SandboxStatus pod = sandbox("shared");
        ContainerSpec spec = script("main", "(sleep 0.1 &) ; exec sleep 4321");
        String id = start(pod, sharing(spec, pod.id())).id();
        String seen = output(pod, sharing(script("other", "sleep 1; ps -o stat,args"), pod.id()));
        assertTrue(seen.contains("sleep 4321"), seen);
        // An orphan that has ended is gone: the sandbox's program takes it away.
        assertFalse(seen.lines().anyMatch(line -> line.startsWith("Z")), seen);
        assertTrue(status(pod, id).running());
    }

    private static ContainerSpec sharing(ContainerSpec base, String of) {
        return new ContainerSpec(
                base.name(),
                base.attempt(),
                base.image(),
                base.command(),
                base.args(),
                base.env(),
                base.workingDir(),
                base.memoryBytes(),
                base.cpuNanos(),
                base.cpuShares(),
                base.user(),
                false,
                false,
                false,
                Optional.of(of));
    }

    @Override
    protected String image() {
        return TestEngine.IMAGE;
    }

    @Override
    protected List<String> leftovers() throws Exception {
        List<String> left = new ArrayList<>();
        try (Engine engine = Engine.fromEnvironment()) {
            var labels = List.of(Owner.CLUSTER + "=" + cluster);
            engine.client()
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(labels)
                    .exec()
                    .forEach(container -> left.add("container " + container.getId()));
            engine.client()
                    .listNetworksCmd()
                    .withNameFilter("shiplog-" + cluster)
                    .exec()
                    .forEach(network -> left.add("network " + network.getName()));
        }
        return left;
    }
}
