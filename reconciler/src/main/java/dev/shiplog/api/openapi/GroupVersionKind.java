package dev.shiplog.api.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.served.ServedResource;

/** What schemas and operations are about. */
record GroupVersionKind(String group, String version, String kind) {
    static final String EXTENSION = "x-kubernetes-group-version-kind";

    static GroupVersionKind of(ServedResource resource) {
        return new GroupVersionKind(resource.group(), resource.version(), resource.kindName());
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("group", group)
                .put("kind", kind)
                .put("version", version);
    }
}
