package dev.shiplog.api.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.discovery.Version;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.resource.Json;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The OpenAPI documents: what {@code kubectl explain} prints, and from which kubectl learns what a
 * request may ask for and how lists merge. Written all at once when the first is asked for, and
 * kept gzipped. A client that asks by the hash of the index may keep a document forever.
 */
public final class OpenApi {
    /** Asked for with an at sign, which no media type may have: answered without, as upstream. */
    private static final String V2_PROTOBUF =
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private static final String JSON = "application/json";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ServedResources served;
    private volatile Map<String, Zipped> versions = Map.of();
    private volatile Map<String, Zipped> second = Map.of();

    public OpenApi(ServedResources served) {
        this.served = served;
    }

    /** {@code /openapi/v3}. */
    public Reply index() {
        ObjectNode root = NODES.objectNode();
        ObjectNode paths = root.putObject("paths");
        versions()
                .forEach((apiVersion, document) ->
                        paths.putObject(path(apiVersion))
                                .put("serverRelativeURL", url(apiVersion, document)));
        return Reply.json(200, Json.of(root).bytes());
    }

    /**
     * {@code /openapi/v3/api/v1} and {@code /openapi/v3/apis/<group>/<version>}. A request for
     * another hash than the document's is sent to the right one.
     *
     * @param apiVersion such as {@code apps/v1}
     */
    public Reply version(String apiVersion, Request request) {
        Zipped document = versions().get(apiVersion);
        if (document == null) {
            throw new ApiFailure(Status.noSuchPath());
        }
        String asked = request.query().first("hash").orElse("");
        if (!asked.isEmpty() && !asked.equals(document.hash())) {
            SortedMap<String, String> headers = new TreeMap<>();
            headers.put("Location", url(apiVersion, document));
            return new Reply.Whole(301, headers, new byte[0]);
        }
        return document(document, request, !asked.isEmpty());
    }

    /**
     * {@code /openapi/v2}. In protobuf it describes nothing: kubectl asks for it so, and then
     * leaves all checking to the server.
     */
    public Reply v2(Request request) {
        if (request.header("Accept").filter(accept -> accept.contains("protobuf")).isPresent()) {
            return Reply.of(200, V2_PROTOBUF, emptyDocument());
        }
        Map<String, Zipped> known = second;
        if (known.isEmpty()) {
            known = Map.of("2.0", Zipped.of(secondVersion()));
            second = known;
        }
        return document(known.values().iterator().next(), request, false);
    }

    private Map<String, Zipped> versions() {
        Map<String, Zipped> known = versions;
        if (known.isEmpty()) {
            Map<String, Zipped> written = new TreeMap<>();
            Descriptions descriptions = Descriptions.read();
            for (List<String> group : served.versionsByGroup().values()) {
                for (String apiVersion : group) {
                    written.put(
                            apiVersion,
                            Zipped.of(thirdVersion(served.of(apiVersion), descriptions)));
                }
            }
            known = written;
            versions = known;
        }
        return known;
    }

    private static Reply document(Zipped document, Request request, boolean forever) {
        String tag = "\"" + document.hash() + "\"";
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("Content-Type", JSON);
        headers.put("ETag", tag);
        headers.put("Vary", "Accept, Accept-Encoding");
        headers.put(
                "Cache-Control",
                forever ? "public, immutable, max-age=31536000" : "no-cache, private");
        if (request.header("If-None-Match").filter(tags -> tags.contains(tag)).isPresent()) {
            return new Reply.Whole(304, headers, new byte[0]);
        }
        if (acceptsGzip(request)) {
            headers.put("Content-Encoding", "gzip");
            return new Reply.Whole(200, headers, document.gzip());
        }
        return new Reply.Whole(200, headers, document.plain());
    }

    private static boolean acceptsGzip(Request request) {
        return request.header("Accept-Encoding")
                .filter(accepted -> accepted.toLowerCase(Locale.ROOT).contains("gzip"))
                .isPresent();
    }

    private static ObjectNode thirdVersion(
            Collection<ServedResource> resources, Descriptions descriptions) {
        Components components = new Components(Style.V3, descriptions);
        Paths paths = new Paths(Style.V3, components);
        resources.forEach(paths::add);
        ObjectNode root = NODES.objectNode();
        root.put("openapi", "3.0.0");
        root.set("info", info());
        root.set("paths", paths.paths());
        root.putObject("components").set("schemas", components.schemas());
        return root;
    }

    private ObjectNode secondVersion() {
        Components components = new Components(Style.V2, Descriptions.read());
        Paths paths = new Paths(Style.V2, components);
        for (List<String> group : served.versionsByGroup().values()) {
            group.forEach(apiVersion -> served.of(apiVersion).forEach(paths::add));
        }
        ObjectNode root = NODES.objectNode();
        root.put("swagger", "2.0");
        root.set("info", info());
        root.set("paths", paths.paths());
        root.set("definitions", components.schemas());
        return root;
    }

    private static ObjectNode info() {
        return NODES.objectNode().put("title", "Shiplog").put("version", Version.GIT_VERSION);
    }

    private static String path(String apiVersion) {
        return (apiVersion.contains("/") ? "apis/" : "api/") + apiVersion;
    }

    private static String url(String apiVersion, Zipped document) {
        return "/openapi/v3/" + path(apiVersion) + "?hash=" + document.hash();
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
