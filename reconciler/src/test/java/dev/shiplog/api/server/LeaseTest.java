package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;

import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1Coordination;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Leases live beside the log and behave as any other resource. */
class LeaseTest {
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    private static final String LEASE =
            """
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"lead"},
             "spec":{"holderIdentity":"a","leaseDurationSeconds":15,
                     "renewTime":"2099-05-01T12:00:00.000000Z"}}
            """;

    @TempDir Path folder;
    private TestCluster cluster;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.empty(folder, (_, _, _, _, _) -> {}, List.of(), Optional.empty());
        cluster.createNamespace("default");
        client = Client.admin(cluster);
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    /** What came back. */
    private record Sent(int code, ObjectNode json) {}

    private Sent send(String method, String path, String body) throws Exception {
        return send(method, path, "application/json", body);
    }

    private Sent send(String method, String path, String type, String body) throws Exception {
        HttpResponse<byte[]> response =
                client.send(
                        method, path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", type);
        return new Sent(response.statusCode(), (ObjectNode) Client.parse(Client.text(response)));
    }

    @Test
    void oneOfTwoCandidatesWins() throws Exception {
        Position head = cluster.ledger.head();
        Sent created = send("POST", LEASES, LEASE);
        assertEquals(201, created.code(), created.toString());
        assertEquals(409, send("POST", LEASES, LEASE).code());
        ObjectNode mine = created.json().deepCopy();
        ObjectNode theirs = created.json().deepCopy();
        mine.withObjectProperty("spec").put("holderIdentity", "me");
        theirs.withObjectProperty("spec").put("holderIdentity", "they");
        assertEquals(200, send("PUT", LEASES + "/lead", mine.toString()).code());
        Sent lost = send("PUT", LEASES + "/lead", theirs.toString());
        assertEquals(409, lost.code());
        assertEquals("Conflict", lost.json().path("reason").asText());
        assertEquals(
                "me", client.json(LEASES + "/lead").path("spec").path("holderIdentity").asText());
        assertEquals(head, cluster.ledger.head(), "the log grew");
    }

    @Test
    void watchesAndPatchesAndDeletes() throws Exception {
        String from = client.json(LEASES).path("metadata").path("resourceVersion").asText();
        try (Client.Watch watch = client.watch(LEASES + "?watch=1&resourceVersion=" + from)) {
            send("POST", LEASES, LEASE);
            Sent patched =
                    send(
                            "PATCH",
                            LEASES + "/lead",
                            "application/merge-patch+json",
                            "{\"spec\":{\"holderIdentity\":\"b\",\"leaseDurationSeconds\":null}}");
            assertEquals(200, patched.code(), patched.toString());
            assertEquals(200, send("DELETE", LEASES + "/lead", "").code());
            JsonNode added = watch.next();
            JsonNode modified = watch.next();
            JsonNode deleted = watch.next();
            assertEquals("ADDED", added.path("type").asText());
            assertEquals("MODIFIED", modified.path("type").asText());
            assertEquals(
                    Json.parse(
                                    "{\"holderIdentity\":\"b\",\"renewTime\":\"2099-05-01T12:00:00.000000Z\"}")
                            .toNode(),
                    modified.path("object").path("spec"));
            assertEquals("DELETED", deleted.path("type").asText());
            assertEquals(404, send("DELETE", LEASES + "/lead", "").code());
        }
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        Sent invalid = send("POST", LEASES, LEASE.replace("15", "0"));
        assertEquals(422, invalid.code());
        assertEquals(
                "Lease.coordination.k8s.io \"lead\" is invalid: spec.leaseDurationSeconds: Invalid"
                        + " value: 0: must be greater than 0",
                invalid.json().path("message").asText());
        assertEquals(
                "spec.leaseDurationSeconds",
                invalid.json().path("details").path("causes").path(0).path("field").asText());
        assertEquals(404, send("POST", LEASES.replace("default", "nowhere"), LEASE).code());
        assertEquals(400, send("POST", LEASES, "[").code());
        assertEquals(
                415, send("PATCH", LEASES + "/lead", "application/apply-patch+yaml", "{}").code());
    }

    @Test
    void aNodesLeaseIsRenewedAndVersionsNeverGoBack() throws Exception {
        cluster.beside.renew("n1");
        Kubectl kubectl = new Kubectl(folder);
        String path = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1";
        JsonNode first = client.json(path);
        cluster.now = cluster.now.plusSeconds(10);
        cluster.beside.renew("n1");
        JsonNode second = client.json(path);
        assertEquals("2099-05-01T12:00:10.000000Z", second.path("spec").path("renewTime").asText());
        long before = second.path("metadata").path("resourceVersion").asLong();
        assertTrue(first.path("metadata").path("resourceVersion").asLong() < before);
        BesideStore restarted = new BesideStore(() -> cluster.now);
        restarted.renew("n1");
        assertTrue(
                restarted
                                .find(
                                        new dev.shiplog.resource.ResourceKey(
                                                dev.shiplog.resource.GroupKind.LEASE,
                                                "kube-node-lease",
                                                "n1"))
                                .orElseThrow()
                                .version()
                                .value()
                        > before);
        String table = kubectl.ok("get", "leases", "-n", "kube-node-lease").replaceAll(" +", " ");
        assertTrue(table.startsWith("NAME HOLDER AGE\nn1 n1 "), table);
        assertEquals(
                "n1",
                new String(
                        kubectl.ok(
                                        "get",
                                        "lease",
                                        "n1",
                                        "-n",
                                        "kube-node-lease",
                                        "-o",
                                        "jsonpath={.spec.holderIdentity}")
                                .getBytes(StandardCharsets.UTF_8),
                        StandardCharsets.UTF_8));
    }

    /** As client-go's leader election writes, and what any client may. */
    @Test
    void everyLanguageIsRead() throws Exception {
        V1Coordination.Lease lease =
                V1Coordination.Lease.newBuilder()
                        .setMetadata(Meta.ObjectMeta.newBuilder().setName("lead"))
                        .setSpec(
                                V1Coordination.LeaseSpec.newBuilder()
                                        .setHolderIdentity("a")
                                        .setLeaseDurationSeconds(15))
                        .build();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(new byte[] {'k', '8', 's', 0});
        Runtime.Unknown.newBuilder()
                .setTypeMeta(
                        Runtime.TypeMeta.newBuilder()
                                .setApiVersion("coordination.k8s.io/v1")
                                .setKind("Lease"))
                .setRaw(lease.toByteString())
                .build()
                .writeTo(body);
        HttpResponse<byte[]> made =
                client.send(
                        "POST",
                        LEASES,
                        body.toByteArray(),
                        "Content-Type",
                        "application/vnd.kubernetes.protobuf");
        assertEquals(201, made.statusCode(), Client.text(made));
        Sent patched =
                send(
                        "PATCH",
                        LEASES + "/lead",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/spec/holderIdentity\",\"value\":\"b\"}]");
        assertEquals(200, patched.code(), patched.toString());
        assertEquals("b", patched.json().path("spec").path("holderIdentity").asText());
        assertEquals(15, patched.json().path("spec").path("leaseDurationSeconds").asInt());
        assertEquals(
                409,
                send(
                                "PATCH",
                                LEASES + "/lead",
                                "application/merge-patch+json",
                                "{\"metadata\":{\"resourceVersion\":\"1\"}}")
                        .code());
    }
}
