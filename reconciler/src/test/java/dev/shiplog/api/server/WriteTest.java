package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.garbage.GarbageController;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.SourceLedger;

import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime.TypeMeta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** Writes over HTTP: what becomes a commit, what an event, and how refusals are worded. */
class WriteTest {
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String MERGE = "application/merge-patch+json";

    private static final String RC =
            """
            {"apiVersion":"v1","kind":"ReplicationController",
             "metadata":{"name":"kubia","creationTimestamp":null,
               "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"}},
             "spec":{"replicas":3,"selector":{"app":"kubia"},
               "template":{"metadata":{"labels":{"app":"kubia"},"creationTimestamp":null},
                 "spec":{"containers":[{"name":"kubia","image":"luksa/kubia","resources":{}}]}}},
             "status":{}}
            """;

    @TempDir Path folder;
    private TestCluster cluster;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.populated(folder, (pod, container, previous, query, out) -> {});
        client = Client.admin(cluster);
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private HttpResponse<byte[]> send(String method, String path, String body, String... headers)
            throws Exception {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = method.equals("PATCH") ? MERGE : "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return client.send(method, path, body.getBytes(StandardCharsets.UTF_8), all);
    }

    private JsonNode ok(int code, HttpResponse<byte[]> response) {
        assertEquals(code, response.statusCode(), () -> Client.text(response));
        return Client.parse(Client.text(response));
    }

    private static String message(HttpResponse<byte[]> response) {
        return response.statusCode()
                + " "
                + Client.parse(Client.text(response)).path("reason").asText()
                + ": "
                + Client.parse(Client.text(response)).path("message").asText();
    }

    /** What was given to it for the type before goes with the type, also from what Git declares. */
    @Test
    void aServiceBecomesOneOfAnotherType() throws Exception {
        String services = "/api/v1/namespaces/default/services";
        ok(
                201,
                send(
                        "POST",
                        services,
                        """
                        {"metadata":{"name":"door"},"spec":{"type":"NodePort","selector":{"app":"web"},
                         "ports":[{"port":80,"nodePort":30123}]}}
                        """));
        String door = services + "/door";
        for (String type : List.of("ClusterIP", "LoadBalancer", "NodePort", "LoadBalancer")) {
            ok(200, send("PATCH", door, "{\"spec\":{\"type\":\"" + type + "\"}}"));
        }
        String local = "{\"spec\":{\"externalTrafficPolicy\":\"Local\"}}";
        assertTrue(
                ok(200, send("PATCH", door, local)).path("spec").path("healthCheckNodePort").asInt()
                        > 0);
        JsonNode spec =
                ok(200, send("PATCH", door, "{\"spec\":{\"type\":\"ClusterIP\"}}")).path("spec");
        for (String gone :
                List.of(
                        "externalTrafficPolicy",
                        "healthCheckNodePort",
                        "allocateLoadBalancerNodePorts")) {
            assertTrue(spec.path(gone).isMissingNode(), () -> gone + " in " + spec);
        }
        assertTrue(spec.path("ports").path(0).path("nodePort").isMissingNode(), spec::toString);
        assertTrue(spec.path("clusterIP").asText().startsWith("10."), spec::toString);

        JsonNode name =
                ok(
                                200,
                                send(
                                        "PATCH",
                                        door,
                                        "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"a.example\"}}"))
                        .path("spec");
        assertTrue(name.path("clusterIP").asText().isEmpty(), name::toString);
        assertTrue(name.path("clusterIPs").isEmpty(), name::toString);
        JsonNode back = ok(200, send("PATCH", door, "{\"spec\":{\"type\":\"ClusterIP\"}}"));
        assertTrue(back.path("spec").path("clusterIP").asText().startsWith("10."), back::toString);

        // What the client sets itself is not passed over.
        HttpResponse<byte[]> own =
                send("PATCH", door, "{\"spec\":{\"ports\":[{\"port\":80,\"nodePort\":30124}]}}");
        assertTrue(
                message(own).contains("may not be used when `type` is 'ClusterIP'"), message(own));
    }

    /** What a namespace only warns of or audits is granted, and said. */
    @Test
    void podSecurityWarnsTheWriterAndNotesForTheAuditor() throws Exception {
        ok(
                201,
                send(
                        "POST",
                        "/api/v1/namespaces",
                        """
                        {"metadata":{"name":"strict","labels":{
                          "pod-security.kubernetes.io/warn":"baseline",
                          "pod-security.kubernetes.io/audit":"baseline"}}}
                        """));
        String pods = "/api/v1/namespaces/strict/pods";
        String pod =
                """
                {"metadata":{"name":"%s","labels":{"a":"b"}},"spec":{"hostNetwork":%s,
                 "containers":[{"name":"main","image":"busybox:1.37"}]}}
                """;
        HttpResponse<byte[]> loud = send("POST", pods, pod.formatted("loud", "true"));
        ok(201, loud);
        String violation =
                "would violate PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)";
        assertEquals(
                List.of("299 - \"" + violation.replace("\"", "\\\"") + "\""),
                loud.headers().allValues("Warning"));
        JsonNode events =
                ok(200, send("GET", "/api/v1/namespaces/strict/events", "")).path("items");
        assertEquals(
                List.of("PodSecurityAudit " + violation),
                StreamSupport.stream(events.spliterator(), false)
                        .filter(event -> event.path("reason").asText().equals("PodSecurityAudit"))
                        .map(event ->
                                event.path("reason").asText()
                                        + " "
                                        + event.path("message").asText())
                        .toList());
        HttpResponse<byte[]> quiet = send("POST", pods, pod.formatted("quiet", "false"));
        ok(201, quiet);
        assertEquals(List.of(), quiet.headers().allValues("Warning"));
        HttpResponse<byte[]> labelled =
                send("PATCH", pods + "/loud", "{\"metadata\":{\"labels\":{\"a\":\"c\"}}}");
        ok(200, labelled);
        assertEquals(List.of(), labelled.headers().allValues("Warning"), "the pod did not change");
    }

