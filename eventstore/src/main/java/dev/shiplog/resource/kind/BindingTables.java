package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** RoleBinding and ClusterRoleBinding: who has a role. */
final class BindingTables {
    private static final String GROUP = RoleTables.GROUP;

    static final Kind ROLE_BINDING =
            new Kind(
                    GroupKind.ROLE_BINDING,
                    "rolebindings",
                    "rolebinding",
                    List.of(),
                    List.of(),
                    true,
                    RoleTables.VERSIONS.getFirst(),
                    RoleTables.VERSIONS,
                    true,
                    RoleBinding.class,
                    columns(
                            "roleBinding",
                            RoleBinding.class,
                            RoleBinding::getRoleRef,
                            RoleBinding::getSubjects,
                            "RoleRef can reference a Role in the current namespace or a ClusterRole"
                                    + " in the global namespace. If the RoleRef cannot be resolved,"
                                    + " the Authorizer must return an error. This field is"
                                    + " immutable."),
                    new BindingRules(List.of("Role", "ClusterRole")));

    static final Kind CLUSTER_ROLE_BINDING =
            new Kind(
                    GroupKind.CLUSTER_ROLE_BINDING,
                    "clusterrolebindings",
                    "clusterrolebinding",
                    List.of(),
                    List.of(),
                    false,
                    RoleTables.VERSIONS.getFirst(),
                    RoleTables.VERSIONS,
                    true,
                    ClusterRoleBinding.class,
                    columns(
                            "clusterRoleBinding",
                            ClusterRoleBinding.class,
                            ClusterRoleBinding::getRoleRef,
                            ClusterRoleBinding::getSubjects,
                            "RoleRef can only reference a ClusterRole in the global namespace. If"
                                    + " the RoleRef cannot be resolved, the Authorizer must return"
                                    + " an error. This field is immutable."),
                    new BindingRules(List.of("ClusterRole")));

    private BindingTables() {}

    private static <T> List<Column> columns(
            String word,
            Class<T> model,
            Function<T, RoleRef> role,
            Function<T, List<Subject>> subjects,
            String roleDescription) {
        return List.of(
                Cells.name(0),
                Cells.text(
                        "Role",
                        0,
                        roleDescription,
                        model,
                        binding ->
                                role.apply(binding).getKind()
                                        + "/"
                                        + role.apply(binding).getName()),
                Cells.age(),
                Cells.text(
                        "Users",
                        1,
                        "Users in the " + word,
                        model,
                        binding -> names(subjects.apply(binding), "User")),
                Cells.text(
                        "Groups",
                        1,
                        "Groups in the " + word,
                        model,
                        binding -> names(subjects.apply(binding), "Group")),
                Cells.text(
                        "ServiceAccounts",
                        1,
                        "ServiceAccounts in the " + word,
                        model,
                        binding -> names(subjects.apply(binding), "ServiceAccount")));
    }

    private static String names(List<Subject> subjects, String kind) {
        return subjects.stream()
                .filter(subject -> kind.equals(subject.getKind()))
                .map(subject ->
                        kind.equals("ServiceAccount")
                                ? Cells.orElse(subject.getNamespace(), "") + "/" + subject.getName()
                                : subject.getName())
                .collect(Collectors.joining(", "));
    }

    /** Completes and validates as k8s.io/kubernetes does (package rbac/validation). */
    private static final class BindingRules implements Rules {
        private static final FieldPath ROLE_REF = FieldPath.of("roleRef");

        private final List<String> roles;

        BindingRules(List<String> roles) {
            this.roles = roles;
        }

        @Override
        public List<String> nameObjections(String name) {
            return Names.pathSegment(name);
        }

        @Override
        public void setDefaults(ObjectNode document) {
            if (document.path("roleRef") instanceof ObjectNode role) {
                Defaults.put(role, "apiGroup", GROUP);
            }
            for (ObjectNode subject : Defaults.objects(document, "subjects")) {
                String kind = subject.path("kind").asText();
                if (kind.equals("User") || kind.equals("Group")) {
                    Defaults.put(subject, "apiGroup", GROUP);
                }
            }
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode role = document.path("roleRef");
            supported(role, "apiGroup", ROLE_REF, List.of(GROUP), findings);
            supported(role, "kind", ROLE_REF, roles, findings);
            Check.requiredText(role, "name", ROLE_REF, Names::pathSegment, findings);
            JsonNode subjects = document.path("subjects");
            for (int i = 0; i < subjects.size(); i++) {
                subject(subjects.get(i), FieldPath.of("subjects").item(i), findings);
            }
        }

        private static void subject(JsonNode subject, FieldPath path, Findings findings) {
            switch (subject.path("kind").asText()) {
                case "ServiceAccount" -> {
                    Check.requiredText(subject, "name", path, Names::subdomain, findings);
                    if (subject.path("namespace").asText().isEmpty()) {
                        findings.required(path.child("namespace"), "");
                    }
                    supported(subject, "apiGroup", path, List.of(""), findings);
                }
                case "User", "Group" -> {
                    Check.requiredText(subject, "name", path, _ -> List.of(), findings);
                    supported(subject, "apiGroup", path, List.of(GROUP), findings);
                }
                default ->
                        supported(
                                subject,
                                "kind",
                                path,
                                List.of("ServiceAccount", "User", "Group"),
                                findings);
            }
        }

        private static void supported(
                JsonNode object,
                String name,
                FieldPath parent,
                List<String> values,
                Findings findings) {
            String value = object.path(name).asText();
            if (!values.contains(value)) {
                findings.error(
                        parent.child(name),
                        "Unsupported value: \"%s\": supported values: %s"
                                .formatted(
                                        value,
                                        values.stream()
                                                .sorted()
                                                .map(Check::quoted)
                                                .collect(Collectors.joining(", "))));
            }
        }

        @Override
        public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
            if (!before.path("roleRef").equals(after.path("roleRef"))) {
                findings.invalid(
                        ROLE_REF, after.path("roleRef").toString(), "cannot change roleRef");
            }
        }
    }
}
