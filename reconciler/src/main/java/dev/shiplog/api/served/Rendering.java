package dev.shiplog.api.served;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

/** How a resource is written in one API version. */
interface Rendering {
    Json document(Resource resource);

    /** As it is kept; under its own version if it is kept in another. */
    static Rendering in(String apiVersion) {
        return resource -> {
            if (resource.apiVersion().equals(apiVersion)) {
                return resource.document();
            }
            ObjectNode root = resource.document().toObject();
            root.put("apiVersion", apiVersion);
            return Json.of(root);
        };
    }
}
