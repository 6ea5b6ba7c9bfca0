package dev.shiplog.api.auth.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Authorizer.Action;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One rule of a role: these verbs on these resources, or on these paths. Semantics of Kubernetes'
 * own evaluator: {@code *} means all; {@code *}{@code /scale} means the subresource of every
 * resource; a resource does not include its subresources; a rule with resource names never matches
 * a request that names none.
 */
record PolicyRule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {
    private static final String ALL = "*";

    PolicyRule {
        verbs = List.copyOf(verbs);
        apiGroups = List.copyOf(apiGroups);
        resources = List.copyOf(resources);
        resourceNames = List.copyOf(resourceNames);
        nonResourceUrls = List.copyOf(nonResourceUrls);
    }

    /** Everything, on everything. */
    static final List<PolicyRule> EVERYTHING =
            List.of(
                    new PolicyRule(List.of(ALL), List.of(ALL), List.of(ALL), List.of(), List.of()),
                    new PolicyRule(List.of(ALL), List.of(), List.of(), List.of(), List.of(ALL)));

    /** The rules of a role's document. */
    static List<PolicyRule> of(JsonNode role) {
        List<PolicyRule> rules = new ArrayList<>();
        for (JsonNode rule : role.path("rules")) {
            rules.add(
                    new PolicyRule(
                            texts(rule, "verbs"),
                            texts(rule, "apiGroups"),
                            texts(rule, "resources"),
                            texts(rule, "resourceNames"),
                            texts(rule, "nonResourceURLs")));
        }
        return rules;
    }

    private static List<String> texts(JsonNode rule, String name) {
        List<String> texts = new ArrayList<>();
        rule.path(name).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    boolean allows(Action action) {
        if (!has(verbs, action.verb())) {
            return false;
        }
        return action.onResource()
                ? has(apiGroups, action.group())
                        && onResource(action.resource(), action.subresource())
                        && (resourceNames.isEmpty() || resourceNames.contains(action.name()))
                : onPath(action.path());
    }

    private boolean onResource(String resource, String subresource) {
        if (resources.contains(ALL)) {
            return true;
        }
        if (subresource.isEmpty()) {
            return resources.contains(resource);
        }
        return resources.contains(resource + "/" + subresource)
                || resources.contains("*/" + subresource);
    }

    private boolean onPath(String path) {
        for (String url : nonResourceUrls) {
            boolean below =
                    url.endsWith(ALL) && path.startsWith(url.substring(0, url.length() - 1));
            if (below || url.equals(path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of several rules includes every single right that this one gives. */
    boolean coveredBy(List<PolicyRule> held) {
        return atoms().allMatch(atom -> held.stream().anyMatch(rule -> rule.includes(atom)));
    }

    /** This rule, taken apart into rules of one verb on one resource or path. */
    private Stream<PolicyRule> atoms() {
        Stream<PolicyRule> onPaths =
                verbs.stream()
                        .flatMap(verb ->
                                nonResourceUrls.stream()
                                        .map(url ->
                                                new PolicyRule(
                                                        List.of(verb),
                                                        List.of(),
                                                        List.of(),
                                                        List.of(),
                                                        List.of(url))));
        List<List<String>> names =
                resourceNames.isEmpty()
                        ? List.of(List.of())
                        : resourceNames.stream().map(List::of).toList();
        Stream<PolicyRule> onResources =
                verbs.stream()
                        .flatMap(verb ->
                                apiGroups.stream()
                                        .flatMap(group ->
                                                resources.stream()
                                                        .flatMap(resource ->
                                                                names.stream()
                                                                        .map(name ->
                                                                                atom(
                                                                                        verb, group,
                                                                                        resource,
                                                                                        name)))));
        return Stream.concat(onPaths, onResources);
    }

    private static PolicyRule atom(String verb, String group, String resource, List<String> name) {
        return new PolicyRule(List.of(verb), List.of(group), List.of(resource), name, List.of());
    }

    private boolean includes(PolicyRule atom) {
        if (!has(verbs, atom.verbs.getFirst())) {
            return false;
        }
        if (!atom.nonResourceUrls.isEmpty()) {
            return nonResourceUrls.contains(ALL) || onPath(atom.nonResourceUrls.getFirst());
        }
        String resource = atom.resources.getFirst();
        int slash = resource.indexOf('/');
        boolean onResource =
                resources.contains(ALL)
                        || resources.contains(resource)
                        || (slash >= 0 && resources.contains("*" + resource.substring(slash)));
        return onResource
                && has(apiGroups, atom.apiGroups.getFirst())
                && (resourceNames.isEmpty()
                        || (!atom.resourceNames.isEmpty()
                                && resourceNames.contains(atom.resourceNames.getFirst())));
    }

    private static boolean has(List<String> all, String one) {
        return all.contains(ALL) || all.contains(one);
    }

    /** As in {@code SelfSubjectRulesReview}. */
    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "verbs", verbs);
        put(node, "apiGroups", apiGroups);
        put(node, "resources", resources);
        put(node, "resourceNames", resourceNames);
        put(node, "nonResourceURLs", nonResourceUrls);
        return node;
    }

    private static void put(ObjectNode node, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            texts.forEach(node.putArray(name)::add);
        }
    }

    /** As Kubernetes prints rules in refusals. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        part(parts, "APIGroups", apiGroups);
        part(parts, "Resources", resources);
        part(parts, "ResourceNames", resourceNames);
        part(parts, "NonResourceURLs", nonResourceUrls);
        part(parts, "Verbs", verbs);
        return "{" + String.join(", ", parts) + "}";
    }

    private static void part(List<String> parts, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            parts.add(
                    name
                            + ":["
                            + texts.stream()
                                    .map(text -> "\"" + text + "\"")
                                    .collect(Collectors.joining(" "))
                            + "]");
        }
    }
}
