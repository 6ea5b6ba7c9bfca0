package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Events that clients post, as client-go's recorder does. */
class ClientEventsTest {
    private static final String EVENTS = "/api/v1/namespaces/default/events";
    private static final String EVENT =
            """
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"a.17","namespace":"default"},
             "involvedObject":{"apiVersion":"v1","kind":"Pod","namespace":"default","name":"a"},
             "reason":"Checked","message":"all is well","type":"Normal","count":1,
             "source":{"component":"checker"}}
            """;

    @TempDir Path folder;
    private TestCluster cluster;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.empty(folder, (_, _, _, _, _) -> {}, List.of(), Optional.empty());
        cluster.createNamespace("default");
        cluster.createPod("default", "a", Map.of());
        client = Client.admin(cluster);
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    private int send(String method, String path, String type, String body) throws Exception {
        return client.send(
                        method, path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", type)
                .statusCode();
    }

    private JsonNode checked() throws Exception {
        JsonNode items = client.json(EVENTS + "?fieldSelector=reason%3DChecked").path("items");
        assertEquals(1, items.size(), items.toString());
        return items.path(0);
    }

    @Test
    void theSameIsOneEventWithACount() throws Exception {
        assertEquals(201, send("POST", EVENTS, "application/json", EVENT));
        assertEquals(201, send("POST", EVENTS, "application/json", EVENT.replace("a.17", "a.18")));
        assertEquals(
                200,
                send(
                        "PATCH",
                        EVENTS + "/a.17",
                        "application/strategic-merge-patch+json",
                        "{\"count\":2}"));
        JsonNode event = checked();
        assertEquals(3, event.path("count").asInt());
        assertEquals("all is well", event.path("message").asText());
        assertEquals("checker", event.path("source").path("component").asText());
        assertEquals(
                404,
                send("PATCH", EVENTS + "/other", "application/merge-patch+json", "{\"count\":2}"));
    }

    @Test
    void theNewerGroupIsTheSame() throws Exception {
        String event =
                """
                {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"a.1"},
                 "regarding":{"apiVersion":"v1","kind":"Pod","namespace":"default","name":"a"},
                 "reason":"Checked","note":"all is well","type":"Warning","action":"Check",
                 "reportingController":"checker","eventTime":"2099-05-01T12:00:00.000000Z"}
                """;
        assertEquals(
                201,
                send(
                        "POST",
                        "/apis/events.k8s.io/v1/namespaces/default/events",
                        "application/json",
                        event));
        assertEquals("Warning", checked().path("type").asText());
    }

    @Test
    void aFloodIsDammed() throws Exception {
        for (int i = 0; i < 25; i++) {
            assertEquals(201, send("POST", EVENTS, "application/json", EVENT));
        }
        assertEquals(429, send("POST", EVENTS, "application/json", EVENT));
        assertEquals(
                201,
                send(
                        "POST",
                        EVENTS,
                        "application/json",
                        EVENT.replace("\"checker\"", "\"other\"")));
        cluster.now = cluster.now.plusSeconds(300);
        assertEquals(201, send("POST", EVENTS, "application/json", EVENT));
        assertEquals(429, send("POST", EVENTS, "application/json", EVENT));
    }

    @Test
    void whatSaysNothingIsRefused() throws Exception {
        assertEquals(
                422,
                send("POST", EVENTS, "application/json", EVENT.replace("\"Checked\"", "\"\"")));
        assertEquals(
                422,
                send(
                        "POST",
                        EVENTS,
                        "application/json",
                        EVENT.replace(
                                "\"Pod\",\"namespace\":\"default\"",
                                "\"Pod\",\"namespace\":\"x\"")));
    }

    @Test
    void everyPatchIsReadAndNothingBrokenIs() throws Exception {
        assertEquals(201, send("POST", EVENTS, "application/json", EVENT));
        assertEquals(
                200,
                send(
                        "PATCH",
                        EVENTS + "/a.17",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/count\",\"value\":2}]"));
        assertEquals(
                201,
                send(
                        "POST",
                        EVENTS,
                        "application/yaml",
                        EVENT.replace("a.17", "a.19")));
        assertEquals(
                400,
                send(
                        "POST",
                        EVENTS,
                        "application/json",
                        EVENT.replace("{\"name\":\"a.17\",\"namespace\":\"default\"}", "7")));
    }

    /** Who may post Events in one namespace says nothing about what belongs to nobody's. */
    @Test
    void onlyTheClustersOwnSpeakOfNodes() throws Exception {
        cluster.createNamespace("shop");
        String about = EVENT.replace("\"kind\":\"Pod\",\"namespace\":\"default\"", "\"kind\":\"Node\"");
        assertEquals(201, send("POST", EVENTS, "application/json", about));
        assertEquals(
                422,
                send(
                        "POST",
                        EVENTS.replace("default", "shop"),
                        "application/json",
                        about.replace(",\"namespace\":\"default\"}", "}")));
        assertEquals(405, send("POST", "/api/v1/events", "application/json", EVENT));
    }
}
