package dev.shiplog.resource.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What {@code kubectl get} prints of every kind, in a golden file that reads like its output. */
class TablesTest {
    private static final Path FOLDER = Path.of("src/test/resources/tables");
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String TEMPLATE =
            "\"template\":{\"metadata\":{\"labels\":{\"app\":\"a\"}},\"spec\":{\"containers\":["
                    + "{\"name\":\"web\",\"image\":\"busybox:1.37\"},"
                    + "{\"name\":\"side\",\"image\":\"tools\"}]}}";

    @Test
    void tablesAreThoseOfKubernetes() throws IOException {
        StringBuilder text = new StringBuilder();
        text.append(table(GroupKind.POD, pods()));
        text.append(table(GroupKind.REPLICATION_CONTROLLER, replicationControllers()));
        text.append(table(GroupKind.REPLICA_SET, replicaSets()));
        text.append(table(GroupKind.DEPLOYMENT, deployments()));
        text.append(table(GroupKind.DAEMON_SET, daemonSets()));
        text.append(table(GroupKind.NODE, nodes()));
        text.append(table(GroupKind.NAMESPACE, namespaces()));
        text.append(table(GroupKind.EVENT, events()));
        text.append(table(GroupKind.SERVICE_ACCOUNT, serviceAccounts()));
        text.append(table(GroupKind.CLUSTER_ROLE, clusterRoles()));
        text.append(table(GroupKind.ROLE_BINDING, roleBindings()));
        text.append(table(GroupKind.SERVICE, services()));
        text.append(table(GroupKind.ENDPOINTS, endpoints()));
        text.append(table(GroupKind.ENDPOINT_SLICE, slices()));
        for (Kind kind : Kinds.all()) {
            text.append("== columns of ").append(kind.groupKind()).append('\n');
            for (Column column : kind.columns()) {
                text.append(
                        "%s (%s%s, priority %d): %s%n"
                                .formatted(
                                        column.name(),
                                        column.type(),
                                        column.format().isEmpty() ? "" : " " + column.format(),
                                        column.priority(),
                                        column.description().replace("\n", "\\n")));
            }
            text.append('\n');
        }
        Path golden = FOLDER.resolve("tables.txt");
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(golden, text);
        }
        assertEquals(Files.readString(golden), text.toString());
    }

    /** A status that nobody foresaw spoils its own row at most. */
    @Test
    void aCellNeverFails() throws IOException {
        Kind kind = Kinds.of(GroupKind.POD).orElseThrow();
        List<Resource> pods = pods();
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            Resource pod = pods.get(random.nextInt(pods.size()));
            Resource damaged =
                    pod.withStatus(
                            Json.of(damaged(pod.status().toNode(), random)), new Position(seed));
            for (Column column : kind.columns()) {
                assertNotNull(column.cell().of(damaged, NOW));
            }
        }
    }

    private static JsonNode damaged(JsonNode node, Random random) {
        if (random.nextInt(6) == 0) {
            List<String> values = List.of("null", "{}", "[]", "\"x\"", "-1", "[null]", "true");
            return Json.parse("{\"v\":" + values.get(random.nextInt(values.size())) + "}")
                    .toNode()
                    .path("v");
        }
        if (node instanceof ObjectNode object) {
            object.properties()
                    .forEach(member -> member.setValue(damaged(member.getValue(), random)));
        } else if (node.isArray()) {
            var list = (ArrayNode) node;
            for (int i = 0; i < list.size(); i++) {
                list.set(i, damaged(list.get(i), random));
            }
        }
        return node;
    }

    private static String table(GroupKind groupKind, List<Resource> resources) {
        Kind kind = Kinds.of(groupKind).orElseThrow();
        List<List<String>> rows = new ArrayList<>();
        rows.add(kind.columns().stream().map(column -> upper(column.name())).toList());
        for (Resource resource : resources) {
            rows.add(
                    kind.columns().stream()
                            .map(column -> column.cell().of(resource, NOW).asText())
                            .toList());
        }
        String lines = rows.stream().map(row -> line(row, rows)).collect(Collectors.joining("\n"));
        return "$ kubectl get %s -o wide%n%s%n%n".formatted(kind.plural(), lines);
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    private static String line(List<String> row, List<List<String>> rows) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            int column = i;
            int width = rows.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
            line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 3));
        }
        return line.toString().stripTrailing();
    }

    private static List<Resource> pods() throws IOException {
        List<Resource> pods = new ArrayList<>();
        for (Object document : new Yaml().loadAll(Files.readString(FOLDER.resolve("pods.yaml")))) {
            JsonNode pod = MAPPER.valueToTree(document);
            ObjectNode spec = MAPPER.createObjectNode();
            spec.set(
                    "containers",
                    Json.parse("{\"c\":[{\"name\":\"a\"},{\"name\":\"b\"}]}").toNode().path("c"));
            if (pod.has("init")) {
                spec.set("initContainers", pod.path("init"));
            }
            if (pod.has("gates")) {
                spec.set("readinessGates", pod.path("gates"));
            }
            if (pod.has("node")) {
                spec.set("nodeName", pod.path("node"));
            }
            ObjectNode body = MAPPER.createObjectNode();
            body.set("spec", spec);
            pods.add(
                    resource(
                            GroupKind.POD,
                            pod.path("name").asText(),
                            body.toString(),
                            pod.has("status") ? pod.path("status").toString() : "{}",
                            pod.path("deleting").asBoolean()));
        }
        return pods;
    }

    private static List<Resource> replicationControllers() {
        return List.of(
                resource(
                        GroupKind.REPLICATION_CONTROLLER,
                        "new",
                        "{\"spec\":{\"replicas\":3,\"selector\":{\"b\":\"2\",\"a\":\"1\"},"
                                + TEMPLATE
                                + "}}",
                        "{}",
                        false),
                resource(
                        GroupKind.REPLICATION_CONTROLLER,
                        "busy",
                        "{\"spec\":{\"replicas\":3," + TEMPLATE + "}}",
                        "{\"replicas\":2,\"readyReplicas\":1}",
                        false));
    }

    private static List<Resource> replicaSets() {
        String expressions =
                "\"selector\":{\"matchLabels\":{\"app\":\"a\"},\"matchExpressions\":["
                        + "{\"key\":\"tier\",\"operator\":\"In\",\"values\":[\"web\",\"api\"]},"
                        + "{\"key\":\"env\",\"operator\":\"NotIn\",\"values\":[\"test\"]},"
                        + "{\"key\":\"gone\",\"operator\":\"DoesNotExist\"},"
                        + "{\"key\":\"here\",\"operator\":\"Exists\"}]},";
        return List.of(
                resource(
                        GroupKind.REPLICA_SET,
                        "set",
                        "{\"spec\":{\"replicas\":3," + expressions + TEMPLATE + "}}",
                        "{\"replicas\":2,\"readyReplicas\":1}",
                        false));
    }

    private static List<Resource> daemonSets() {
        String template =
                TEMPLATE.replace(
                        "\"containers\"", "\"nodeSelector\":{\"disk\":\"ssd\"},\"containers\"");
        String selector = "{\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"a\"}},";
        return List.of(
                resource(
                        GroupKind.DAEMON_SET,
                        "logs",
                        selector + template + "}}",
                        "{\"desiredNumberScheduled\":5,\"currentNumberScheduled\":4,"
                                + "\"numberReady\":3,\"updatedNumberScheduled\":2,"
                                + "\"numberAvailable\":1}",
                        false),
                resource(
                        GroupKind.DAEMON_SET, "new", selector + TEMPLATE + "}}", "{}", false));
    }

    private static List<Resource> deployments() {
        String spec =
                "{\"spec\":{\"replicas\":3,\"selector\":{\"matchLabels\":{\"app\":\"a\"}},"
                        + TEMPLATE
                        + "}}";
        return List.of(
                resource(GroupKind.DEPLOYMENT, "new", spec, "{}", false),
                resource(
                        GroupKind.DEPLOYMENT,
                        "rolling",
                        spec,
                        "{\"replicas\":4,\"readyReplicas\":3,\"updatedReplicas\":2,\"availableReplicas\":3}",
                        false));
    }

    private static List<Resource> nodes() {
        String info =
                "{\"kubeletVersion\":\"v1.32.0\",\"osImage\":\"Debian GNU/Linux 12\","
                        + "\"kernelVersion\":\"6.1.0\",\"containerRuntimeVersion\":\"docker://20.10\"}";
        return List.of(
                resource(GroupKind.NODE, "silent", "{}", "{}", false),
                resource(
                        GroupKind.NODE,
                        "cordoned",
                        "{\"spec\":{\"unschedulable\":true}}",
                        "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],\"addresses\":["
                                + "{\"type\":\"InternalIP\",\"address\":\"192.168.1.7\"},"
                                + "{\"type\":\"ExternalIP\",\"address\":\"203.0.113.7\"}],"
                                + "\"nodeInfo\":"
                                + info
                                + "}",
                        false),
                resource(
                        GroupKind.NODE,
                        "lost",
                        "{}",
                        "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\"}]}",
                        false));
    }

    private static List<Resource> namespaces() {
        return List.of(
                resource(GroupKind.NAMESPACE, "default", "{}", "{}", false),
                resource(GroupKind.NAMESPACE, "leaving", "{}", "{\"phase\":\"Terminating\"}", true),
                resource(GroupKind.NAMESPACE, "going", "{}", "{}", true));
    }

    private static List<Resource> serviceAccounts() {
        return List.of(
                resource(GroupKind.SERVICE_ACCOUNT, "default", "{}", "{}", false),
                resource(
                        GroupKind.SERVICE_ACCOUNT,
                        "builder",
                        "{\"secrets\":[{\"name\":\"a\"},{\"name\":\"b\"}]}",
                        "{}",
                        false));
    }

    private static List<Resource> services() {
        return List.of(
                service(
                        "web",
                        "\"type\":\"ClusterIP\",\"clusterIP\":\"10.96.7.1\",\"selector\":{\"app\":\"web\"},"
                                + "\"ports\":[{\"name\":\"http\",\"port\":80},{\"name\":\"dns\",\"port\":53,\"protocol\":\"UDP\"}]"),
                service(
                        "node",
                        "\"type\":\"NodePort\",\"clusterIP\":\"10.96.7.2\",\"externalIPs\":[\"192.0.2.7\"],"
                                + "\"ports\":[{\"port\":80,\"nodePort\":30624,\"protocol\":\"TCP\"}]"),
                service("balanced", "\"type\":\"LoadBalancer\",\"clusterIP\":\"10.96.7.3\""),
                service("headless", "\"type\":\"ClusterIP\",\"clusterIP\":\"None\""),
                service("far", "\"type\":\"ExternalName\",\"externalName\":\"example.org\""));
    }

    private static Resource service(String name, String spec) {
        return resource(GroupKind.SERVICE, name, "{\"spec\":{" + spec + "}}", "{}", false);
    }

    private static List<Resource> endpoints() {
        String ip = "{\"ip\":\"10.1.0.%d\"}";
        String ips =
                java.util.stream.IntStream.rangeClosed(1, 5)
                        .mapToObj(ip::formatted)
                        .collect(Collectors.joining(","));
        return List.of(
                resource(GroupKind.ENDPOINTS, "none", "{}", "{}", false),
                resource(
                        GroupKind.ENDPOINTS,
                        "many",
                        "{\"subsets\":[{\"addresses\":[" + ips + "],\"ports\":[{\"port\":8080}]}]}",
                        "{}",
                        false));
    }

    private static List<Resource> clusterRoles() {
        return List.of(resource(GroupKind.CLUSTER_ROLE, "view", "{\"rules\":[]}", "{}", false));
    }

    private static List<Resource> roleBindings() {
        return List.of(
                resource(
                        GroupKind.ROLE_BINDING,
                        "team",
                        "{\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"edit\"},"
                                + "\"subjects\":[{\"kind\":\"User\",\"name\":\"ann\"},"
                                + "{\"kind\":\"User\",\"name\":\"bob\"},"
                                + "{\"kind\":\"Group\",\"name\":\"team\"},"
                                + "{\"kind\":\"ServiceAccount\",\"namespace\":\"ci\","
                                + "\"name\":\"builder\"}]}",
                        "{}",
                        false));
    }

    private static List<Resource> slices() {
        return List.of(
                resource(
                        GroupKind.ENDPOINT_SLICE,
                        "web-x7k2p",
                        "{\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"\",\"port\":8080}],"
                                + "\"endpoints\":[{\"addresses\":[\"10.1.0.1\"]},{\"addresses\":[\"10.1.0.2\"]}]}",
                        "{}",
                        false),
                resource(
                        GroupKind.ENDPOINT_SLICE,
                        "none-x7k2p",
                        "{\"addressType\":\"IPv4\"}",
                        "{}",
                        false));
    }

    private static List<Resource> events() {
        String about =
                "\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"web-1\",\"fieldPath\":\"spec.containers{web}\"}";
        return List.of(
                resource(
                        GroupKind.EVENT,
                        "web-1.1",
                        "{"
                                + about
                                + ",\"type\":\"Normal\",\"reason\":\"Pulled\",\"message\":\"Image is there\\n\","
                                + "\"source\":{\"component\":\"kubelet\",\"host\":\"node-1\"},\"count\":4,"
                                + "\"firstTimestamp\":\"2026-11-23T11:00:00Z\",\"lastTimestamp\":\"2026-11-23T11:59:00Z\"}",
                        "{}",
                        false),
                resource(
                        GroupKind.EVENT,
                        "web-1.2",
                        "{"
                                + about
                                + ",\"type\":\"Warning\",\"reason\":\"FailedScheduling\",\"message\":\"0/3 nodes\","
                                + "\"reportingComponent\":\"default-scheduler\",\"eventTime\":\"2026-11-23T11:58:00.123456Z\"}",
                        "{}",
                        false),
                resource(GroupKind.EVENT, "empty", "{}", "{}", false));
    }

    private static Resource resource(
            GroupKind kind, String name, String body, String status, boolean deleting) {
        SortedMap<String, String> labels = new TreeMap<>();
        if (name.equals("cordoned")) {
            labels.put("node-role.kubernetes.io/control-plane", "");
            labels.put("kubernetes.io/role", "edge");
        }
        boolean namespaced = Kinds.of(kind).orElseThrow().namespaced();
        return new Resource(
                new ResourceKey(kind, namespaced ? "default" : "", name),
                Kinds.of(kind).orElseThrow().storageVersion(),
                new Metadata(
                        new Uid("u"),
                        1,
                        Instant.parse("2026-11-20T10:00:00Z"),
                        labels,
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        deleting ? Optional.of(new Deletion(NOW, 30)) : Optional.empty()),
                Json.parse(body),
                Json.parse(status),
                new Position(1));
    }
}
