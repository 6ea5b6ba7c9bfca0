package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.served.Virtual;
import dev.shiplog.resource.Json;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/**
 * An OpenAPI description that says what is there and describes no fields: enough that kubectl sends
 * a manifest instead of giving up over the lack of a schema, and so shows the server's own answer.
 */
public final class OpenApi {
    private static final String V2_PROTOBUF =
            "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ServedResources served;

    public OpenApi(ServedResources served) {
        this.served = served;
    }

    /** {@code /openapi/v3}. */
    public Reply index() {
        ObjectNode root = NODES.objectNode();
        ObjectNode paths = root.putObject("paths");
        for (List<String> versions : served.versionsByGroup().values()) {
            for (String apiVersion : versions) {
                String path = (apiVersion.contains("/") ? "apis/" : "api/") + apiVersion;
                paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path);
            }
        }
        return Reply.json(200, Json.of(root).bytes());
    }

    /**
     * {@code /openapi/v3/api/v1} and {@code /openapi/v3/apis/<group>/<version>}.
     *
     * @param apiVersion such as {@code apps/v1}
     */
    public Reply version(String apiVersion) {
        Collection<ServedResource> resources = served.of(apiVersion);
        if (resources.isEmpty() && served.virtuals(apiVersion).isEmpty()) {
            throw new ApiFailure(Status.noSuchPath());
        }
        ObjectNode root = NODES.objectNode();
        root.put("openapi", "3.0.0");
        root.putObject("info").put("title", "Shiplog").put("version", Version.GIT_VERSION);
        ObjectNode paths = root.putObject("paths");
        for (ServedResource resource : resources) {
            String path =
                    (apiVersion.contains("/") ? "/apis/" : "/api/")
                            + apiVersion
                            + (resource.kind().namespaced() ? "/namespaces/{namespace}/" : "/")
                            + resource.plural()
                            + "/{name}";
            ObjectNode patch = paths.putObject(path).putObject("patch");
            patch.putObject("x-kubernetes-group-version-kind")
                    .put("group", resource.group())
                    .put("version", resource.version())
                    .put("kind", resource.kindName());
            ObjectNode parameter = patch.putArray("parameters").addObject();
            parameter.put("name", "fieldValidation").put("in", "query");
            parameter.putObject("schema").put("type", "string");
            patch.putObject("responses");
        }
        for (Virtual virtual : served.virtuals(apiVersion)) {
            ObjectNode post =
                    paths.putObject(
                                    "/apis/"
                                            + apiVersion
                                            + (virtual.namespaced()
                                                    ? "/namespaces/{namespace}/"
                                                    : "/")
                                            + virtual.plural())
                            .putObject("post");
            post.putObject("x-kubernetes-group-version-kind")
                    .put("group", virtual.group())
                    .put("version", virtual.version())
                    .put("kind", virtual.kind());
            post.putObject("responses");
        }
        root.putObject("components").putObject("schemas");
        return Reply.json(200, Json.of(root).bytes());
    }

    /** {@code /openapi/v2}, in protobuf if asked for. */
    public Reply v2(Request request) {
        if (request.header("Accept").filter(accept -> accept.contains("protobuf")).isPresent()) {
            return Reply.of(200, V2_PROTOBUF, emptyDocument());
        }
        ObjectNode root = NODES.objectNode();
        root.put("swagger", "2.0");
        root.putObject("info").put("title", "Shiplog").put("version", Version.GIT_VERSION);
        root.putObject("paths");
        root.putObject("definitions");
        return Reply.json(200, Json.of(root).bytes());
    }

    /** openapi.v2.Document{swagger=1, info=2{title=1, version=2}}. */
    private static byte[] emptyDocument() {
        byte[] info = joined(field(1, "Shiplog"), field(2, Version.GIT_VERSION));
        return joined(field(1, "2.0"), new byte[] {2 << 3 | 2, (byte) info.length}, info);
    }

    private static byte[] field(int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return joined(new byte[] {(byte) (number << 3 | 2), (byte) bytes.length}, bytes);
    }

    private static byte[] joined(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
