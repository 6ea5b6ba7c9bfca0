package dev.shiplog.node.runtime.docker;

import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RealProcessContract;

import org.junit.jupiter.api.BeforeAll;

import java.util.ArrayList;
import java.util.List;

/** The contract, kept by a real Docker Engine. */
class DockerRuntimeTest extends RealProcessContract {
    private final String cluster = TestEngine.cluster();

    @BeforeAll
    static void engineAnswers() {
        TestEngine.require();
    }

    @Override
    protected PodRuntime open(String nodeName) throws Exception {
        DockerRuntime runtime = DockerRuntime.open(cluster, nodeName);
        TestEngine.requireImage(runtime);
        return runtime;
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
