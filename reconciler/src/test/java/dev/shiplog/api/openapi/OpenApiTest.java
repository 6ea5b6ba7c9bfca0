package dev.shiplog.api.openapi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

class OpenApiTest {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private final ServedResources served = new ServedResources(Kinds.all());
    private final OpenApi openApi = new OpenApi(served);

    private record Asking(String asked, Map<String, String> headers) implements Request {
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
            return Query.parse(asked);
        }

        @Override
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
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

    private static final Request PLAIN = new Asking("", Map.of());

    private static Reply.Whole whole(Reply reply) {
        return assertInstanceOf(Reply.Whole.class, reply);
    }

    private static JsonNode json(Reply reply) {
        return Json.parse(new String(whole(reply).body(), StandardCharsets.UTF_8)).toNode();
    }

    private JsonNode version(String apiVersion) {
        return json(openApi.version(apiVersion, PLAIN));
    }

    private JsonNode schema(String apiVersion, String name) {
        JsonNode schema = version(apiVersion).path("components").path("schemas").path(name);
        assertFalse(schema.isMissingNode(), name);
        return schema;
    }

    @Test
    void theIndexNamesEveryVersionByItsHash() {
        JsonNode paths = json(openApi.index()).path("paths");
        for (List<String> group : served.versionsByGroup().values()) {
            for (String apiVersion : group) {
                String path = (apiVersion.contains("/") ? "apis/" : "api/") + apiVersion;
                String url = paths.path(path).path("serverRelativeURL").asText();
                assertTrue(
                        url.matches("/openapi/v3/" + path + "\\?hash=[0-9A-F]{64}"),
                        path + ": " + url);
            }
        }
    }

    @Test
    void aDocumentAskedForByHashMayBeKeptForever() throws IOException {
        String url =
                json(openApi.index())
                        .path("paths")
                        .path("apis/apps/v1")
                        .path("serverRelativeURL")
                        .asText();
        String query = url.substring(url.indexOf('?') + 1);
        Reply.Whole reply = whole(openApi.version("apps/v1", new Asking(query, Map.of())));
        assertTrue(reply.headers().getOrDefault("Cache-Control", "").contains("immutable"));
        String tag = reply.headers().getOrDefault("ETag", "");
        assertEquals(
                304,
                openApi.version("apps/v1", new Asking(query, Map.of("If-None-Match", tag))).code());
        Reply.Whole moved = whole(openApi.version("apps/v1", new Asking("hash=0", Map.of())));
        assertEquals(301, moved.code());
        assertEquals(url, moved.headers().getOrDefault("Location", ""));
        Reply.Whole zipped =
                whole(
                        openApi.version(
                                "apps/v1", new Asking(query, Map.of("Accept-Encoding", "gzip"))));
        assertEquals("gzip", zipped.headers().getOrDefault("Content-Encoding", ""));
        assertArrayEquals(
                reply.body(),
                new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes());
    }

    @Test
    void whatIsNotServedHasNoDocument() {
        assertThrows(ApiFailure.class, () -> openApi.version("apps/v9", PLAIN));
    }

