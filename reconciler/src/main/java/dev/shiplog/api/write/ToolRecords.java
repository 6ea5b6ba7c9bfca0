package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;

import java.util.List;

/**
 * What a tool writes down for itself about what it did, in an object of a kind that people declare
 * things by. It is served and logged as any other, and nothing that anybody wishes.
 *
 * <p>Source of the forms: helm.sh/docs/topics/advanced, "Storage backends".
 */
final class ToolRecords {
    private static final String HELM_SECRET = "helm.sh/release.v1";
    private static final String HELM_NAME = "sh.helm.release.v1.";
    private static final List<GroupKind> HELM_KINDS =
            List.of(GroupKind.SECRET, GroupKind.CONFIG_MAP);

    private ToolRecords() {}

    /** Whether a new document is a revision of a Helm release. */
    static boolean holds(GroupKind kind, JsonNode document) {
        JsonNode metadata = document.path("metadata");
        return HELM_KINDS.contains(kind)
                && metadata.path("name").asText().startsWith(HELM_NAME)
                && (document.path("type").asText().equals(HELM_SECRET)
                        || metadata.path("labels").path("owner").asText().equals("helm"));
    }
}
