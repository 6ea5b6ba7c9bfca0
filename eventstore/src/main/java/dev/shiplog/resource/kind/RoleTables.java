package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.Role;

import java.util.List;

/** Role and ClusterRole: what may be done, in one namespace or in all of the cluster. */
final class RoleTables {
    static final String GROUP = "rbac.authorization.k8s.io";
    static final List<String> VERSIONS = List.of(GROUP + "/v1", GROUP + "/v1beta1");

    static final Kind ROLE =
            new Kind(
                    GroupKind.ROLE,
                    "roles",
                    "role",
                    List.of(),
                    List.of(),
                    true,
                    VERSIONS.getFirst(),
                    VERSIONS,
                    true,
                    Role.class,
                    List.of(Cells.name(0), Cells.createdAt()),
                    new RoleRules(true));

    static final Kind CLUSTER_ROLE =
            new Kind(
                    GroupKind.CLUSTER_ROLE,
                    "clusterroles",
                    "clusterrole",
                    List.of(),
                    List.of(),
                    false,
                    VERSIONS.getFirst(),
                    VERSIONS,
                    true,
                    ClusterRole.class,
                    List.of(Cells.name(0), Cells.createdAt()),
                    new RoleRules(false));

    private RoleTables() {}

    /** Validates as k8s.io/kubernetes does (package rbac/validation). */
    private static final class RoleRules implements Rules {
        private final boolean namespaced;

        RoleRules(boolean namespaced) {
            this.namespaced = namespaced;
        }

        @Override
        public List<String> nameObjections(String name) {
            return Names.pathSegment(name);
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode rules = document.path("rules");
            for (int i = 0; i < rules.size(); i++) {
                rule(rules.get(i), FieldPath.of("rules").item(i), findings);
            }
            JsonNode aggregation = document.path("aggregationRule");
            if (aggregation.isMissingNode()) {
                return;
            }
            FieldPath path = FieldPath.of("aggregationRule", "clusterRoleSelectors");
            JsonNode selectors = aggregation.path("clusterRoleSelectors");
            if (selectors.isEmpty()) {
                findings.required(
                        path,
                        "at least one clusterRoleSelector required if aggregationRule is non-nil");
            }
            for (int i = 0; i < selectors.size(); i++) {
                SelectorValidation.validate(selectors.get(i), path.item(i), findings);
            }
        }

        private void rule(JsonNode rule, FieldPath path, Findings findings) {
            if (rule.path("verbs").isEmpty()) {
                findings.required(path.child("verbs"), "verbs must contain at least one value");
            }
            JsonNode urls = rule.path("nonResourceURLs");
            if (!urls.isEmpty()) {
                if (namespaced) {
                    findings.invalid(
                            path.child("nonResourceURLs"),
                            urls.toString(),
                            "namespaced rules cannot apply to non-resource URLs");
                }
                if (!rule.path("apiGroups").isEmpty()
                        || !rule.path("resources").isEmpty()
                        || !rule.path("resourceNames").isEmpty()) {
                    findings.invalid(
                            path.child("nonResourceURLs"),
                            urls.toString(),
                            "rules cannot apply to both regular resources and non-resource URLs");
                }
                return;
            }
            if (rule.path("apiGroups").isEmpty()) {
                findings.required(
                        path.child("apiGroups"),
                        "resource rules must supply at least one api group");
            }
            if (rule.path("resources").isEmpty()) {
                findings.required(
                        path.child("resources"),
                        "resource rules must supply at least one resource");
            }
        }
    }
}