    private Declarations.Edit lastEdit() {
        return cluster.declarations.edits.getLast();
    }

    private static Json after(Declarations.Edit edit) {
        return ((Declarations.Change.Put) edit.changes().getFirst()).after();
    }

    private static String subject(Declarations.Edit edit) {
        return edit.message().lines().findFirst().orElse("");
    }

    private Resource rc() {
        return cluster.resource(key("kubia"));
    }

    private static ResourceKey key(String name) {
        return new ResourceKey(GroupKind.REPLICATION_CONTROLLER, "default", name);
    }

    private static String rcs(String name) {
        return "/api/v1/namespaces/default/replicationcontrollers" + name;
    }

    // ---- create ----

    @Test
    void aCreateOfADeclarableKindIsACommitThatSaysNoMoreThanItsAuthor() throws Exception {
        JsonNode created = ok(201, send("POST", rcs(""), RC, "Kubectl-Command", "kubectl create"));

        assertEquals(
                Json.parse(
                        """
                        {"apiVersion":"v1","kind":"ReplicationController",
                         "metadata":{"name":"kubia","namespace":"default"},
                         "spec":{"replicas":3,"selector":{"app":"kubia"},
                           "template":{"metadata":{"labels":{"app":"kubia"}},
                             "spec":{"containers":[{"name":"kubia","image":"luksa/kubia"}]}}}}
                        """),
                after(lastEdit()));
        assertTrue(
                lastEdit()
                        .message()
                        .startsWith(
                                "Add rc/kubia\n\nKubectl-Command: kubectl create\n"
                                        + "Shiplog-Actor: user:admin\nShiplog-Request: "),
                lastEdit()::message);
        assertEquals("admin@shiplog.local", lastEdit().author().email());
        // Bookkeeping lives on the live resource only, and the reply is the newest revision.
        assertEquals(
                "{}",
                created.path("metadata")
                        .path("annotations")
                        .path("kubectl.kubernetes.io/last-applied-configuration")
                        .asText());
        assertEquals(
                rc().version().toString(),
                created.path("metadata").path("resourceVersion").asText());
        assertTrue(cluster.ledger.state().declared(key("kubia")).isPresent());
        assertTrue(cluster.ledger.state().declared(key("kubia")).get().annotations().isEmpty());
        assertEquals(
                "Always", created.at("/spec/template/spec/containers/0/imagePullPolicy").asText());
    }

    @Test
    void namesAreMadeAndClashesTriedAgain() throws Exception {
        String body =
                RC.replace(
                        "\"name\":\"kubia\",\"creation", "\"generateName\":\"kubia-\",\"creation");
        cluster.declarations.next = Optional.of(new Declarations.Result.Stale("taken"));
        String name = ok(201, send("POST", rcs(""), body)).at("/metadata/name").asText();
        assertTrue(name.matches("kubia-[a-z0-9]{5}"), name);
        assertEquals(2, cluster.declarations.edits.size());
    }

    @Test
    void whatAnOwnerHasIsNotDeclared() throws Exception {
        Resource lone = cluster.resource(ResourceKey.pod("default", "lone"));
        String body =
                """
                {"kind":"Pod","apiVersion":"v1","metadata":{"generateName":"child-",
                  "finalizers":["example.org/wait"],
                  "ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"lone","uid":"%s"}]},
                 "spec":{"containers":[{"name":"a","image":"a"}]}}
                """
                        .formatted(lone.uid());
        JsonNode created = ok(201, send("POST", PODS, body));
        assertTrue(cluster.declarations.edits.isEmpty());
        assertEquals("child-", created.at("/metadata/generateName").asText());
        assertEquals("example.org/wait", created.at("/metadata/finalizers/0").asText());
        assertEquals("Pending", created.at("/status/phase").asText());
        assertEquals(lone.uid().value(), created.at("/metadata/ownerReferences/0/uid").asText());
    }

    @Test
    void createsAreRefusedInKubernetesWords() throws Exception {
        ok(201, send("POST", rcs(""), RC));
        assertEquals(
                "409 AlreadyExists: replicationcontrollers \"kubia\" already exists",
                message(send("POST", rcs(""), RC)));
        assertEquals(
                "404 NotFound: namespaces \"nowhere\" not found",
                message(send("POST", "/api/v1/namespaces/nowhere/replicationcontrollers", RC)));
        assertEquals(
                "400 BadRequest: the namespace of the provided object does not match the namespace"
                        + " sent on the request",
                message(
                        send(
                                "POST",
                                rcs(""),
                                RC.replace(
                                        "{\"name\":\"kubia\",\"creation",
                                        "{\"name\":\"b\",\"namespace\":\"other\",\"creation"))));
        assertEquals(
                "422 Invalid: ReplicationController \"kubia\" is invalid: spec.replicas: Invalid"
                        + " value: -1: must be greater than or equal to 0",
                message(send("POST", rcs(""), RC.replace(":3", ":-1"))));
        assertEquals(
                "400 BadRequest: the API version in the data (v1) does not match the expected API"
                        + " version (apps/v1)",
                message(
                        send(
                                "POST",
                                DEPLOYMENTS,
                                "{\"apiVersion\":\"v1\",\"kind\":\"Deployment\"}")));
        assertEquals(
                "422 Invalid: Pod \"\" is invalid: metadata.name: Required value: name or"
                        + " generateName is required",
                message(send("POST", PODS, "{\"metadata\":{}}")));
        assertEquals(
                "415 UnsupportedMediaType",
                message(
                                client.send(
                                        "POST",
                                        PODS,
                                        new byte[] {1},
                                        "Content-Type",
                                        "application/cbor"))
                        .split(":", 2)[0]);
        assertEquals(405, send("POST", "/api/v1/pods", RC).statusCode());
        assertEquals(413, send("POST", PODS, "x".repeat(3 * 1024 * 1024 + 1)).statusCode());
        assertEquals(400, send("POST", PODS, "{\"metadata\":").statusCode());
    }

