package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.served.Subresource;
import dev.shiplog.api.served.Virtual;
import dev.shiplog.resource.Json;

import java.util.List;
import java.util.Map;

/** The groups, versions and resources, in the old form and in the aggregated one. */
public final class Discovery {
    static final List<String> VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");

    private static final String BINDINGS = "bindings";
    private static final String AGGREGATED = "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ServedResources served;

    public Discovery(ServedResources served) {
        this.served = served;
    }

    /** {@code /api}. */
    public Reply core(Request request) {
        if (wantsAggregated(request)) {
            return aggregated(false);
        }
        ObjectNode root = NODES.objectNode();
        root.put("kind", "APIVersions");
        root.putArray("versions").add("v1");
        root.putArray("serverAddressByClientCIDRs");
        return Reply.json(200, Json.of(root).bytes());
    }

    /** {@code /apis}. */
    public Reply groups(Request request) {
        if (wantsAggregated(request)) {
            return aggregated(true);
        }
        ObjectNode root = NODES.objectNode();
        root.put("kind", "APIGroupList");
        root.put("apiVersion", "v1");
        ArrayNode groups = root.putArray("groups");
        served.versionsByGroup()
                .forEach((group, versions) -> {
                    if (!group.isEmpty()) {
                        groups.add(group(group, versions));
                    }
                });
        groups.add(group(MetricsGroup.NAME, List.of(MetricsGroup.API_VERSION)));
        return Reply.json(200, Json.of(root).bytes());
    }

    /** {@code /apis/<group>}. */
    public Reply group(String name) {
        List<String> versions =
                name.equals(MetricsGroup.NAME)
                        ? List.of(MetricsGroup.API_VERSION)
                        : served.versionsByGroup().get(name);
        if (versions == null) {
            throw new ApiFailure(Status.noSuchPath());
        }
        ObjectNode group = group(name, versions);
        group.put("kind", "APIGroup");
        group.put("apiVersion", "v1");
        return Reply.json(200, Json.of(group).bytes());
    }

    /** {@code /api/v1} and {@code /apis/<group>/<version>}. */
    public Reply resources(String apiVersion) {
        boolean metrics = apiVersion.equals(MetricsGroup.API_VERSION);
        if (served.of(apiVersion).isEmpty() && served.virtuals(apiVersion).isEmpty() && !metrics) {
            throw new ApiFailure(Status.noSuchPath());
        }
        ObjectNode root = NODES.objectNode();
        root.put("kind", "APIResourceList");
        root.put("apiVersion", "v1");
        root.put("groupVersion", apiVersion);
        ArrayNode resources = root.putArray("resources");
        if (metrics) {
            MetricsGroup.resources(resources);
        }
        for (ServedResource resource : served.of(apiVersion)) {
            ObjectNode node = resources.addObject();
            node.put("name", resource.plural());
            node.put("singularName", resource.kind().singular());
            node.put("namespaced", resource.kind().namespaced());
            node.put("kind", resource.kindName());
            names(node, resource);
            for (Subresource part : Subresource.of(resource.kind())) {
                ObjectNode entry = resources.addObject();
                entry.put("name", resource.plural() + "/" + part.name());
                entry.put("singularName", "");
                entry.put("namespaced", resource.kind().namespaced());
                if (part.foreign()) {
                    entry.put("group", part.group());
                    entry.put("version", part.version());
                }
                entry.put("kind", part.kind());
                part.verbs().forEach(entry.putArray("verbs")::add);
            }
        }
        for (Virtual virtual : served.virtuals(apiVersion)) {
            ObjectNode node = resources.addObject();
            node.put("name", virtual.plural());
            node.put("singularName", virtual.singular());
            node.put("namespaced", virtual.namespaced());
            node.put("kind", virtual.kind());
            node.putArray("verbs").add("create");
        }
        if (apiVersion.equals("v1")) {
            binding(resources);
        }
        return Reply.json(200, Json.of(root).bytes());
    }

    private static boolean wantsAggregated(Request request) {
        return request.header("Accept")
                .map(accept -> accept.replace(" ", ""))
                .filter(accept -> accept.contains(AGGREGATED))
                .isPresent();
    }

