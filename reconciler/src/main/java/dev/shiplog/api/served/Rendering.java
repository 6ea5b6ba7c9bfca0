package dev.shiplog.api.served;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.resource.secret.SecretDocuments;

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
            Kinds.of(resource.key().kind()).ifPresent(kind -> kind.rules().serve(apiVersion, root));
            root.put("apiVersion", apiVersion);
            return Json.of(root);
        };
    }

    /**
     * A Secret with its values in the plain. The plain document is made anew for each reader and
     * kept nowhere: what a {@link Resource} keeps is sealed.
     */
    static Rendering opened(Rendering sealed, SecretDocuments secrets) {
        return resource -> secrets.open(sealed.document(resource));
    }
}