    @Test
    void causesNameTheFields() throws Exception {
        JsonNode failure = ok(422, send("POST", rcs(""), RC.replace(":3", ":-1")));
        assertEquals(
                Json.parse(
                        """
                        {"name":"kubia","kind":"ReplicationController","causes":[
                          {"field":"spec.replicas","reason":"FieldValueInvalid",
                           "message":"Invalid value: -1: must be greater than or equal to 0"}]}
                        """),
                Json.of(failure.path("details")));
    }

    @Test
    void unknownFieldsAreRefusedToldOrDroppedAsAskedFor() throws Exception {
        String body = RC.replace("\"replicas\":3", "\"replicsa\":3,\"replicas\":1,\"replicas\":2");
        assertEquals(
                "400 BadRequest: ReplicationController in version \"v1\" cannot be handled as a"
                        + " ReplicationController: strict decoding error: unknown field"
                        + " \"spec.replicsa\", duplicate field \"spec.replicas\"",
                message(send("POST", rcs("?fieldValidation=Strict"), body)));
        HttpResponse<byte[]> warned = send("POST", rcs("?dryRun=All"), body);
        assertEquals(2, ok(201, warned).at("/spec/replicas").asInt());
        assertEquals(
                Optional.of(
                        "299 - \"unknown field \\\"spec.replicsa\\\"\", 299 - \"duplicate field"
                                + " \\\"spec.replicas\\\"\""),
                warned.headers().firstValue("Warning"));
        HttpResponse<byte[]> silent = send("POST", rcs("?fieldValidation=Ignore"), body);
        ok(201, silent);
        assertEquals(Optional.empty(), silent.headers().firstValue("Warning"));
    }

    @Test
    void whoTakesNoAnswerThatIsServedChangesNothing() throws Exception {
        String accept = "application/vnd.kubernetes.protobuf";
        String leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        String lease = "{\"metadata\":{\"name\":\"mine\"},\"spec\":{}}";
        String labels = "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}";
        Position before = cluster.ledger.state().position();
        for (HttpResponse<byte[]> refused :
                List.of(
                        send("POST", rcs(""), RC, "Accept", accept),
                        send("PATCH", PODS + "/lone", labels, "Accept", accept),
                        send("PATCH", PODS + "/lone/status", labels, "Accept", accept),
                        send("PUT", "/api/v1/namespaces/shop/finalize", "{}", "Accept", accept),
                        send("DELETE", PODS + "/lone", "", "Accept", accept),
                        send("DELETE", PODS, "", "Accept", accept),
                        send("POST", leases, lease, "Accept", accept))) {
            assertEquals(406, refused.statusCode(), () -> Client.text(refused));
        }
        assertEquals(before, cluster.ledger.state().position());
        assertEquals(404, send("GET", leases + "/mine", "").statusCode());
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        JsonNode shown = ok(201, send("POST", rcs("?dryRun=All"), RC));
        assertEquals("kubia", shown.at("/metadata/name").asText());
        assertTrue(cluster.ledger.state().resource(key("kubia")).isEmpty());
        assertTrue(lastEdit().dryRun());
        JsonNode labelled =
                ok(
                        200,
                        send(
                                "PATCH",
                                PODS + "/lone?dryRun=All",
                                "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}"));
        assertEquals("y", labelled.at("/metadata/labels/x").asText());
        assertFalse(
                cluster.resource(ResourceKey.pod("default", "lone"))
                        .metadata()
                        .labels()
                        .containsKey("x"));
    }

