package dev.shiplog.api.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.GroupKind;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The paths of one document and the requests that they take. */
final class Paths {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String STATUS = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
    private static final String DELETE_OPTIONS =
            "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
    private static final String JSON = "application/json";

    /** The kinds that can be scaled. */
    private static final Set<GroupKind> SCALED =
            Set.of(GroupKind.DEPLOYMENT, GroupKind.REPLICA_SET, GroupKind.REPLICATION_CONTROLLER);

    private final Style style;
    private final Components components;
    private final ObjectNode paths = NODES.objectNode();

    Paths(Style style, Components components) {
        this.style = style;
        this.components = components;
    }

    ObjectNode paths() {
        return paths;
    }

    void add(ServedResource resource) {
        String version = resource.apiVersion();
        String root = (version.contains("/") ? "/apis/" : "/api/") + version;
        boolean namespaced = resource.kind().namespaced();
        String all = root + (namespaced ? "/namespaces/{namespace}/" : "/") + resource.plural();
        String one = all + "/{name}";
        String item = components.add(resource);
        String list = components.addList(resource);
        GroupVersionKind kind = GroupVersionKind.of(resource);

        ObjectNode collection = path(all, namespaced, false);
        operation(collection, "get", "list", kind, list, Parameters.LIST);
        body(operation(collection, "post", "post", kind, item, Parameters.WRITE), item, JSON);
        operation(collection, "delete", "deletecollection", kind, STATUS, Parameters.LIST);
        if (namespaced) {
            ObjectNode everywhere = path(root + "/" + resource.plural(), false, false);
            operation(everywhere, "get", "list", kind, list, Parameters.LIST);
        }
        ObjectNode single = path(one, namespaced, true);
        document(single, kind, item);
        body(
                operation(single, "delete", "delete", kind, STATUS, Parameters.DELETE),
                DELETE_OPTIONS,
                JSON);
        if (resource.kind().schema().declares("status")) {
            document(path(one + "/status", namespaced, true), kind, item);
        }
        if (SCALED.contains(resource.kind().groupKind())) {
            GroupVersionKind scale = new GroupVersionKind("autoscaling", "v1", "Scale");
            document(path(one + "/scale", namespaced, true), scale, scale());
        }
    }

    private void document(ObjectNode path, GroupVersionKind kind, String schema) {
        operation(path, "get", "get", kind, schema, List.of());
        body(operation(path, "put", "put", kind, schema, Parameters.WRITE), schema, JSON);
        String[] types =
                Arrays.stream(PatchType.values()).map(PatchType::mediaType).toArray(String[]::new);
        body(
                operation(path, "patch", "patch", kind, schema, Parameters.PATCH),
                Components.PATCH,
                types);
    }

    /** How many copies a resource has and is to have, whatever its kind. */
    private String scale() {
        String name = "io.k8s.api.autoscaling.v1.Scale";
        if (!components.schemas().has(name)) {
            ObjectNode scale = NODES.objectNode();
            scale.put(
                    "description", "How many replicas a resource has, and how many it is to have.");
            scale.put("type", "object");
            ObjectNode properties = scale.putObject("properties");
            properties.putObject("apiVersion").put("type", "string");
            properties.putObject("kind").put("type", "string");
            properties.putObject("metadata").put("type", "object");
            counts(properties, "spec", "replicas");
            ObjectNode status = counts(properties, "status", "replicas");
            status.putObject("selector").put("type", "string");
            scale.putArray(GroupVersionKind.EXTENSION)
                    .add(new GroupVersionKind("autoscaling", "v1", "Scale").json());
            components.schemas().set(name, scale);
        }
        return name;
    }

    private static ObjectNode counts(ObjectNode properties, String part, String field) {
        ObjectNode inner = properties.putObject(part).put("type", "object").putObject("properties");
        inner.putObject(field).put("type", "integer").put("format", "int32");
        return inner;
    }

    private ObjectNode path(String path, boolean namespaced, boolean named) {
        ObjectNode item = paths.putObject(path);
        ArrayNode parameters = item.putArray("parameters");
        if (named) {
            parameter(parameters, new Parameters.Parameter("name", "string", "path"));
        }
        if (namespaced) {
            parameter(parameters, new Parameters.Parameter("namespace", "string", "path"));
        }
        return item;
    }

    private ObjectNode operation(
            ObjectNode path,
            String method,
            String action,
            GroupVersionKind kind,
            String answer,
            List<Parameters.Parameter> parameters) {
        ObjectNode operation = path.putObject(method);
        operation.put("x-kubernetes-action", action);
        operation.set(GroupVersionKind.EXTENSION, kind.json());
        if (!parameters.isEmpty()) {
            ArrayNode list = operation.putArray("parameters");
            parameters.forEach(parameter -> parameter(list, parameter));
        }
        ObjectNode ok = operation.putObject("responses").putObject("200");
        ok.put("description", "OK");
        if (style == Style.V2) {
            ok.set("schema", components.reference(answer));
        } else {
            ok.putObject("content").putObject(JSON).set("schema", components.reference(answer));
        }
        return operation;
    }

    private void body(ObjectNode operation, String schema, String... mediaTypes) {
        if (style == Style.V2) {
            ArrayNode consumes = operation.putArray("consumes");
            List.of(mediaTypes).forEach(consumes::add);
            ObjectNode body = operation.withArrayProperty("parameters").addObject();
            body.put("name", "body").put("in", "body").put("required", true);
            body.set("schema", components.reference(schema));
            return;
        }
        ObjectNode content = operation.putObject("requestBody").putObject("content");
        for (String mediaType : mediaTypes) {
            content.putObject(mediaType).set("schema", components.reference(schema));
        }
    }

    private void parameter(ArrayNode list, Parameters.Parameter parameter) {
        ObjectNode node = list.addObject();
        node.put("name", parameter.name()).put("in", parameter.in());
        if (parameter.in().equals("path")) {
            node.put("required", true);
        }
        if (style == Style.V2) {
            node.put("type", parameter.type());
        } else {
            node.putObject("schema").put("type", parameter.type());
        }
    }
}
