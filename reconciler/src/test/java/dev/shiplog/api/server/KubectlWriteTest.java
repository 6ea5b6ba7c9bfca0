package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.source.Declarations;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A session with the real kubectl: what it prints, and how Git's log reads afterwards. */
class KubectlWriteTest {
    private static final String RC =
            """
            apiVersion: v1
            kind: ReplicationController
            metadata:
              name: kubia
            spec:
              replicas: 3
              selector:
                app: kubia
              template:
                metadata:
                  labels:
                    app: kubia
                spec:
                  containers:
                  - name: kubia
                    image: luksa/kubia
            """;

    @TempDir Path folder;
    private TestCluster cluster;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.populated(folder, (pod, container, previous, query, out) -> {});
        kubectl = new Kubectl(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private List<String> subjects() {
        return cluster.declarations.edits.stream()
                .map(Declarations.Edit::message)
                .map(message -> message.lines().findFirst().orElse(""))
                .toList();
    }

    @Test
    void aSessionReadsAsIfACarefulPersonHadMadeEachChange() throws Exception {
        Path rc = folder.resolve("kubia-rc.yaml");
        Files.writeString(rc, RC);
        assertEquals(
                "replicationcontroller/kubia created\n", kubectl.ok("create", "-f", rc.toString()));
        assertEquals(
                "replicationcontroller/kubia scaled\n",
                kubectl.ok("scale", "rc", "kubia", "--replicas=10"));
        assertEquals(
                "replicationcontroller/kubia labeled\n",
                kubectl.ok("label", "rc", "kubia", "tier=web"));
        assertEquals(
                "replicationcontroller/kubia image updated\n",
                kubectl.ok("set", "image", "rc/kubia", "kubia=luksa/kubia:v2"));
        assertEquals(
                "replicationcontroller/kubia patched\n",
                kubectl.ok("patch", "rc", "kubia", "-p", "{\"spec\":{\"minReadySeconds\":10}}"));
        assertEquals("namespace/czm created\n", kubectl.ok("create", "namespace", "czm"));
        assertEquals(
                "replicationcontroller \"kubia\" deleted",
                kubectl.ok("delete", "rc", "kubia", "--cascade=orphan")
                        .strip()
                        .replace(" from default namespace", ""));
        assertEquals(
                List.of(
                        "Add rc/kubia",
                        "Scale rc/kubia to 10",
                        "Add label tier=web to rc/kubia",
                        "Set the image of rc/kubia to luksa/kubia:v2",
                        "Set minReadySeconds of rc/kubia to 10",
                        "Add ns/czm",
                        "Remove rc/kubia"),
                subjects());
        assertTrue(
                cluster.declarations
                        .edits
                        .get(1)
                        .message()
                        .contains("\nKubectl-Command: kubectl scale\n"));
    }

    @Test
    void applyIsACommitAndApplyingAgainIsNone() throws Exception {
        Path rc = folder.resolve("rc.yaml");
        Files.writeString(rc, RC);
        assertEquals(
                "replicationcontroller/kubia created\n", kubectl.ok("apply", "-f", rc.toString()));
        assertEquals(
                "replicationcontroller/kubia unchanged\n",
                kubectl.ok("apply", "-f", rc.toString()));
        Files.writeString(rc, RC.replace("replicas: 3", "replicas: 4"));
        assertEquals(
                "replicationcontroller/kubia configured\n",
                kubectl.ok("apply", "-f", rc.toString()));
        assertEquals(List.of("Add rc/kubia", "Scale rc/kubia to 4"), subjects());
        assertEquals(
                "replicationcontroller/kubia replaced\n",
                kubectl.ok("replace", "-f", rc.toString()));
    }

    @Test
    void serverSideApplyCreatesChangesAndConflicts() throws Exception {
        Path rc = folder.resolve("rc.yaml");
        Files.writeString(rc, RC);
        assertEquals(
                "replicationcontroller/kubia serverside-applied\n",
                kubectl.ok("apply", "--server-side", "-f", rc.toString()));
        kubectl.ok("scale", "rc", "kubia", "--replicas=7");
        String conflict = kubectl.fails("apply", "--server-side", "-f", rc.toString());
        assertTrue(conflict.contains(".spec.replicas"), conflict);
        assertEquals(
                "replicationcontroller/kubia serverside-applied\n",
                kubectl.ok("apply", "--server-side", "--force-conflicts", "-f", rc.toString()));
        assertEquals(
                List.of("Add rc/kubia", "Scale rc/kubia to 7", "Scale rc/kubia to 3"), subjects());
    }

    private static String configMap(String name, String value) {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: %s
          labels: {app: pruned}
        data: {key: "%s"}
        ---
        """
                .formatted(name, value);
    }

    /** What is no more in the files goes by a commit of its own; what was made otherwise stays. */
    @Test
    void pruneRemovesByCommitsWhatTheFilesHoldNoMore() throws Exception {
        Path maps = folder.resolve("maps.yaml");
        Files.writeString(maps, configMap("one", "1") + configMap("two", "2"));
        kubectl.ok("apply", "-f", maps.toString());
        kubectl.ok("create", "configmap", "by-hand", "--from-literal=key=3");
        kubectl.ok("label", "configmap", "by-hand", "app=pruned");
        Files.writeString(maps, configMap("two", "changed"));

        String[] pruning = {
            "apply",
            "-f",
            maps.toString(),
            "--prune",
            "-l",
            "app=pruned",
            "--prune-allowlist=core/v1/ConfigMap"
        };
        assertEquals("configmap/two configured\nconfigmap/one pruned\n", kubectl.ok(pruning));
        assertEquals("configmap/two unchanged\n", kubectl.ok(pruning));
        assertEquals(
                "by-hand two",
                kubectl.ok(
                        "get",
                        "cm",
                        "-l",
                        "app=pruned",
                        "-o",
                        "jsonpath={.items[*].metadata.name}"));
        assertEquals(
                List.of("Set key of cm/two to changed", "Remove cm/one"), subjects().subList(4, 6));

        // Without a list kubectl asks for kinds that there are none of here, and says which.
        String refused =
                kubectl.fails("apply", "-f", maps.toString(), "--prune", "-l", "app=pruned");
        assertTrue(refused.contains("PersistentVolumeClaim"), refused);
        assertEquals(6, subjects().size());
    }

    @Test
    void whatNothingDeclaresIsWrittenWithoutACommit() throws Exception {
        assertEquals("node/n1 cordoned\n", kubectl.ok("cordon", "n1"));
        assertEquals("node/n1 tainted\n", kubectl.ok("taint", "node", "n1", "a=b:NoSchedule"));
        assertEquals("pod/lone labeled\n", kubectl.ok("label", "po", "lone", "x=y"));
        assertEquals("pod/lone annotated\n", kubectl.ok("annotate", "po", "lone", "x=y"));
        assertEquals(List.of(), subjects());
        assertTrue(kubectl.ok("get", "nodes").contains("Ready,SchedulingDisabled"));
    }

    @Test
    void mistakesAreToldInKubernetesWords() throws Exception {
        Path rc = folder.resolve("rc.yaml");
        Files.writeString(rc, RC.replace("replicas: 3", "replicsa: 3"));
        String unknown = kubectl.fails("create", "-f", rc.toString());
        assertTrue(
                unknown.contains("strict decoding error: unknown field \"spec.replicsa\""),
                unknown);
        Files.writeString(rc, RC.replace("replicas: 3", "replicas: -3"));
        assertEquals(
                "The ReplicationController \"kubia\" is invalid: spec.replicas: Invalid value: -3:"
                        + " must be greater than or equal to 0",
                kubectl.fails("create", "-f", rc.toString()));
        assertEquals(
                "Error from server (Forbidden): namespaces \"default\" is forbidden: this namespace"
                        + " may not be deleted",
                kubectl.fails("delete", "ns", "default"));
    }
}