    @Test
    void yamlAndProtobufAreReadToo() throws Exception {
        String yaml = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: yam\n  labels: {a: b}\n";
        JsonNode created =
                ok(
                        201,
                        client.send(
                                "POST",
                                "/api/v1/namespaces",
                                yaml.getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/yaml"));
        assertEquals("Active", created.at("/status/phase").asText());
        assertEquals("Add ns/yam", subject(lastEdit()));
        byte[] protobuf = protobufNamespace("czm");
        ok(
                201,
                client.send(
                        "POST",
                        "/api/v1/namespaces",
                        protobuf,
                        "Content-Type",
                        "application/vnd.kubernetes.protobuf"));
        assertEquals(
                Json.parse(
                        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"czm\"}}"),
                after(lastEdit()));
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a%d: &a%d [".formatted(i, i));
            for (int j = 0; j < 10; j++) {
                bomb.append(j == 0 ? "*a%d".formatted(i - 1) : ",*a%d".formatted(i - 1));
            }
            bomb.append("]\n");
        }
        assertEquals(
                400,
                client.send(
                                "POST",
                                "/api/v1/namespaces",
                                bomb.toString().getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/yaml")
                        .statusCode());
    }

    /** As {@code kubectl create namespace} sends it: Go writes every zero that is no pointer. */
    private static byte[] protobufNamespace(String name) {
        V1.Namespace namespace =
                V1.Namespace.newBuilder()
                        .setMetadata(
                                Meta.ObjectMeta.newBuilder()
                                        .setName(name)
                                        .setGenerateName("")
                                        .setNamespace("")
                                        .setUid("")
                                        .setResourceVersion("")
                                        .setGeneration(0)
                                        .setCreationTimestamp(Meta.Time.newBuilder()))
                        .setSpec(V1.NamespaceSpec.newBuilder())
                        .setStatus(V1.NamespaceStatus.newBuilder().setPhase(""))
                        .build();
        Unknown unknown =
                Unknown.newBuilder()
                        .setTypeMeta(TypeMeta.newBuilder().setApiVersion("v1").setKind("Namespace"))
                        .setRaw(namespace.toByteString())
                        .build();
        byte[] message = unknown.toByteArray();
        byte[] body = new byte[message.length + 4];
        System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, body, 0, 4);
        System.arraycopy(message, 0, body, 4, message.length);
        return body;
    }

    @Test
    void aSecretReachesNeitherGitNorTheLogInClear() throws Exception {
        String plain = "czNjcjN0LWluLWNsZWFy";
        String path = "/api/v1/namespaces/default/secrets";
        JsonNode created =
                ok(
                        201,
                        send(
                                "POST",
                                path,
                                "{\"metadata\":{\"name\":\"s\"},\"data\":{\"p\":\""
                                        + plain
                                        + "\"}}"));
        assertEquals(plain, created.at("/data/p").asText());
        String sealed = after(lastEdit()).toNode().at("/data/p").asText();
        assertTrue(sealed.startsWith("sealed:v1:"), sealed);
        // A change of another value leaves the sealed text alone.
        JsonNode patched =
                ok(200, send("PATCH", path + "/s", "{\"data\":{\"q\":\"" + plain + "\"}}"));
        assertEquals(plain, patched.at("/data/q").asText());
        assertEquals(sealed, after(lastEdit()).toNode().at("/data/p").asText());
        assertTrue(after(lastEdit()).toNode().at("/data/q").asText().startsWith("sealed:v1:"));
        for (Declarations.Edit edit : cluster.declarations.edits) {
            assertFalse(edit.toString().contains(plain));
        }
        cluster.ledger
                .read(dev.shiplog.resource.Position.ORIGIN, Optional.empty(), 1000)
                .forEach(event -> assertFalse(event.toString().contains(plain)));
    }

    @Test
    void whatHelmNotesForItselfIsNoCommit() throws Exception {
        String path = "/api/v1/namespaces/default/secrets";
        String plain = "czNjcjN0LWluLWNsZWFy";
        String name = "sh.helm.release.v1.web.v1";
        String record =
                "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"owner\":\"helm\",\"status\":\"%s\"}},\"type\":\"%s\",\"data\":{\"release\":\"%s\"}}";
        ok(
                201,
                send(
                        "POST",
                        path,
                        record.formatted(name, "pending-install", "helm.sh/release.v1", plain)));
        JsonNode deployed =
                ok(
                        200,
                        send(
                                "PUT",
                                path + "/" + name,
                                record.formatted(name, "deployed", "helm.sh/release.v1", plain)));
        assertEquals(plain, deployed.at("/data/release").asText());
        ok(
                201,
                send(
                        "POST",
                        "/api/v1/namespaces/default/configmaps",
                        "{\"metadata\":{\"name\":\"sh.helm.release.v1.web.v2\",\"labels\":{\"owner\":\"helm\"}},\"data\":{\"release\":\"x\"}}"));
        assertTrue(cluster.declarations.edits.isEmpty());
        cluster.ledger
                .read(dev.shiplog.resource.Position.ORIGIN, Optional.empty(), 1000)
                .forEach(event -> assertFalse(event.toString().contains(plain)));
        ok(200, client.send("DELETE", path + "/" + name, new byte[0]));
        assertTrue(cluster.declarations.edits.isEmpty());
        // What only looks like one is a wish as any.
        ok(201, send("POST", path, record.formatted("mine", "x", "helm.sh/release.v1", plain)));
        assertEquals(1, cluster.declarations.edits.size());
    }

    @Test
    void aControllerThatAClientNamesIsKeptInGitAndWhatItMeansIsTold() throws Exception {
        String path = "/api/v1/namespaces/default/configmaps";
        ResourceKey lone = ResourceKey.pod("default", "lone");
        String uid = cluster.resource(lone).uid().value();
        ok(201, send("POST", path, "{\"metadata\":{\"name\":\"mine\"},\"data\":{\"a\":\"b\"}}"));
        HttpResponse<byte[]> owned =
                send(
                        "PATCH",
                        path + "/mine",
                        "{\"metadata\":{\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"lone\",\"uid\":\""
                                + uid
                                + "\",\"controller\":true,\"blockOwnerDeletion\":true}]}}");
        assertTrue(
                ok(200, owned).at("/metadata/ownerReferences/0/controller").asBoolean(),
                () -> Client.text(owned));
        assertEquals(
                List.of(
                        "299 - \"metadata.ownerReferences[0]: mine is declared in Git, and stays when its owner is deleted\""),
                owned.headers().allValues("Warning"));
        assertTrue(
                after(lastEdit())
                        .toNode()
                        .at("/metadata/ownerReferences/0/controller")
                        .asBoolean());
        // And a later change of what has a controller is a commit as before.
        ok(200, send("PATCH", path + "/mine", "{\"data\":{\"a\":\"c\"}}"));

        // The owner does not wait for what stays.
        ok(200, client.send("DELETE", PODS + "/lone?propagationPolicy=Foreground", new byte[0]));
        assertEquals(
                1,
                new GarbageController()
                        .reconcile(cluster.ledger.state(), lone, Instant.now())
                        .commands()
                        .size());
    }

    // ---- update and patch ----

    @Test
    void aScaleIsAOneLineCommit() throws Exception {
        ok(201, send("POST", rcs(""), RC));
        JsonNode scale = ok(200, client.get(rcs("/kubia/scale")));
        assertEquals("app=kubia", scale.at("/status/selector").asText());
        JsonNode scaled =
                ok(200, send("PATCH", rcs("/kubia/scale"), "{\"spec\":{\"replicas\":10}}"));
        assertEquals("Scale", scaled.path("kind").asText());
        assertEquals(10, scaled.at("/spec/replicas").asInt());
        assertEquals("Scale rc/kubia to 10", subject(lastEdit()));
        Declarations.Change.Put put = (Declarations.Change.Put) lastEdit().changes().getFirst();
        String difference = put.after().toString().replace("\"replicas\":10", "\"replicas\":3");
        assertEquals(put.before().orElseThrow().toString(), difference);
        assertEquals(2, rc().metadata().generation());
        assertEquals(
                "422 Invalid: Scale.autoscaling \"kubia\" is invalid: spec.replicas: Invalid value:"
                        + " -1: must be greater than or equal to 0",
                message(send("PATCH", rcs("/kubia/scale"), "{\"spec\":{\"replicas\":-1}}")));
        // One that was read before the last change comes too late.
        String stale = scale.toString().replace("\"replicas\":3", "\"replicas\":4");
        assertEquals(
                "409 Conflict: Operation cannot be fulfilled on replicationcontrollers \"kubia\":"
                        + " the object has been modified; please apply your changes to the latest"
                        + " version and try again",
                message(send("PUT", rcs("/kubia/scale"), stale)));
    }

    @Test
    void statusAndWhatOnlyTheClusterSetsAreNotTakenFromTheMainResource() throws Exception {
        ok(201, send("POST", rcs(""), RC));
        Resource before = rc();
        JsonNode patched =
                ok(
                        200,
                        send(
                                "PATCH",
                                rcs("/kubia"),
                                "{\"status\":{\"replicas\":7},\"metadata\":{\"generation\":9,"
                                        + "\"labels\":{\"tier\":\"web\"}}}"));
        assertEquals("Add label tier=web to rc/kubia", subject(lastEdit()));
        assertEquals(before.status(), rc().status());
        assertEquals(1, patched.at("/metadata/generation").asInt());
        ok(
                200,
                send(
                        "PATCH",
                        rcs("/kubia/status"),
                        "{\"status\":{\"replicas\":7},\"spec\":{\"replicas\":50}}"));
        assertEquals(Json.parse("{\"replicas\":7}"), rc().status());
        assertEquals(3, rc().body().toNode().at("/spec/replicas").asInt());
    }

    @Test
    void aPatchIsComputedAgainWhenSomebodyWasFaster() throws Exception {
        ok(201, send("POST", rcs(""), RC));
        cluster.declarations.next = Optional.of(new Declarations.Result.Stale("other"));
        ok(200, send("PATCH", rcs("/kubia"), "{\"spec\":{\"replicas\":4}}"));
        assertEquals(4, rc().body().toNode().at("/spec/replicas").asInt());
        String old = "{\"metadata\":{\"resourceVersion\":\"1\"},\"spec\":{\"replicas\":5}}";
        assertEquals(409, send("PATCH", rcs("/kubia"), old).statusCode());
    }

    @Test
    void aReplaceKeepsWhatTheClusterSet() throws Exception {
        JsonNode created = ok(201, send("POST", rcs(""), RC));
        JsonNode replaced =
                ok(200, send("PUT", rcs("/kubia"), RC.replace("luksa/kubia", "luksa/kubia:v2")));
        assertEquals(created.at("/metadata/uid"), replaced.at("/metadata/uid"));
        assertEquals(
                created.at("/metadata/creationTimestamp"),
                replaced.at("/metadata/creationTimestamp"));
        assertEquals("Set the image of rc/kubia to luksa/kubia:v2", subject(lastEdit()));
        assertEquals(
                404,
                send("PUT", rcs("/other"), RC.replace("\"kubia\",", "\"other\",")).statusCode());
    }

    @Test
    void whatMayNotChangeDoesNot() throws Exception {
        JsonNode live = ok(200, client.get(DEPLOYMENTS + "/web"));
        String other = live.toString().replace("\"app\":\"web\"}}", "\"app\":\"x\"}}");
        assertEquals(
                "422 Invalid: Deployment.apps \"web\" is invalid: spec.selector: Invalid value:"
                        + " {\"matchLabels\":{\"app\":\"x\"}}: field is immutable",
                message(
                        send(
                                "PATCH",
                                DEPLOYMENTS + "/web",
                                "{\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"x\"}},"
                                        + "\"template\":{\"metadata\":{\"labels\":{\"app\":\"x\"}}}}}")));
        assertFalse(other.isEmpty());
        String pod = message(send("PATCH", PODS + "/lone", "{\"spec\":{\"hostname\":\"other\"}}"));
        assertTrue(
                pod.startsWith(
                        "422 Invalid: Pod \"lone\" is invalid: spec: Forbidden: pod updates may not"
                                + " change fields other than `spec.containers[*].image`"),
                pod);
        assertEquals(
                "400 BadRequest: the name of the object (x) does not match the name on the URL"
                        + " (lone)",
                message(send("PATCH", PODS + "/lone", "{\"metadata\":{\"name\":\"x\"}}")));
    }

    @Test
    void whatNothingDeclaresIsWrittenByAnEvent() throws Exception {
        ok(200, send("PATCH", PODS + "/lone", "{\"metadata\":{\"labels\":{\"app\":\"free\"}}}"));
        ok(
                200,
                send(
                        "PATCH",
                        "/api/v1/nodes/n1",
                        "{\"spec\":{\"unschedulable\":true},\"metadata\":{\"labels\":{\"disk\":\"ssd\"}}}"));
        assertTrue(cluster.declarations.edits.isEmpty());
        assertEquals(
                "free",
                cluster.resource(ResourceKey.pod("default", "lone"))
                        .metadata()
                        .labels()
                        .get("app"));
        // The node introduces itself again, and undoes nothing.
        cluster.submit(
                new dev.shiplog.command.NodeCommand.RegisterNode(
                        TestCluster.NODE,
                        new TreeMap<>(Map.of("kubernetes.io/hostname", "n1", "new", "1")),
                        Json.parse("{\"spec\":{}}"),
                        Json.parse("{\"conditions\":[]}")));
        Resource node = cluster.resource(ResourceKey.node(TestCluster.NODE));
        assertEquals("ssd", node.metadata().labels().get("disk"));
        assertEquals("1", node.metadata().labels().get("new"));
        assertTrue(node.body().toNode().at("/spec/unschedulable").asBoolean());
        assertEquals("user:admin", actorOf(ResourceKey.pod("default", "lone")));
    }

    private String actorOf(ResourceKey key) {
        long at = cluster.resource(key).version().value();
        return cluster.ledger
                .read(new dev.shiplog.resource.Position(at - 1), Optional.empty(), 1)
                .getFirst()
                .origin()
                .actor();
    }

    @Test
    void liveOnlyAnnotationsDoNotBecomeCommits() throws Exception {
        ok(
                200,
                send(
                        "PATCH",
                        DEPLOYMENTS + "/web",
                        "{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{}\"}}}"));
        assertTrue(cluster.declarations.edits.isEmpty());
        ok(
                200,
                send(
                        "PATCH",
                        DEPLOYMENTS + "/web",
                        "{\"metadata\":{\"annotations\":{\"kubernetes.io/change-cause\":\"me\"}}}"));
        assertEquals(
                "Add annotation kubernetes.io/change-cause to deploy/web in shop",
                subject(lastEdit()));
    }

    // ---- what Declarations may answer ----

    @Test
    void refusalsRejectionsAndProposalsAreToldApart() throws Exception {
        String patch = "{\"spec\":{\"replicas\":5}}";
        cluster.declarations.next =
                Optional.of(new Declarations.Result.Refused("no credentials; commit this: ..."));
        assertEquals(
                "403 Forbidden: deployments.apps \"web\" is forbidden: no credentials; commit this:"
                        + " ...",
                message(send("PATCH", DEPLOYMENTS + "/web", patch)));
        cluster.declarations.next =
                Optional.of(new Declarations.Result.Rejected("InvalidManifest", List.of("bad")));
        assertEquals(
                "422 Invalid: Deployment.apps \"web\" is invalid: bad",
                message(send("PATCH", DEPLOYMENTS + "/web", patch)));
        cluster.declarations.next =
                Optional.of(
                        new Declarations.Result.Rejected(
                                "InvalidManifest", List.of("web.yaml:9:3: bad", "worse")));
        assertEquals(
                "[{\"field\":\"web.yaml:9:3\",\"message\":\"bad\",\"reason\":\"InvalidManifest\"},"
                        + "{\"field\":\"commit\",\"message\":\"worse\",\"reason\":\"InvalidManifest\"}]",
                Json.of(ok(422, send("PATCH", DEPLOYMENTS + "/web", patch)).at("/details/causes"))
                        .toString());
        cluster.declarations.fault =
                Optional.of(new SourceLedger.NotRecorded("disk full", new IOException("full")));
        assertEquals(
                "500 InternalError: Internal error occurred: it is not known whether the commit is"
                        + " made: disk full",
                message(send("PATCH", DEPLOYMENTS + "/web", patch)));
        cluster.declarations.next =
                Optional.of(new Declarations.Result.Rejected("Held", List.of("mend it first")));
        assertEquals(
                "503 ServiceUnavailable: mend it first",
                message(send("PATCH", DEPLOYMENTS + "/web", patch)));
        cluster.declarations.next =
                Optional.of(
                        new Declarations.Result.Proposed(
                                "shiplog/1", new CommitId("a".repeat(40))));
        HttpResponse<byte[]> proposed = send("PATCH", DEPLOYMENTS + "/web", patch);
        assertEquals("web", ok(202, proposed).at("/metadata/name").asText());
        assertEquals(List.of(WAITS), proposed.headers().allValues("Warning"));
    }

    private static final String WAITS =
            "299 - \"nothing has changed yet: commit aaaaaaaaaa waits on branch shiplog/1 to be"
                    + " merged\"";

    private void propose() {
        cluster.declarations.next =
                Optional.of(
                        new Declarations.Result.Proposed(
                                "shiplog/1", new CommitId("a".repeat(40))));
    }

    /** The answer to what waits to be merged is the resource as it would be, and a warning. */
    @Test
    void whatWaitsOnABranchIsShownAsItWouldBeWithAWarning() throws Exception {
        propose();
        HttpResponse<byte[]> created = send("POST", rcs(""), RC);
        assertEquals("kubia", ok(202, created).at("/metadata/name").asText());
        assertEquals(List.of(WAITS), created.headers().allValues("Warning"));
        assertEquals(404, client.get(rcs("/kubia")).statusCode());
        propose();
        HttpResponse<byte[]> scaled =
                send("PATCH", DEPLOYMENTS + "/web/scale", "{\"spec\":{\"replicas\":9}}");
        assertEquals(9, ok(202, scaled).at("/spec/replicas").asInt());
        assertEquals(List.of(WAITS), scaled.headers().allValues("Warning"));
        propose();
        HttpResponse<byte[]> deleted = send("DELETE", DEPLOYMENTS + "/web", "");
        JsonNode status = ok(202, deleted);
        assertEquals("Success", status.path("status").asText());
        assertEquals("web", status.at("/details/name").asText());
        assertTrue(status.at("/details/uid").isMissingNode(), "kubectl would wait for its end");
        assertEquals(List.of(WAITS), deleted.headers().allValues("Warning"));
        assertEquals(200, client.get(DEPLOYMENTS + "/web").statusCode());
    }

    // ---- delete ----

    @Test
    void aDeclaredResourceIsDeletedByACommitThatHonoursTheOptions() throws Exception {
        ResourceKey set = new ResourceKey(GroupKind.REPLICA_SET, "shop", "web-5d4f8");
        ok(200, send("DELETE", DEPLOYMENTS + "/web", "{\"propagationPolicy\":\"Orphan\"}"));
        assertEquals("Remove deploy/web in shop", subject(lastEdit()));
        assertTrue(lastEdit().message().contains("\nShiplog-Cascade: orphan\n"));
        assertTrue(cluster.resource(set).metadata().owners().isEmpty());
        assertEquals(404, client.get(DEPLOYMENTS + "/web").statusCode());
    }

    @Test
    void aForegroundDeletionWaitsForItsDependents() throws Exception {
        JsonNode deleting =
                ok(
                        200,
                        send(
                                "DELETE",
                                DEPLOYMENTS + "/web",
                                "{\"propagationPolicy\":\"Foreground\"}"));
        assertEquals("foregroundDeletion", deleting.at("/metadata/finalizers/0").asText());
        assertTrue(
                cluster.ledger
                        .state()
                        .declared(new ResourceKey(GroupKind.DEPLOYMENT, "shop", "web"))
                        .isEmpty());
    }

    @Test
    void aNamespaceGoesWithAllThatIsDeclaredInIt() throws Exception {
        JsonNode deleting = ok(200, send("DELETE", "/api/v1/namespaces/shop", ""));
        assertEquals("Terminating", deleting.at("/status/phase").asText());
        assertEquals("Remove ns/shop and the 1 object in it", subject(lastEdit()));
        assertTrue(lastEdit().message().contains("\nShiplog-Allow-Delete: true\n"));
        assertEquals(
                "403 Forbidden: deployments.apps \"n\" is forbidden: unable to create new content"
                        + " in namespace shop because it is being terminated",
                message(
                        send(
                                "POST",
                                DEPLOYMENTS,
                                """
                                {"metadata":{"name":"n"},"spec":{"selector":{"matchLabels":{"a":"b"}},
                                 "template":{"metadata":{"labels":{"a":"b"}},
                                 "spec":{"containers":[{"name":"a","image":"a"}]}}}}
                                """)));
        assertEquals(
                "403 Forbidden: namespaces \"default\" is forbidden: this namespace may not be"
                        + " deleted",
                message(send("DELETE", "/api/v1/namespaces/default", "")));
    }

    /** What a namespace does not take in is no mistake of the object's. */
    @Test
    void whatAQuotaForbidsIsForbiddenAndNotInvalid() throws Exception {
        ok(
                201,
                send(
                        "POST",
                        "/api/v1/namespaces/shop/resourcequotas",
                        "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"count/configmaps\":\"0\"}}}"));
        assertEquals(
                "403 Forbidden: configmaps \"one\" is forbidden: exceeded quota: q, requested:"
                        + " count/configmaps=1, used: count/configmaps=0, limited:"
                        + " count/configmaps=0",
                message(
                        send(
                                "POST",
                                "/api/v1/namespaces/shop/configmaps",
                                "{\"metadata\":{\"name\":\"one\"}}")));
    }

    @Test
    void aCollectionGoesByOneCommit() throws Exception {
        for (String name : List.of("a", "b")) {
            ok(
                    201,
                    send(
                            "POST",
                            rcs(""),
                            RC.replace("\"kubia\",\"creation", "\"" + name + "\",\"creation")));
        }
        int before = cluster.declarations.edits.size();
        ok(200, send("DELETE", rcs(""), ""));
        assertEquals(before + 1, cluster.declarations.edits.size());
        assertEquals("Remove 2 replicationcontrollers from default", subject(lastEdit()));
    }

    @Test
    void takingTheLastFinalizerAwayEndsADeletion() throws Exception {
        ResourceKey pod = ResourceKey.pod("shop", "web-5d4f8-a");
        String path = "/api/v1/namespaces/shop/pods/web-5d4f8-a";
        String wait = "{\"metadata\":{\"finalizers\":[\"example.org/wait\"]}}";
        ok(200, send("PATCH", path, wait));
        cluster.submit(
                new ResourceCommand.DeleteResource(
                        pod,
                        Optional.empty(),
                        OptionalLong.empty(),
                        Propagation.BACKGROUND,
                        List.of()));
        assertEquals(
                "422 Invalid: Pod \"web-5d4f8-a\" is invalid: metadata.finalizers: Forbidden: no new"
                        + " finalizers can be added if the object is being deleted, found new"
                        + " finalizers []string{\"example.org/more\"}",
                message(send("PATCH", path, wait.replace("wait", "more"))));
        // Its containers go; then only the finalizer holds it.
        cluster.report(pod, "{\"phase\":\"Succeeded\"}", true);
        assertEquals(
                0, ok(200, client.get(path)).at("/metadata/deletionGracePeriodSeconds").asInt(-1));
        ok(200, send("PATCH", path, "{\"metadata\":{\"finalizers\":null}}"));
        assertEquals(404, client.get(path).statusCode());
    }

    // ---- subresources of pods ----

    @Test
    void evictionsAreDeletionsWithABudget() throws Exception {
        String path = "/api/v1/namespaces/shop/pods/web-5d4f8-a/eviction";
        String body =
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"web-5d4f8-a\"}}";
        JsonNode evicted = ok(201, send("POST", path, body));
        assertEquals("Success", evicted.path("status").asText());
        assertTrue(cluster.resource(ResourceKey.pod("shop", "web-5d4f8-a")).metadata().deleting());
        assertEquals(
                404,
                send(
                                "POST",
                                path.replace("web-5d4f8-a", "gone"),
                                body.replace("web-5d4f8-a", "gone"))
                        .statusCode());
    }

    @Test
    void patchesOfAStatusAtOnceDoNotStandInEachOthersWay() throws Exception {
        List<Callable<Integer>> patches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String patch =
                    "{\"status\":{\"conditions\":[{\"type\":\"example.com/c"
                            + i
                            + "\",\"status\":\"True\"}]}}";
            patches.add(() ->
                    client.send(
                                    "PATCH",
                                    PODS + "/lone/status",
                                    patch.getBytes(UTF_8),
                                    "Content-Type",
                                    "application/strategic-merge-patch+json")
                            .statusCode());
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer : threads.invokeAll(patches, 30, TimeUnit.SECONDS)) {
                assertEquals(200, answer.get());
            }
        }
        String status = cluster.resource(ResourceKey.pod("default", "lone")).status().toString();
        for (int i = 0; i < 4; i++) {
            assertTrue(status.contains("example.com/c" + i), status);
        }
    }

