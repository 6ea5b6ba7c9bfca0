package dev.shiplog.api.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.kind.Kinds;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class DiscoveryTest {
    private static final String AGGREGATED =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final ServedResources served = new ServedResources(Kinds.all());
    private final Discovery discovery = new Discovery(served);

    private record Asking(String accept) implements Request {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String rawPath() {
            return "/";
        }

        @Override
        public Query query() {
            return Query.EMPTY;
        }

        @Override
        public Optional<String> header(String name) {
            return name.equals("Accept") ? Optional.of(accept) : Optional.empty();
        }

        @Override
        public Identity identity() {
            return Identity.ANONYMOUS;
        }

        @Override
        public String id() {
            return "1";
        }

        @Override
        public InputStream body() {
            return InputStream.nullInputStream();
        }
    }

    private static JsonNode json(Reply reply) {
        return Json.parse(new String(((Reply.Whole) reply).body(), StandardCharsets.UTF_8))
                .toNode();
    }

    @Test
    void groupsComeInTheOrderToBeTried() {
        List<String> groups = List.copyOf(served.versionsByGroup().keySet());
        assertEquals("", groups.getFirst());
        assertTrue(groups.indexOf("apps") < groups.indexOf("extensions"));
        assertEquals(
                List.of("apps/v1", "apps/v1beta2", "apps/v1beta1"),
                served.versionsByGroup().get("apps"));
    }

    @Test
    void bothFormsNameTheSameResources() {
        List<String> aggregated = new ArrayList<>();
        for (Reply reply :
                List.of(
                        discovery.core(new Asking(AGGREGATED + ",application/json")),
                        discovery.groups(new Asking(AGGREGATED)))) {
            assertEquals(AGGREGATED, reply.headers().get("Content-Type"));
            JsonNode list = json(reply);
            assertEquals("apidiscovery.k8s.io/v2", list.path("apiVersion").asText());
            for (JsonNode group : list.path("items")) {
                String name = group.path("metadata").path("name").asText();
                for (JsonNode version : group.path("versions")) {
                    for (JsonNode resource : version.path("resources")) {
                        aggregated.add(
                                (name.isEmpty() ? "" : name + "/")
                                        + version.path("version").asText()
                                        + " "
                                        + resource.path("resource").asText()
                                        + " "
                                        + resource.path("scope").asText().equals("Namespaced"));
                    }
                }
            }
        }
        List<String> plain = new ArrayList<>();
        List<List<String>> all = new ArrayList<>(served.versionsByGroup().values());
        // Measured, not kept; the last group of all.
        all.add(List.of("metrics.k8s.io/v1beta1"));
        for (List<String> versions : all) {
            for (String version : versions) {
                for (JsonNode resource : json(discovery.resources(version)).path("resources")) {
                    if (!resource.path("name").asText().contains("/")) {
                        plain.add(
                                version
                                        + " "
                                        + resource.path("name").asText()
                                        + " "
                                        + resource.path("namespaced").asBoolean());
                    }
                }
            }
        }
        assertEquals(plain, aggregated);
        assertTrue(plain.contains("extensions/v1beta1 deployments true"));
        assertTrue(plain.contains("events.k8s.io/v1 events true"));
        assertTrue(plain.contains("v1 nodes false"));
    }

    @Test
    void oldClientsGetTheOldForm() {
        assertEquals(
                "APIVersions",
                json(discovery.core(new Asking("application/json"))).path("kind").asText());
        JsonNode groups = json(discovery.groups(new Asking("application/json")));
        assertEquals("APIGroupList", groups.path("kind").asText());
        assertEquals("apps", groups.path("groups").get(0).path("name").asText());
        assertEquals(
                "apps/v1",
                groups.path("groups")
                        .get(0)
                        .path("preferredVersion")
                        .path("groupVersion")
                        .asText());
        assertEquals("APIGroup", json(discovery.group("apps")).path("kind").asText());
        assertThrows(ApiFailure.class, () -> discovery.group("none"));
        assertThrows(ApiFailure.class, () -> discovery.resources("apps/v9"));
    }
}
