package dev.shiplog.api.auth.rbac;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Authorizer.Verdict;
import dev.shiplog.api.Identity;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The rights that the roles and bindings of one state give, by who has them: a question costs what
 * the asker's own bindings cost, however many others there are. Immutable; a pure function of the
 * state.
 */
final class Policy {
    /** The namespace of what holds everywhere. */
    private static final String CLUSTER = "";

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    /** By subject ({@code User name}, {@code Group name}), then by namespace. */
    private final SortedMap<String, SortedMap<String, List<Grant>>> grants = new TreeMap<>();

    /**
     * What one binding gives to one subject.
     *
     * @param why as Kubernetes words it, when it allows something
     * @param missing the role that the binding names and that is not there; empty if it is
     */
    private record Grant(String why, List<PolicyRule> rules, String missing) {}

    private Policy() {}

    static Policy of(ClusterState state) {
        Policy policy = new Policy();
        Map<ResourceKey, List<PolicyRule>> roles = new TreeMap<>();
        for (GroupKind kind : List.of(GroupKind.ROLE, GroupKind.CLUSTER_ROLE)) {
            for (Resource role : state.resources(kind)) {
                roles.put(role.key(), PolicyRule.of(role.body().toNode()));
            }
        }
        for (GroupKind kind : List.of(GroupKind.CLUSTER_ROLE_BINDING, GroupKind.ROLE_BINDING)) {
            for (Resource binding : state.resources(kind)) {
                policy.add(binding, roles);
            }
        }
        return policy;
    }

    private void add(Resource binding, Map<ResourceKey, List<PolicyRule>> roles) {
        JsonNode body = binding.body().toNode();
        String namespace = binding.key().namespace();
        ResourceKey role = role(body, namespace);
        List<PolicyRule> rules = roles.get(role);
        String missing =
                rules != null
                        ? ""
                        : role.kind().kind().toLowerCase(java.util.Locale.ROOT)
                                + ".rbac.authorization.k8s.io \""
                                + role.name()
                                + "\" not found";
        for (JsonNode subject : body.path("subjects")) {
            subject(subject)
                    .ifPresent(key ->
                            grants.computeIfAbsent(key, _ -> new TreeMap<>())
                                    .computeIfAbsent(namespace, _ -> new ArrayList<>())
                                    .add(
                                            new Grant(
                                                    allowedBy(binding, role, subject),
                                                    rules == null ? List.of() : rules,
                                                    missing)));
        }
    }

    /** The role that a binding names. */
    static ResourceKey role(JsonNode binding, String namespace) {
        JsonNode reference = binding.path("roleRef");
        String name = reference.path("name").asText();
        return reference.path("kind").asText().equals(GroupKind.ROLE.kind())
                ? new ResourceKey(GroupKind.ROLE, namespace, name)
                : new ResourceKey(GroupKind.CLUSTER_ROLE, "", name);
    }

    private static Optional<String> subject(JsonNode subject) {
        String name = subject.path("name").asText();
        return switch (subject.path("kind").asText()) {
            case "User" -> Optional.of("User " + name);
            case "Group" -> Optional.of("Group " + name);
            case "ServiceAccount" ->
                    Optional.of(
                            "User "
                                    + SERVICE_ACCOUNT
                                    + subject.path("namespace").asText()
                                    + ":"
                                    + name);
            default -> Optional.empty();
        };
    }

    private static String allowedBy(Resource binding, ResourceKey role, JsonNode subject) {
        String namespace = binding.key().namespace();
        String account = subject.path("namespace").asText();
        return "RBAC: allowed by "
                + binding.key().kind().kind()
                + " \""
                + binding.key().name()
                + (namespace.isEmpty() ? "" : "/" + namespace)
                + "\" of "
                + role.kind().kind()
                + " \""
                + role.name()
                + "\" to "
                + subject.path("kind").asText()
                + " \""
                + subject.path("name").asText()
                + (account.isEmpty() ? "" : "/" + account)
                + "\"";
    }

    /** Whether the bindings of somebody allow an action. */
    Verdict decide(Identity who, Action action) {
        List<String> missing = new ArrayList<>();
        for (Grant grant :
                (Iterable<Grant>)
                        grants(who, action.onResource() ? action.namespace() : CLUSTER)::iterator) {
            for (PolicyRule rule : grant.rules()) {
                if (rule.allows(action)) {
                    return new Verdict.Allowed(grant.why());
                }
            }
            if (!grant.missing().isEmpty() && !missing.contains(grant.missing())) {
                missing.add(grant.missing());
            }
        }
        return missing.isEmpty()
                ? Verdict.Denied.UNSAID
                : new Verdict.Denied("RBAC: " + String.join(", ", missing));
    }

    /** All that somebody may do in a namespace; only what holds everywhere, for {@code ""}. */
    List<PolicyRule> rules(Identity who, String namespace) {
        return grants(who, namespace).flatMap(grant -> grant.rules().stream()).distinct().toList();
    }

    private Stream<Grant> grants(Identity who, String namespace) {
        Stream<String> subjects =
                Stream.concat(
                        Stream.of("User " + who.name()),
                        who.groups().stream().map(group -> "Group " + group));
        return subjects.flatMap(subject -> Optional.ofNullable(grants.get(subject)).stream())
                .flatMap(found ->
                        Stream.concat(
                                found.getOrDefault(CLUSTER, List.of()).stream(),
                                namespace.equals(CLUSTER)
                                        ? Stream.empty()
                                        : found.getOrDefault(namespace, List.of()).stream()));
    }
}