    @Test
    void aBudgetPutsEvictionsOff() throws Exception {
        // Two of the Deployment's pods must stay, and not even so many are ready.
        ok(
                201,
                send(
                        "POST",
                        "/apis/policy/v1/namespaces/shop/poddisruptionbudgets",
                        "{\"apiVersion\":\"policy/v1\",\"kind\":\"PodDisruptionBudget\",\"metadata\":"
                                + "{\"name\":\"keep\"},\"spec\":{\"minAvailable\":2,\"selector\":{}}}"));
        ResourceKey pod =
                cluster.ledger.state().resources(GroupKind.POD, "shop").stream()
                        .filter(one ->
                                one.status().toNode().path("phase").asText().equals("Running"))
                        .findFirst()
                        .orElseThrow()
                        .key();
        String body =
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"%s\"}}"
                        .formatted(pod.name());
        HttpResponse<byte[]> answer =
                send("POST", "/api/v1/namespaces/shop/pods/" + pod.name() + "/eviction", body);
        assertEquals(
                "429 TooManyRequests: Cannot evict pod as it would violate the pod's disruption"
                        + " budget.",
                message(answer));
        // kubectl would wait silently, ten times over, where it says itself why it waits.
        assertEquals(Optional.empty(), answer.headers().firstValue("Retry-After"));
        JsonNode cause =
                Json.parse(new String(answer.body(), UTF_8)).toNode().at("/details/causes/0");
        assertEquals("DisruptionBudget", cause.path("reason").asText());
        assertTrue(
                cause.path("message")
                        .asText()
                        .startsWith("The disruption budget keep needs 2 healthy pods and has "),
                cause::toString);
        assertFalse(cluster.resource(pod).metadata().deleting());
    }

