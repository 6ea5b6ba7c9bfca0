package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** What the real kubectl makes of the OpenAPI documents. */
class KubectlExplainTest {
    @TempDir static Path folder;
    private static TestCluster cluster;
    private static Kubectl kubectl;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.populated(folder, (pod, container, previous, query, out) -> {});
        kubectl = new Kubectl(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void explains(String path, List<String> lines, String... flags)
            throws Exception {
        String[] arguments = new String[flags.length + 2];
        arguments[0] = "explain";
        arguments[1] = path;
        System.arraycopy(flags, 0, arguments, 2, flags.length);
        String out = kubectl.ok(arguments);
        for (String line : lines) {
            assertTrue(out.contains(line), path + " lacks " + line + ":\n" + out);
        }
    }

    @Test
    void everyKindIsExplained() throws Exception {
        explains("pods", List.of("KIND:       Pod", "VERSION:    v1", "spec\t<PodSpec>"));
        explains("rs", List.of("GROUP:      apps", "KIND:       ReplicaSet"));
        explains("rc", List.of("KIND:       ReplicationController"));
        explains("deploy", List.of("KIND:       Deployment"));
        explains("ns", List.of("KIND:       Namespace"));
        explains("nodes", List.of("KIND:       Node"));
        explains("events", List.of("KIND:       Event"));
    }

    @Test
    void fieldsHaveTypesDescriptionsAndRequirements() throws Exception {
        explains(
                "pods.spec.containers",
                List.of(
                        "FIELD: containers <[]Container>",
                        "List of containers belonging to the pod.",
                        "name\t<string> -required-",
                        "enum: Always, IfNotPresent, Never"));
        explains("pods.spec.affinity", List.of("FIELD: affinity <Affinity>", "nodeAffinity"));
        explains("pods.metadata.creationTimestamp", List.of("FIELD: creationTimestamp"));
        explains("pods.spec.containers.resources.limits", List.of("<map[string]Quantity>"));
    }

    @Test
    void everythingBelowAFieldCanBeListed() throws Exception {
        explains(
                "deploy.spec.strategy",
                List.of("rollingUpdate\t<RollingUpdateDeployment>", "maxSurge\t<IntOrString>"),
                "--recursive");
        explains("deployments", List.of("VERSION:    v1beta1"), "--api-version=extensions/v1beta1");
    }
}
