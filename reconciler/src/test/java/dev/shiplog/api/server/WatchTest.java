package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Watches over the wire, event by event. */
class WatchTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";

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

    private String version() {
        return cluster.ledger.head().toString();
    }

    private void label(String pod, Map<String, String> labels) {
        Resource live = cluster.resource(ResourceKey.pod("default", pod));
        cluster.submit(
                new ResourceCommand.ChangeMetadata(
                        live.key(),
                        live.uid(),
                        live.version(),
                        new TreeMap<>(labels),
                        live.metadata().annotations(),
                        List.of(),
                        List.of()));
    }

    @Test
    void tellsWhatHappensAfterAList() throws Exception {
        cluster.createPod("default", "a", Map.of());
        JsonNode list = client.json(PODS);
        String from = list.path("metadata").path("resourceVersion").asText();
        try (Client.Watch watch = client.watch(PODS + "?watch=true&resourceVersion=" + from)) {
            cluster.createPod("default", "b", Map.of());
            cluster.createNamespace("other");
            cluster.createPod("other", "c", Map.of());
            label("a", Map.of("x", "y"));
            cluster.removePod(ResourceKey.pod("default", "a"));
            assertEquals(List.of("ADDED b@3", "MODIFIED a@6", "DELETED a@8"), watch.brief(3));
        }
    }

    @Test
    void beginsWithWhatIsThereIfNoVersionIsNamed() throws Exception {
        cluster.createPod("default", "a", Map.of());
        try (Client.Watch watch = client.watch(PODS + "?watch=1")) {
            assertEquals("ADDED a@2", watch.brief());
            cluster.createPod("default", "b", Map.of());
            assertEquals("ADDED b@3", watch.brief());
        }
    }

    @Test
    void readsTheLogForWhatWasBeforeTheServerBegan() throws Exception {
        cluster.createPod("default", "a", Map.of());
        label("a", Map.of("x", "y"));
        cluster.removePod(ResourceKey.pod("default", "a"));
        cluster.createPod("default", "a", Map.of());
        try (Client.Watch watch = client.watch(PODS + "?watch=true&resourceVersion=1")) {
            // Live, a batch is one step: what begins and ends within it is not seen.
            assertEquals(
                    List.of("ADDED a@2", "MODIFIED a@3", "DELETED a@5", "ADDED a@6"),
                    watch.brief(4));
        }
        // A second server on the same ledger has none of this in memory.
        try (ApiServer second = ApiServer.start(cluster.config());
                Client other = Client.to(cluster, second.address().getPort());
                Client.Watch watch = other.watch(PODS + "?watch=true&resourceVersion=2")) {
            assertEquals(
                    List.of("MODIFIED a@3", "MODIFIED a@4", "DELETED a@5", "ADDED a@6"),
                    watch.brief(4));
            cluster.createPod("default", "b", Map.of());
            assertEquals("ADDED b@7", watch.brief());
        }
    }

    @Test
    void leavingASelectionIsDeletion() throws Exception {
        cluster.createPod("default", "a", Map.of("tier", "web"));
        String from = version();
        try (Client.Watch watch =
                client.watch(
                        PODS + "?watch=true&labelSelector=tier%3Dweb&resourceVersion=" + from)) {
            label("a", Map.of("tier", "db"));
            label("a", Map.of("tier", "db", "more", "x"));
            label("a", Map.of("tier", "web"));
            assertEquals(List.of("DELETED a@3", "ADDED a@5"), watch.brief(2));
        }
        try (Client.Watch watch =
                client.watch(
                        PODS
                                + "?watch=true&fieldSelector=metadata.name%3Db&resourceVersion="
                                + from)) {
            cluster.createPod("default", "c", Map.of());
            cluster.createPod("default", "b", Map.of());
            assertEquals("ADDED b@7", watch.brief());
        }
    }

    @Test
    void deletedObjectsAreAsTheyLastWereAtTheVersionTheyWent() throws Exception {
        cluster.createPod("default", "a", Map.of("tier", "web"));
        try (Client.Watch watch =
                client.watch(
                        PODS + "?watch=true&labelSelector=tier&resourceVersion=" + version())) {
            label("a", Map.of());
            JsonNode gone = watch.next();
            assertEquals("DELETED", gone.path("type").asText());
            JsonNode metadata = gone.path("object").path("metadata");
            assertEquals("web", metadata.path("labels").path("tier").asText());
            assertEquals("3", metadata.path("resourceVersion").asText());
        }
    }

    @Test
    void initialEventsEndWithABookmark() throws Exception {
        cluster.createPod("default", "a", Map.of());
        cluster.createPod("default", "b", Map.of());
        try (Client.Watch watch =
                client.watch(
                        PODS
                                + "?watch=true&sendInitialEvents=true"
                                + "&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true")) {
            assertEquals(List.of("ADDED a@2", "ADDED b@3"), watch.brief(2));
            JsonNode bookmark = watch.next();
            assertEquals("BOOKMARK", bookmark.path("type").asText());
            JsonNode metadata = bookmark.path("object").path("metadata");
            assertEquals("3", metadata.path("resourceVersion").asText());
            assertEquals(
                    "true",
                    metadata.path("annotations").path("k8s.io/initial-events-end").asText());
            assertEquals("Pod", bookmark.path("object").path("kind").asText());
            cluster.createPod("default", "c", Map.of());
            assertEquals("ADDED c@4", watch.brief());
        }
        HttpResponse<byte[]> incomplete = client.get(PODS + "?watch=true&sendInitialEvents=true");
        assertEquals(422, incomplete.statusCode());
    }

    @Test
    void aVersionOfTheFutureIsGone() throws Exception {
        try (Client.Watch watch = client.watch(PODS + "?watch=true&resourceVersion=999")) {
            JsonNode error = watch.next();
            assertEquals("ERROR", error.path("type").asText());
            assertEquals(410, error.path("object").path("code").asInt());
            assertEquals("Expired", error.path("object").path("reason").asText());
            watch.awaitEnd();
        }
    }

    @Test
    void endsWhenItsTimeIsUp() throws Exception {
        try (Client.Watch watch =
                client.watch(PODS + "?watch=true&timeoutSeconds=1&resourceVersion=" + version())) {
            watch.awaitEnd();
        }
    }

    @Test
    void tablesAreWatchedRowByRow() throws Exception {
        try (Client.Watch watch =
                client.watch(
                        PODS + "?watch=true&resourceVersion=" + version(),
                        "Accept",
                        Client.TABLE)) {
            cluster.createPod("default", "a", Map.of());
            JsonNode event = watch.next();
            assertEquals("ADDED", event.path("type").asText());
            JsonNode table = event.path("object");
            assertEquals("Table", table.path("kind").asText());
            assertEquals("meta.k8s.io/v1", table.path("apiVersion").asText());
            assertEquals(1, table.path("rows").size());
            assertEquals("a", table.path("rows").get(0).path("cells").get(0).asText());
            assertEquals(
                    "PartialObjectMetadata",
                    table.path("rows").get(0).path("object").path("kind").asText());
        }
    }

    @Test
    void eventsOfTheCoreGroupAreWatchedInBothGroups() throws Exception {
        cluster.createPod("default", "a", Map.of());
        String from = version();
        Resource pod = cluster.resource(ResourceKey.pod("default", "a"));
        try (Client.Watch core = client.watch("/api/v1/events?watch=true&resourceVersion=" + from);
                Client.Watch other =
                        client.watch(
                                "/apis/events.k8s.io/v1/events?watch=true&resourceVersion="
                                        + from)) {
            for (int i = 0; i < 2; i++) {
                cluster.submit(
                        new ResourceCommand.AddNote(
                                ResourceCommand.Note.warning(
                                        pod.key(), pod.uid(), "BackOff", "again", "node")));
            }
            JsonNode first = core.next();
            assertEquals("ADDED", first.path("type").asText());
            assertEquals("again", first.path("object").path("message").asText());
            JsonNode second = core.next();
            assertEquals("MODIFIED", second.path("type").asText());
            assertEquals(2, second.path("object").path("count").asInt());
            JsonNode same = other.next();
            assertEquals("again", same.path("object").path("note").asText());
            assertEquals("a", same.path("object").path("regarding").path("name").asText());
            // An hour later, the next note makes the cluster forget this one.
            cluster.now = cluster.now.plusSeconds(3700);
            cluster.submit(
                    new ResourceCommand.AddNote(
                            ResourceCommand.Note.normal(
                                    pod.key(), pod.uid(), "Pulled", "later", "node")));
            assertTrue(
                    List.of(core.next(), core.next()).stream()
                            .anyMatch(event ->
                                    event.path("type").asText().equals("DELETED")
                                            && event.path("object")
                                                    .path("message")
                                                    .asText()
                                                    .equals("again")));
        }
    }
}
