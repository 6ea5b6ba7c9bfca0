package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.stream.Streams;
import dev.shiplog.resource.ResourceKey;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kubernetes.client.Exec;
import io.kubernetes.client.PortForward;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.PatchUtils;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The Java clients of others: fabric8's and the official one. */
class JavaClientsTest {
    private static final String POD = "web-5d4f8-a";

    @TempDir Path folder;
    private FakeContainers containers;
    private TestCluster cluster;
    private EchoServer echo;

    @BeforeEach
    void start() throws Exception {
        containers = new FakeContainers();
        echo = new EchoServer();
        containers.ports.put(80, echo.port());
        cluster = TestCluster.populated(folder, (_, _, _, _, _) -> {}, Streams.of(containers));
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
        echo.close();
    }

    @Test
    void fabric8RunsCommands() throws Exception {
        try (KubernetesClient client = fabric8()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            try (ExecWatch watch =
                    client.pods()
                            .inNamespace("shop")
                            .withName(POD)
                            .writingOutput(out)
                            .writingError(err)
                            .exec("both")) {
                assertEquals(0, watch.exitCode().get(30, TimeUnit.SECONDS));
            }
            assertEquals("to stdout\n", out.toString(StandardCharsets.UTF_8));
            assertEquals("to stderr\n", err.toString(StandardCharsets.UTF_8));
            try (ExecWatch watch =
                    client.pods()
                            .inNamespace("shop")
                            .withName(POD)
                            .redirectingOutput()
                            .exec("exit", "9")) {
                assertEquals(9, watch.exitCode().get(30, TimeUnit.SECONDS));
            }
        }
        awaitNoSessions();
    }

    @Test
    void fabric8ForwardsPorts() throws Exception {
        try (KubernetesClient client = fabric8()) {
            try (LocalPortForward forward =
                            client.pods().inNamespace("shop").withName(POD).portForward(80);
                    Socket socket =
                            new Socket(InetAddress.getLoopbackAddress(), forward.getLocalPort())) {
                socket.setSoTimeout(30_000);
                for (String word : List.of("one", "two", "three")) {
                    socket.getOutputStream().write(word.getBytes(StandardCharsets.UTF_8));
                    assertEquals(
                            word,
                            new String(
                                    socket.getInputStream().readNBytes(word.length()),
                                    StandardCharsets.UTF_8));
                }
                assertEquals(List.of(), List.copyOf(forward.getServerThrowables()));
            }
        }
        awaitNoSessions();
    }

