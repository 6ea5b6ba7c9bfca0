package dev.shiplog.api.auth.node;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The rights of {@code system:node:<name>} in the group {@code system:nodes}. They follow from what
 * is bound to the node in the newest state; no role says them. As an authorizer it says what may be
 * asked for; as a guard, what may stand in what is written.
 */
public final class NodeRules implements Authorizer, WriteGuard {
    private static final String GROUP = "system:nodes";
    private static final String PREFIX = "system:node:";
    private static final String RESTRICTED = "node-restriction.kubernetes.io/";
    private static final String LINKS = "/shiplog/v1/nodes";
    private static final String LEASES = "kube-node-lease";
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> CHANGE = Set.of("update", "patch");

    private final Supplier<ClusterState> state;

    public NodeRules(Supplier<ClusterState> state) {
        this.state = state;
    }

    /** The node that somebody is; empty for everybody else. */
    public static Optional<NodeName> node(Identity who) {
        return who.groups().contains(GROUP)
                        && who.name().startsWith(PREFIX)
                        && who.name().length() > PREFIX.length()
                ? Optional.of(new NodeName(who.name().substring(PREFIX.length())))
                : Optional.empty();
    }

    @Override
    public Verdict decide(Identity who, Action action) {
        Optional<NodeName> node = node(who);
        if (node.isEmpty()) {
            return Verdict.Denied.UNSAID;
        }
        return (action.onResource() ? allowed(node.get(), action) : link(node.get(), action))
                ? new Verdict.Allowed("")
                : new Verdict.Denied("node \"" + node.get() + "\" has no relation to it");
    }

    /** The way to the control plane; each node has its own. */
    private static boolean link(NodeName node, Action action) {
        return action.path().startsWith(LINKS + "/" + node + "/");
    }

    private boolean allowed(NodeName node, Action action) {
        return switch (action.group()) {
            case "" -> core(node, action);
            case "events.k8s.io" -> event(action);
            case "coordination.k8s.io" ->
                    action.resource().equals("leases")
                            && action.namespace().equals(LEASES)
                            && (action.verb().equals("create")
                                    || action.name().equals(node.value()));
            case "certificates.k8s.io" ->
                    action.qualifiedResource().equals("certificatesigningrequests")
                            && (READ.contains(action.verb()) || action.verb().equals("create"));
            case "authentication.k8s.io" ->
                    action.resource().equals("tokenreviews") && action.verb().equals("create");
            case "authorization.k8s.io" ->
                    action.resource().equals("subjectaccessreviews")
                            && action.verb().equals("create");
            case "node.k8s.io" ->
                    action.resource().equals("runtimeclasses") && READ.contains(action.verb());
            default -> false;
        };
    }

    private boolean core(NodeName node, Action action) {
        String verb = action.verb();
        return switch (action.qualifiedResource()) {
            case "nodes" ->
                    verb.equals("create")
                            || ((READ.contains(verb) || CHANGE.contains(verb))
                                    && named(action).equals(node.value()));
            case "nodes/status" -> CHANGE.contains(verb) && action.name().equals(node.value());
            case "pods" -> pods(node, action);
            case "pods/status" -> CHANGE.contains(verb) && bound(node, action);
            case "pods/eviction" -> verb.equals("create") && bound(node, action);
            case "services" -> READ.contains(verb);
            case "events" -> event(action);
            case "secrets" ->
                    needed(node, action, needs -> needs.secrets().contains(named(action)));
            case "configmaps" ->
                    needed(node, action, needs -> needs.configMaps().contains(named(action)));
            case "persistentvolumeclaims" ->
                    needed(node, action, needs -> needs.claims().contains(named(action)));
            case "serviceaccounts" ->
                    verb.equals("get")
                            && needed(node, action, needs -> needs.account().equals(action.name()));
            case "serviceaccounts/token" ->
                    verb.equals("create")
                            && anyPod(
                                    node,
                                    action.namespace(),
                                    needs -> needs.account().equals(action.name()));
            default -> false;
        };
    }

    private static boolean event(Action action) {
        return action.resource().equals("events")
                && (action.verb().equals("create") || CHANGE.contains(action.verb()));
    }

    private boolean pods(NodeName node, Action action) {
        return switch (action.verb()) {
            case "get", "delete" -> bound(node, action);
            case "list", "watch" -> selects(action, "spec.nodeName", node.value());
            default -> false;
        };
    }

    private boolean bound(NodeName node, Action action) {
        return !action.name().isEmpty()
                && state.get()
                        .podsOn(node)
                        .contains(ResourceKey.pod(action.namespace(), action.name()));
    }

    /** The name that a request is about, be it in its path or in its field selector. */
    private static String named(Action action) {
        if (!action.name().isEmpty()) {
            return action.name();
        }
        for (String term : action.fieldSelector().split(",", -1)) {
            if (term.startsWith("metadata.name=")) {
                return term.substring("metadata.name=".length()).replaceFirst("^=", "");
            }
        }
        return "";
    }

