package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Reads over the wire, in what kubectl does not show. */
class ReadTest {
    private static final String PODS = "/api/v1/namespaces/many/pods";
    private static final int COUNT = 500;

    @TempDir static Path folder;
    private static TestCluster cluster;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.empty(folder, (_, _, _, _, _) -> {}, List.of(), Optional.empty());
        cluster.createNamespace("many");
        for (int i = 0; i < COUNT; i++) {
            cluster.createPod("many", "p%03d".formatted(i), Map.of("n", "" + i % 2));
        }
        client = Client.admin(cluster);
    }

    @AfterAll
    static void stop() {
        client.close();
        cluster.close();
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.path("items").forEach(item -> names.add(item.path("metadata").path("name").asText()));
        return names;
    }

    @Test
    void pagesAreOfOneRevision() throws Exception {
        JsonNode first = client.json(PODS + "?limit=100");
        String version = first.path("metadata").path("resourceVersion").asText();
        assertEquals(100, first.path("items").size());
        int all = first.path("metadata").path("remainingItemCount").asInt() + 100;
        // What comes now is not part of the list that was begun.
        cluster.createPod("many", "p100-later-" + version, Map.of());
        List<String> names = names(first);
        String token = first.path("metadata").path("continue").asText();
        while (!token.isEmpty()) {
            JsonNode next = client.json(PODS + "?limit=100&continue=" + token);
            assertEquals(version, next.path("metadata").path("resourceVersion").asText());
            names.addAll(names(next));
            token = next.path("metadata").path("continue").asText();
        }
        assertEquals(all, names.size());
        assertEquals(names.stream().sorted().distinct().toList(), names);
        assertFalse(names.contains("p100-later-" + version));
        assertEquals(400, client.get(PODS + "?limit=1&continue=nonsense").statusCode());
    }

    /** Longer than what is made whole in memory. */
    @Test
    void aLongListIsWrittenAsItIsRead() throws Exception {
        int count = 2_001;
        cluster.createNamespace("long");
        for (int i = 0; i < count; i++) {
            cluster.createPod("long", "p%04d".formatted(i), Map.of());
        }
        String path = "/api/v1/namespaces/long/pods";
        JsonNode whole = client.json(path);
        assertEquals("PodList", whole.path("kind").asText());
        assertEquals(count, whole.path("items").size());
        assertEquals(
                client.json(path + "/p2000"), whole.path("items").path(count - 1), "the last item");
        String table = "application/json;as=Table;v=v1;g=meta.k8s.io";
        JsonNode rows = client.json(path, "Accept", table);
        assertEquals("Table", rows.path("kind").asText());
        assertEquals(count, rows.path("rows").size());
        JsonNode page = client.json(path + "?limit=1", "Accept", table);
        assertEquals(page.path("columnDefinitions"), rows.path("columnDefinitions"));
        assertEquals(page.path("rows").path(0), rows.path("rows").path(0));
    }

    @Test
    void thePastCanBeListedExactly() throws Exception {
        JsonNode past = client.json(PODS + "?resourceVersion=4&resourceVersionMatch=Exact");
        assertEquals("4", past.path("metadata").path("resourceVersion").asText());
        assertEquals(List.of("p000", "p001", "p002"), names(past));
        JsonNode newer = client.json(PODS + "?resourceVersion=4&resourceVersionMatch=NotOlderThan");
        assertTrue(newer.path("items").size() >= COUNT);
        HttpResponse<byte[]> future = client.get(PODS + "?resourceVersion=99999999");
        assertEquals(504, future.statusCode());
        assertTrue(Client.text(future).contains("Too large resource version"));
        assertEquals(
                422,
                client.get(PODS + "?resourceVersion=0&resourceVersionMatch=Exact").statusCode());
    }

    @Test
    void tablesCarryWhatIsAskedFor() throws Exception {
        JsonNode none = client.json(PODS + "?limit=1&includeObject=None", "Accept", Client.TABLE);
        assertEquals("Table", none.path("kind").asText());
        assertTrue(none.path("rows").get(0).path("object").isNull());
        JsonNode whole =
                client.json(PODS + "?limit=1&includeObject=Object", "Accept", Client.TABLE);
        assertEquals("Pod", whole.path("rows").get(0).path("object").path("kind").asText());
        assertTrue(whole.path("rows").get(0).path("object").has("spec"));
        assertEquals(
                whole.path("columnDefinitions").size(),
                whole.path("rows").get(0).path("cells").size());
        JsonNode partial =
                client.json(
                        PODS + "/p000",
                        "Accept",
                        "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");
        assertEquals("PartialObjectMetadata", partial.path("kind").asText());
        assertEquals("p000", partial.path("metadata").path("name").asText());
        assertFalse(partial.has("spec"));
    }

    @Test
    void theFirstServedFormIsChosen() throws Exception {
        JsonNode json =
                client.json(
                        PODS + "/p000",
                        "Accept",
                        "application/vnd.kubernetes.protobuf, application/json");
        assertEquals("Pod", json.path("kind").asText());
        assertEquals(406, client.get(PODS, "Accept", "application/cbor").statusCode());
    }

    @Test
    void aDocumentIsServedByteForByte() throws Exception {
        HttpResponse<byte[]> response = client.get(PODS + "/p007");
        assertEquals(
                cluster.resource(ResourceKey.pod("many", "p007")).document().toString(),
                Client.text(response));
        assertEquals(
                "application/json", response.headers().firstValue("Content-Type").orElseThrow());
        HttpResponse<byte[]> head = client.send("HEAD", PODS + "/p007", new byte[0]);
        assertEquals(200, head.statusCode());
        assertEquals(
                response.body().length,
                head.headers().firstValueAsLong("Content-Length").orElseThrow());
    }

    @Test
    void largeRepliesAreZippedIfAskedFor() throws Exception {
        HttpResponse<byte[]> plain = client.get(PODS);
        HttpResponse<byte[]> zipped = client.get(PODS, "Accept-Encoding", "gzip");
        assertEquals("gzip", zipped.headers().firstValue("Content-Encoding").orElseThrow());
        assertTrue(zipped.body().length < plain.body().length / 4);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
            assertEquals(
                    names(Client.parse(Client.text(plain))).subList(0, 50),
                    names(
                                    Client.parse(
                                            new String(
                                                    in.readAllBytes(),
                                                    java.nio.charset.StandardCharsets.UTF_8)))
                            .subList(0, 50));
        }
        assertTrue(
                client.get(PODS + "/p000", "Accept-Encoding", "gzip")
                        .headers()
                        .firstValue("Content-Encoding")
                        .isEmpty());
    }

    @Test
    void badRequestsAreAnsweredAsStatus() throws Exception {
        assertStatus(400, "BadRequest", PODS + "?limit=many");
        assertStatus(400, "BadRequest", PODS + "?labelSelector=a%20in%20b");
        assertStatus(400, "BadRequest", PODS + "?fieldSelector=spec.nothing%3Dx");
        assertStatus(400, "BadRequest", PODS + "?resourceVersion=-1");
        assertStatus(404, "NotFound", "/api/v1/nothings");
        assertStatus(404, "NotFound", "/apis/none.example.org/v1/pods");
        assertStatus(404, "NotFound", "/api/v1/pods/p000");
        assertStatus(404, "NotFound", PODS + "/p000/nothing");
        assertStatus(404, "NotFound", "/nothing");
        JsonNode missing =
                assertStatus(404, "NotFound", "/apis/apps/v1/namespaces/x/deployments/y");
        assertEquals("deployments.apps \"y\" not found", missing.path("message").asText());
        assertEquals("apps", missing.path("details").path("group").asText());
        assertEquals("deployments", missing.path("details").path("kind").asText());
    }

    private static JsonNode assertStatus(int code, String reason, String path) throws Exception {
        HttpResponse<byte[]> response = client.get(path);
        JsonNode status = Client.parse(Client.text(response));
        assertEquals(code, response.statusCode(), path + ": " + status);
        assertEquals("Status", status.path("kind").asText());
        assertEquals(reason, status.path("reason").asText());
        assertEquals(code, status.path("code").asInt());
        return status;
    }
}