    private Reply aggregated(boolean named) {
        ObjectNode root = NODES.objectNode();
        root.put("kind", "APIGroupDiscoveryList");
        root.put("apiVersion", "apidiscovery.k8s.io/v2");
        root.putObject("metadata");
        ArrayNode items = root.putArray("items");
        for (Map.Entry<String, List<String>> group : served.versionsByGroup().entrySet()) {
            if (group.getKey().isEmpty() == named) {
                continue;
            }
            ObjectNode item = items.addObject();
            item.putObject("metadata").put("name", group.getKey()).putNull("creationTimestamp");
            ArrayNode versions = item.putArray("versions");
            for (String apiVersion : group.getValue()) {
                versions.add(version(apiVersion));
            }
        }
        if (named) {
            items.add(MetricsGroup.item());
        }
        return Reply.of(200, "application/json;" + AGGREGATED, Json.of(root).bytes());
    }

    private ObjectNode version(String apiVersion) {
        ObjectNode version = NODES.objectNode();
        version.put("version", apiVersion.substring(apiVersion.indexOf('/') + 1));
        version.put("freshness", "Current");
        ArrayNode resources = version.putArray("resources");
        for (ServedResource resource : served.of(apiVersion)) {
            ObjectNode node = resources.addObject();
            node.put("resource", resource.plural());
            node.set("responseKind", kind(resource));
            node.put("scope", resource.kind().namespaced() ? "Namespaced" : "Cluster");
            node.put("singularResource", resource.kind().singular());
            names(node, resource);
            List<Subresource> parts = Subresource.of(resource.kind());
            ArrayNode list = parts.isEmpty() ? NODES.arrayNode() : node.putArray("subresources");
            for (Subresource part : parts) {
                ObjectNode entry = list.addObject();
                entry.put("subresource", part.name());
                entry.set("responseKind", kind(resource, part));
                part.verbs().forEach(entry.putArray("verbs")::add);
            }
        }
        for (Virtual virtual : served.virtuals(apiVersion)) {
            ObjectNode node = resources.addObject();
            node.put("resource", virtual.plural());
            node.putObject("responseKind")
                    .put("group", virtual.group())
                    .put("version", virtual.version())
                    .put("kind", virtual.kind());
            node.put("scope", virtual.namespaced() ? "Namespaced" : "Cluster");
            node.put("singularResource", virtual.singular());
            node.putArray("verbs").add("create");
        }
        if (apiVersion.equals("v1")) {
            ObjectNode binding = resources.addObject();
            binding.put("resource", BINDINGS);
            binding.putObject("responseKind")
                    .put("group", "")
                    .put("version", "v1")
                    .put("kind", "Binding");
            binding.put("scope", "Namespaced");
            binding.put("singularResource", "binding");
            binding.putArray("verbs").add("create");
        }
        return version;
    }

    /** What other schedulers post; nothing that could be read. */
    private static void binding(ArrayNode resources) {
        ObjectNode entry = resources.addObject();
        entry.put("name", BINDINGS);
        entry.put("singularName", "binding");
        entry.put("namespaced", true);
        entry.put("kind", "Binding");
        entry.putArray("verbs").add("create");
    }

    private static ObjectNode kind(ServedResource resource, Subresource part) {
        ObjectNode kind = NODES.objectNode();
        kind.put("group", part.foreign() ? part.group() : resource.group());
        kind.put("version", part.foreign() ? part.version() : resource.version());
        kind.put("kind", part.kind());
        return kind;
    }

    private static ObjectNode kind(ServedResource resource) {
        ObjectNode kind = NODES.objectNode();
        kind.put("group", resource.group());
        kind.put("version", resource.version());
        kind.put("kind", resource.kindName());
        return kind;
    }

    /** Short names and categories belong to one group only, or clients would list things twice. */
    private static void names(ObjectNode node, ServedResource resource) {
        VERBS.forEach(node.putArray("verbs")::add);
        if (resource.preferredGroup() && !resource.kind().shortNames().isEmpty()) {
            resource.kind().shortNames().forEach(node.putArray("shortNames")::add);
        }
        if (resource.preferredGroup() && !resource.kind().categories().isEmpty()) {
            resource.kind().categories().forEach(node.putArray("categories")::add);
        }
    }

    private static ObjectNode group(String name, List<String> apiVersions) {
        ObjectNode group = NODES.objectNode();
        group.put("name", name);
        ArrayNode versions = group.putArray("versions");
        for (String apiVersion : apiVersions) {
            versions.add(groupVersion(apiVersion));
        }
        group.set("preferredVersion", groupVersion(apiVersions.getFirst()));
        return group;
    }

    private static ObjectNode groupVersion(String apiVersion) {
        ObjectNode version = NODES.objectNode();
        version.put("groupVersion", apiVersion);
        version.put("version", apiVersion.substring(apiVersion.indexOf('/') + 1));
        return version;
    }
}