    @Test
    void anotherSchedulerMayBind() throws Exception {
        String binding =
                "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"lone\"},\"target\":{\"kind\":\"Node\",\"name\":\"%s\"}}";
        assertEquals(
                "404 NotFound: nodes \"n9\" not found",
                message(send("POST", PODS + "/lone/binding", binding.formatted("n9"))));
        ok(201, send("POST", "/api/v1/namespaces/default/bindings", binding.formatted("n1")));
        assertEquals("n1", ok(200, client.get(PODS + "/lone")).at("/spec/nodeName").asText());
        assertEquals(
                "409 Conflict: Operation cannot be fulfilled on pods/binding \"lone\": pod lone is"
                        + " already assigned to node \"n1\"",
                message(send("POST", PODS + "/lone/binding", binding.formatted("n1"))));
    }

    @Test
    void debuggingContainersAreAddedAndStay() throws Exception {
        String path = PODS + "/lone/ephemeralcontainers";
        String patch =
                "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"dbg\",\"image\":\"busybox:1.37\",\"targetContainerName\":\"main\"}]}}";
        JsonNode pod = ok(200, send("PATCH", path, patch));
        assertEquals(
                "IfNotPresent", pod.at("/spec/ephemeralContainers/0/imagePullPolicy").asText());
        assertEquals(
                "422 Invalid: Pod \"lone\" is invalid: spec.ephemeralContainers: Forbidden: existing"
                        + " ephemeral containers \"dbg\" may not be removed",
                message(send("PATCH", path, "{\"spec\":{\"ephemeralContainers\":[]}}")));
        // A label afterwards leaves them alone.
        ok(200, send("PATCH", PODS + "/lone", "{\"metadata\":{\"labels\":{\"q\":\"r\"}}}"));
        assertEquals(
                "dbg",
                cluster.resource(ResourceKey.pod("default", "lone"))
                        .body()
                        .toNode()
                        .at("/spec/ephemeralContainers/0/name")
                        .asText());
    }