    @Test
    void fabric8Informs() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (KubernetesClient client = fabric8();
                SharedIndexInformer<Pod> informer =
                        client.pods().inNamespace("default").inform(new Told(seen))) {
            assertEquals("added lone", seen.poll(30, TimeUnit.SECONDS));
            cluster.createPod("default", "second", Map.of());
            assertEquals("added second", seen.poll(30, TimeUnit.SECONDS));
            cluster.bind(ResourceKey.pod("default", "second"));
            assertEquals("updated second", seen.poll(30, TimeUnit.SECONDS));
            cluster.removePod(ResourceKey.pod("default", "lone"));
            assertEquals("deleted lone", seen.poll(30, TimeUnit.SECONDS));
            assertTrue(informer.isWatching());
        }
    }

    private record Told(BlockingQueue<String> seen) implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            seen.add("added " + pod.getMetadata().getName());
        }

        @Override
        public void onUpdate(Pod before, Pod after) {
            seen.add("updated " + after.getMetadata().getName());
        }

        @Override
        public void onDelete(Pod pod, boolean unknown) {
            seen.add("deleted " + pod.getMetadata().getName());
        }
    }

    @Test
    void theOfficialClientRunsCommands() throws Exception {
        Process process =
                new Exec(official())
                        .newExecutionBuilder("shop", POD, new String[] {"cat"})
                        .setContainer("web")
                        .setStdin(true)
                        .setStdout(true)
                        .setStderr(true)
                        .execute();
        try (OutputStream in = process.getOutputStream()) {
            in.write("through the pod".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(
                "through the pod",
                new String(
                        process.getInputStream().readNBytes("through the pod".length()),
                        StandardCharsets.UTF_8));
        process.destroy();
        Process failing =
                new Exec(official())
                        .newExecutionBuilder("shop", POD, new String[] {"exit", "5"})
                        .setStdout(true)
                        .setStderr(true)
                        .execute();
        assertTrue(failing.waitFor(30, TimeUnit.SECONDS));
        assertEquals(5, failing.exitValue());
        awaitNoSessions();
    }

    @Test
    void theOfficialClientForwardsPorts() throws Exception {
        try (PortForward.PortForwardResult forward =
                new PortForward(official()).forward("shop", POD, List.of(80))) {
            OutputStream out = forward.getOutboundStream(80);
            InputStream in = forward.getInputStream(80);
            out.write("to and fro".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertEquals(
                    "to and fro",
                    new String(in.readNBytes("to and fro".length()), StandardCharsets.UTF_8));
        }
        awaitNoSessions();
    }

    @Test
    void theOfficialClientInforms() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        ApiClient client = official();
        client.setReadTimeout(0);
        CoreV1Api api = new CoreV1Api(client);
        SharedInformerFactory factory = new SharedInformerFactory(client);
        factory.sharedIndexInformerFor(
                        parameters ->
                                api.listNamespacedPod("default")
                                        .resourceVersion(parameters.resourceVersion)
                                        .timeoutSeconds(parameters.timeoutSeconds)
                                        .watch(parameters.watch)
                                        .buildCall(null),
                        V1Pod.class,
                        V1PodList.class)
                .addEventHandler(new OfficialTold(seen));
        factory.startAllRegisteredInformers();
        try {
            assertEquals("added lone", seen.poll(30, TimeUnit.SECONDS));
            cluster.createPod("default", "second", Map.of());
            assertEquals("added second", seen.poll(30, TimeUnit.SECONDS));
            cluster.removePod(ResourceKey.pod("default", "lone"));
            assertEquals("deleted lone", seen.poll(30, TimeUnit.SECONDS));
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    private record OfficialTold(BlockingQueue<String> seen)
            implements io.kubernetes.client.informer.ResourceEventHandler<V1Pod> {
        @Override
        public void onAdd(V1Pod pod) {
            seen.add("added " + pod.getMetadata().getName());
        }

        @Override
        public void onUpdate(V1Pod before, V1Pod after) {
            seen.add("updated " + after.getMetadata().getName());
        }

        @Override
        public void onDelete(V1Pod pod, boolean unknown) {
            seen.add("deleted " + pod.getMetadata().getName());
        }
    }

    @Test
    void fabric8AppliesOnTheServer() throws Exception {
        try (KubernetesClient client = fabric8()) {
            ConfigMap applied = settings(client, "info").fieldManager("ann").serverSideApply();
            assertEquals(Map.of("level", "info"), applied.getData());
            assertEquals(
                    List.of("ann Apply"),
                    applied.getMetadata().getManagedFields().stream()
                            .map(entry -> entry.getManager() + " " + entry.getOperation())
                            .toList());

            KubernetesClientException conflict =
                    assertThrows(
                            KubernetesClientException.class,
                            () -> settings(client, "debug").fieldManager("bob").serverSideApply());
            assertEquals(409, conflict.getCode());
            String why = String.valueOf(conflict.getMessage());
            assertTrue(why.contains("conflict with \"ann\": .data.level"), why);

            ConfigMap forced =
                    settings(client, "debug")
                            .fieldManager("bob")
                            .forceConflicts()
                            .serverSideApply();
            assertEquals(Map.of("level", "debug"), forced.getData());
            assertEquals(
                    List.of("bob Apply"),
                    forced.getMetadata().getManagedFields().stream()
                            .filter(entry ->
                                    entry.getFieldsV1()
                                            .getAdditionalProperties()
                                            .containsKey("f:data"))
                            .map(entry -> entry.getManager() + " " + entry.getOperation())
                            .toList());
        }
        assertEquals(
                List.of("Add cm/settings in shop", "Set level of cm/settings to debug in shop"),
                cluster.declarations.edits.stream()
                        .map(edit -> edit.message().lines().findFirst().orElseThrow())
                        .toList());
    }

    private static NamespaceableResource<ConfigMap> settings(
            KubernetesClient client, String level) {
        return client.resource(
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("settings")
                        .endMetadata()
                        .withData(Map.of("level", level))
                        .build());
    }

    @Test
    void theOfficialClientAppliesOnTheServer() throws Exception {
        CoreV1Api api = new CoreV1Api(official());
        V1ConfigMap applied = apply(api, "info", "ann", false);
        assertEquals(Map.of("level", "info"), applied.getData());

        ApiException conflict =
                assertThrows(ApiException.class, () -> apply(api, "debug", "bob", false));
        assertEquals(409, conflict.getCode());
        assertTrue(conflict.getResponseBody().contains(".data.level"), conflict.getResponseBody());

        V1ConfigMap forced = apply(api, "debug", "bob", true);
        assertEquals(Map.of("level", "debug"), forced.getData());
        assertEquals(2, cluster.declarations.edits.size());
    }

    private static V1ConfigMap apply(CoreV1Api api, String level, String manager, boolean force)
            throws ApiException {
        V1Patch document =
                new V1Patch(
                        """
                        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},
                         "data":{"level":"%s"}}
                        """
                                .formatted(level));
        return PatchUtils.patch(
                V1ConfigMap.class,
                () ->
                        api.patchNamespacedConfigMap("settings", "shop", document)
                                .fieldManager(manager)
                                .force(force)
                                .buildCall(null),
                V1Patch.PATCH_FORMAT_APPLY_YAML,
                api.getApiClient());
    }

    private KubernetesClient fabric8() throws Exception {
        Config config = Config.fromKubeconfig(Files.readString(folder.resolve("kubeconfig")));
        // Its default is RSA for a key that does not name its algorithm.
        config.setClientKeyAlgo("EC");
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private ApiClient official() throws Exception {
        try (Reader reader = Files.newBufferedReader(folder.resolve("kubeconfig"))) {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(reader)).build();
        }
    }

    private void awaitNoSessions() throws InterruptedException {
        Await.until(
                () -> cluster.server.sessions() == 0 && containers.connections.get() == 0,
                () ->
                        cluster.server.sessions()
                                + " sessions and "
                                + containers.connections
                                + " connections are left");
    }
}