    @Test
    void schemasHaveNamesKindsAndDescriptions() {
        JsonNode pod = schema("v1", "io.k8s.api.core.v1.Pod");
        assertEquals(
                Json.parse("[{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"}]"),
                Json.of(pod.path("x-kubernetes-group-version-kind")));
        JsonNode spec = schema("v1", "io.k8s.api.core.v1.PodSpec");
        assertEquals("containers", spec.path("required").path(0).asText());
        assertTrue(
                spec.path("properties").path("containers").path("description").asText().length()
                        > 20);
        assertEquals(
                "#/components/schemas/io.k8s.api.core.v1.Affinity",
                spec.path("properties")
                        .path("affinity")
                        .path("allOf")
                        .path(0)
                        .path("$ref")
                        .asText());
        assertFalse(schema("v1", "io.k8s.api.core.v1.PodList").path("required").isEmpty());
    }

    @Test
    void listsSayHowTheyMerge() {
        JsonNode properties = schema("v1", "io.k8s.api.core.v1.PodSpec").path("properties");
        JsonNode volumes = properties.path("volumes");
        assertEquals("merge,retainKeys", volumes.path("x-kubernetes-patch-strategy").asText());
        assertEquals("name", volumes.path("x-kubernetes-patch-merge-key").asText());
        assertEquals("map", volumes.path("x-kubernetes-list-type").asText());
        assertEquals("[\"name\"]", volumes.path("x-kubernetes-list-map-keys").toString());
        assertEquals(
                "atomic", properties.path("tolerations").path("x-kubernetes-list-type").asText());
        assertEquals(
                "atomic",
                schema("v1", META + "LabelSelector").path("x-kubernetes-map-type").asText());
    }

    @Test
    void oldVersionsNameTheirOwnTypes() {
        for (String group : List.of("apps/v1beta2", "extensions/v1beta1")) {
            String prefix = "io.k8s.api." + group.replace('/', '.') + ".";
            JsonNode deployment = schema(group, prefix + "Deployment");
            assertEquals(
                    "#/components/schemas/" + prefix + "DeploymentSpec",
                    deployment
                            .path("properties")
                            .path("spec")
                            .path("allOf")
                            .path(0)
                            .path("$ref")
                            .asText());
            assertFalse(schema(group, "io.k8s.api.core.v1.PodSpec").isMissingNode());
        }
    }

    @Test
    void eventsAreNamedAsTheirGroupNamesThem() {
        JsonNode fields =
                schema("events.k8s.io/v1", "io.k8s.api.events.v1.Event").path("properties");
        assertTrue(fields.has("regarding"));
        assertFalse(fields.has("involvedObject"));
        assertTrue(schema("v1", "io.k8s.api.core.v1.Event").path("properties").has("message"));
    }

    @Test
    void aPatchTakesFourLanguagesAndFourParameters() {
        JsonNode patch =
                version("apps/v1")
                        .path("paths")
                        .path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                        .path("patch");
        assertEquals("patch", patch.path("x-kubernetes-action").asText());
        assertEquals(
                "Deployment", patch.path("x-kubernetes-group-version-kind").path("kind").asText());
        assertEquals(4, patch.path("requestBody").path("content").size());
        assertTrue(
                patch.path("requestBody")
                        .path("content")
                        .has("application/strategic-merge-patch+json"));
        assertEquals(
                List.of("dryRun", "fieldManager", "fieldValidation", "force"),
                patch.path("parameters").findValuesAsText("name"));
    }

    /** Every reference leads somewhere, in every document. */
    @Test
    void noReferenceIsLost() {
        for (List<String> group : served.versionsByGroup().values()) {
            for (String apiVersion : group) {
                JsonNode document = version(apiVersion);
                for (String reference : document.findValuesAsText("$ref")) {
                    String name = reference.substring("#/components/schemas/".length());
                    assertTrue(
                            document.path("components").path("schemas").has(name),
                            apiVersion + ": " + reference);
                }
            }
        }
        JsonNode second = json(openApi.v2(PLAIN));
        for (String reference : second.findValuesAsText("$ref")) {
            assertTrue(
                    second.path("definitions").has(reference.substring("#/definitions/".length())),
                    reference);
        }
        assertTrue(second.path("definitions").has("io.k8s.api.extensions.v1beta1.Deployment"));
    }

    @Test
    void twoServersWriteTheSame() {
        assertEquals(
                json(openApi.index()), json(new OpenApi(new ServedResources(Kinds.all())).index()));
    }

    /** kubectl parses the type of what it gets, and asks here for kinds that nobody serves. */
    @Test
    void theSecondVersionIsOfATypeThatClientsCanRead() {
        String asked = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
        Reply.Whole reply = whole(openApi.v2(new Asking("", Map.of("Accept", asked))));
        assertEquals(
                "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
                reply.headers().get("Content-Type"));
    }
}