    @Test
    void eventsThatClientsPostAreKept() throws Exception {
        String event =
                """
                {"apiVersion":"events.k8s.io/v1","kind":"Event",
                 "metadata":{"generateName":"lone.","namespace":"default"},
                 "eventTime":"2099-05-01T12:00:00.000000Z","reportingController":"me",
                 "reportingInstance":"me-1","action":"Look","reason":"Seen","type":"Normal",
                 "note":"hello","regarding":{"kind":"Pod","namespace":"default","name":"lone"}}
                """;
        JsonNode created =
                ok(201, send("POST", "/apis/events.k8s.io/v1/namespaces/default/events", event));
        String name = created.at("/metadata/name").asText();
        JsonNode core = ok(200, client.get("/api/v1/namespaces/default/events/" + name));
        assertEquals("hello", core.path("message").asText());
        assertEquals("lone", core.at("/involvedObject/name").asText());
        assertTrue(cluster.declarations.edits.isEmpty());
    }

    @Test
    void oldVersionsAreTakenWithAWarning() throws Exception {
        HttpResponse<byte[]> response =
                send(
                        "POST",
                        "/apis/apps/v1beta2/namespaces/default/replicasets?dryRun=All",
                        """
                        {"apiVersion":"apps/v1beta2","kind":"ReplicaSet","metadata":{"name":"r"},
                         "spec":{"selector":{"matchLabels":{"a":"b"}},
                         "template":{"metadata":{"labels":{"a":"b"}},
                         "spec":{"containers":[{"name":"a","image":"a"}]}}}}
                        """);
        ok(201, response);
        assertTrue(
                response.headers()
                        .firstValue("Warning")
                        .orElse("")
                        .contains("apps/v1beta2 ReplicaSet is deprecated"));
    }

    /** guide row 86: its fields have other names in the guide's version. */
    @Test
    void anIngressOfTheOldestVersionIsReadInItsOwnWords() throws Exception {
        JsonNode created =
                ok(
                        201,
                        send(
                                "POST",
                                "/apis/extensions/v1beta1/namespaces/default/ingresses?dryRun=All"
                                        + "&fieldValidation=Strict",
                                """
                                {"apiVersion":"extensions/v1beta1","kind":"Ingress",
                                 "metadata":{"name":"kubia"},
                                 "spec":{"rules":[{"host":"kubia.example.com","http":{"paths":[
                                 {"path":"/","backend":{"serviceName":"kubia-nodeport",
                                 "servicePort":80}}]}}]}}
                                """));
        JsonNode path = created.at("/spec/rules/0/http/paths/0");
        assertEquals("kubia-nodeport", path.at("/backend/serviceName").asText());
        assertEquals(80, path.at("/backend/servicePort").asInt());
        assertEquals("ImplementationSpecific", path.path("pathType").asText());
    }
}
