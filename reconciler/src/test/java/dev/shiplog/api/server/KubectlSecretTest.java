package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Secrets are kept sealed and read in the plain. */
class KubectlSecretTest {
    private static final ResourceKey KEY = new ResourceKey(GroupKind.SECRET, "default", "db");

    @TempDir Path folder;
    private TestCluster cluster;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.empty(folder, (_, _, _, _, _) -> {}, List.of(), Optional.empty());
        cluster.createNamespace("default");
        kubectl = new Kubectl(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void create(ResourceKey key, String body) {
        cluster.submit(
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body)));
    }

    private void createSecret() {
        Json plain = Json.parse("{\"type\":\"Opaque\",\"data\":{\"password\":\"aHVudGVyMg==\"}}");
        create(KEY, cluster.secrets.sealBody(KEY, Optional.empty(), plain).toString());
    }

    @Test
    void kubectlReadsWhatTheLogCannotShow() throws Exception {
        createSecret();
        assertEquals(
                "aHVudGVyMg==",
                kubectl.ok("get", "secret", "db", "-o", "jsonpath={.data.password}"));
        String listed = kubectl.ok("get", "secrets", "-o", "yaml");
        assertTrue(listed.contains("password: aHVudGVyMg=="), listed);
        assertTrue(kubectl.ok("describe", "secret", "db").contains("password:  7 bytes"));
        String table = kubectl.ok("get", "secrets").replaceAll(" +", " ");
        assertTrue(table.startsWith("NAME TYPE DATA AGE\ndb Opaque 1 "), table);
        assertFalse(kubectl.ok("get", "secrets", "-v=9").contains("aHVudGVyMg"), "in a table");
        String kept = cluster.resource(KEY).document().toString();
        assertTrue(kept.contains("sealed:v1:") && !kept.contains("aHVudGVyMg"), kept);
    }

    @Test
    void watchesShowPlainValuesToo() throws Exception {
        try (Client client = Client.admin(cluster);
                Client.Watch watch = client.watch("/api/v1/namespaces/default/secrets?watch=1")) {
            createSecret();
            JsonNode event = watch.next();
            assertEquals(
                    "aHVudGVyMg==", event.path("object").path("data").path("password").asText());
        }
    }

    @Test
    void aValueThatDoesNotOpenIsServedSealed() throws Exception {
        String sealed =
                cluster.keys.seal(
                        "hunter2".getBytes(StandardCharsets.UTF_8),
                        new dev.shiplog.resource.secret.ValuePlace("other", "db", "password"));
        create(KEY, "{\"type\":\"Opaque\",\"data\":{\"password\":\"" + sealed + "\"}}");
        String served = kubectl.ok("get", "secret", "db", "-o", "jsonpath={.data.password}");
        assertEquals(
                sealed,
                new String(java.util.Base64.getDecoder().decode(served), StandardCharsets.UTF_8));
    }

    @Test
    void theOtherNewKindsPrintAsInKubernetes() throws Exception {
        create(
                new ResourceKey(GroupKind.CONFIG_MAP, "default", "settings"),
                "{\"data\":{\"a\":\"1\",\"b\":\"2\"}}");
        ResourceKey hpa =
                new ResourceKey(
                        new GroupKind("autoscaling", "HorizontalPodAutoscaler"), "default", "web");
        cluster.submit(
                new ResourceCommand.CreateResource(
                        hpa,
                        "autoscaling/v2",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.parse(
                                """
                                {"spec":{"minReplicas":1,"maxReplicas":5,
                                 "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"},
                                 "metrics":[{"type":"Resource","resource":{"name":"cpu",
                                  "target":{"type":"Utilization","averageUtilization":80}}}]}}
                                """)));
        String maps = kubectl.ok("get", "cm").replaceAll(" +", " ");
        assertTrue(maps.startsWith("NAME DATA AGE\nsettings 2 "), maps);
        assertTrue(kubectl.ok("describe", "cm", "settings").contains("a:\n----\n1\n"));
        String hpas = kubectl.ok("get", "hpa").replaceAll(" +", " ");
        assertTrue(
                hpas.startsWith(
                        "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n"
                                + "web Deployment/web cpu: <unknown>/80% 1 5 0 "),
                hpas);
        assertEquals(
                "80",
                kubectl.ok(
                        "get",
                        "horizontalpodautoscalers.v1.autoscaling",
                        "web",
                        "-o",
                        "jsonpath={.spec.targetCPUUtilizationPercentage}"));
    }
}
