package dev.shiplog.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.util.List;
import java.util.Map;

/**
 * What a pod was given of its service account and by LimitRanges, and how it stays with a pod that
 * Git declares anew without it. (A pod whose body is declared differently is another pod.)
 */
public final class AccountParts {
    /** How the names of volumes begin that hold what a pod needs to ask the API server. */
    public static final String VOLUME_PREFIX = "kube-api-access-";

    private static final String PULL_SECRETS = "imagePullSecrets";

    private AccountParts() {}

    /** A declared body with what the live pod was given. */
    static Json keep(Json live, Json declared) {
        JsonNode given = live.toNode().path("spec");
        ObjectNode pod = declared.toObject();
        ObjectNode spec = pod.withObjectProperty("spec");
        boolean changed = false;
        for (JsonNode volume : given.path("volumes")) {
            if (isGiven(volume.path("name")) && !has(spec.path("volumes"), volume)) {
                spec.withArrayProperty("volumes").add(volume.deepCopy());
                changed = true;
            }
        }
        for (String list : List.of("initContainers", "containers")) {
            changed |= keepMounts(given.path(list), spec.path(list));
            changed |= keepResources(given.path(list), spec.path(list));
        }
        if (spec.path(PULL_SECRETS).isEmpty() && !given.path(PULL_SECRETS).isEmpty()) {
            spec.set(PULL_SECRETS, given.path(PULL_SECRETS).deepCopy());
            changed = true;
        }
        return changed ? Json.of(pod) : declared;
    }

    private static boolean keepMounts(JsonNode live, JsonNode declared) {
        boolean changed = false;
        for (int i = 0; i < Math.min(live.size(), declared.size()); i++) {
            for (JsonNode mount : live.get(i).path("volumeMounts")) {
                if (isGiven(mount.path("name"))
                        && declared.get(i) instanceof ObjectNode container
                        && !has(container.path("volumeMounts"), mount)) {
                    container.withArrayProperty("volumeMounts").add(mount.deepCopy());
                    changed = true;
                }
            }
        }
        return changed;
    }

    private static boolean keepResources(JsonNode live, JsonNode declared) {
        boolean changed = false;
        for (int i = 0; i < Math.min(live.size(), declared.size()); i++) {
            for (String member : List.of("limits", "requests")) {
                for (Map.Entry<String, JsonNode> amount :
                        live.get(i).path("resources").path(member).properties()) {
                    if (declared.get(i) instanceof ObjectNode container
                            && !container.path("resources").path(member).has(amount.getKey())) {
                        container
                                .withObjectProperty("resources")
                                .withObjectProperty(member)
                                .set(amount.getKey(), amount.getValue());
                        changed = true;
                    }
                }
            }
        }
        return changed;
    }

    private static boolean isGiven(JsonNode name) {
        return name.asText().startsWith(VOLUME_PREFIX);
    }

    private static boolean has(JsonNode list, JsonNode entry) {
        if (list instanceof ArrayNode array) {
            for (JsonNode other : array) {
                if (other.equals(entry)) {
                    return true;
                }
            }
        }
        return false;
    }
}