    private static boolean selects(Action action, String field, String value) {
        List<String> terms = List.of(action.fieldSelector().split(",", -1));
        return terms.contains(field + "=" + value) || terms.contains(field + "==" + value);
    }

    private boolean needed(NodeName node, Action action, Predicate<PodNeeds> need) {
        return READ.contains(action.verb())
                && !action.namespace().isEmpty()
                && !named(action).isEmpty()
                && anyPod(node, action.namespace(), need);
    }

    private boolean anyPod(NodeName node, String namespace, Predicate<PodNeeds> need) {
        ClusterState now = state.get();
        return now.podsOn(node).stream()
                .filter(key -> key.namespace().equals(namespace))
                .flatMap(key -> now.resource(key).stream())
                .map(PodNeeds::of)
                .anyMatch(need);
    }

    @Override
    public boolean concerns(Identity who, Kind kind) {
        return node(who).isPresent();
    }

    @Override
    public Optional<Status> objection(Identity who, Write write) {
        Optional<NodeName> found = node(who);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String node = found.get().value();
        GroupKind kind = write.kind().groupKind();
        Optional<String> why =
                kind.equals(GroupKind.NODE)
                        ? nodeObjection(node, write)
                        : kind.equals(GroupKind.POD)
                                ? podObjection(node, write)
                                : kind.kind().equals("Lease") && !write.key().name().equals(node)
                                        ? Optional.of(
                                                "node \""
                                                        + node
                                                        + "\" can only access its own lease")
                                        : Optional.empty();
        return why.map(write::forbidden);
    }

    private static Optional<String> nodeObjection(String node, Write write) {
        if (!write.key().name().equals(node)) {
            return Optional.of(
                    "node \""
                            + node
                            + "\" is not allowed to modify node \""
                            + write.key().name()
                            + "\"");
        }
        if (write.verb().equals("create") || write.after().isEmpty()) {
            return restricted(write).isEmpty()
                    ? Optional.empty()
                    : Optional.of(labels(node, restricted(write)));
        }
        JsonNode before = document(write.before());
        JsonNode after = document(write.after());
        if (!before.path("spec").path("taints").equals(after.path("spec").path("taints"))) {
            return Optional.of("node \"" + node + "\" is not allowed to modify taints");
        }
        if (!before.path("metadata")
                .path("ownerReferences")
                .equals(after.path("metadata").path("ownerReferences"))) {
            return Optional.of("node \"" + node + "\" is not allowed to modify ownerReferences");
        }
        List<String> changed = restricted(write);
        return changed.isEmpty() ? Optional.empty() : Optional.of(labels(node, changed));
    }

    private static String labels(String node, List<String> labels) {
        return "is not allowed to modify labels: "
                + String.join(", ", labels)
                + " (node \""
                + node
                + "\")";
    }

    /** The labels that a node may not give itself, and that the write changes. */
    private static List<String> restricted(Write write) {
        JsonNode before = document(write.before()).path("metadata").path("labels");
        JsonNode after = document(write.after()).path("metadata").path("labels");
        return java.util.stream.Stream.concat(
                        before.properties().stream(), after.properties().stream())
                .map(java.util.Map.Entry::getKey)
                .filter(label -> label.startsWith(RESTRICTED))
                .filter(label -> !before.path(label).equals(after.path(label)))
                .distinct()
                .toList();
    }

    private Optional<String> podObjection(String node, Write write) {
        if (write.verb().equals("create") && write.subresource().isEmpty()) {
            return Optional.of(
                    "pod does not have \"kubernetes.io/config.mirror\" annotation, node \""
                            + node
                            + "\" can only create mirror pods");
        }
        boolean own =
                state.get()
                        .resource(write.key())
                        .map(Resource::body)
                        .map(body -> body.toNode().path("spec").path("nodeName").asText())
                        .filter(node::equals)
                        .isPresent();
        if (own) {
            boolean relabelled =
                    write.after().isPresent()
                            && !document(write.before())
                                    .path("metadata")
                                    .path("labels")
                                    .equals(
                                            document(write.after())
                                                    .path("metadata")
                                                    .path("labels"));
            return relabelled
                    ? Optional.of("node \"" + node + "\" cannot update labels through pod status")
                    : Optional.empty();
        }
        return Optional.of(
                write.verb().equals("delete")
                        ? "node \""
                                + node
                                + "\" can only delete pods with spec.nodeName set to itself"
                        : "node \""
                                + node
                                + "\" can only update pod status for pods with spec.nodeName set to"
                                + " itself");
    }

    private static JsonNode document(Optional<Json> json) {
        return json.orElse(Json.EMPTY).toNode();
    }
}
