package dev.shiplog.api.auth.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * RBAC over the newest state: what the roles and bindings in it allow, and that nobody hands on
 * rights that they do not have. The index is made anew only when a role or a binding has changed.
 */
public final class Rbac implements Authorizer, WriteGuard {
    private static final String GROUP = GroupKind.ROLE.group();

    private final Supplier<ClusterState> state;
    private volatile Indexed newest = new Indexed(Position.ORIGIN, Policy.of(ClusterState.EMPTY));

    private record Indexed(Position changed, Policy policy) {}

    /**
     * @param state the newest revision
     */
    public Rbac(Supplier<ClusterState> state) {
        this.state = state;
    }

    @Override
    public Verdict decide(Identity who, Action action) {
        return who.groups().contains(Identity.MASTERS)
                ? new Verdict.Allowed("")
                : policy(state.get()).decide(who, action);
    }

    private Policy policy(ClusterState now) {
        Indexed known = newest;
        if (!known.changed().equals(now.policyChanged())) {
            known = new Indexed(now.policyChanged(), Policy.of(now));
            newest = known;
        }
        return known.policy();
    }

    private List<PolicyRule> rules(Identity who, String namespace) {
        return who.groups().contains(Identity.MASTERS)
                ? PolicyRule.EVERYTHING
                : policy(state.get()).rules(who, namespace);
    }

    /**
     * What somebody may do to resources in a namespace, as {@code SelfSubjectRulesReview} lists it.
     */
    public ArrayNode resourceRules(Identity who, String namespace) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        rules(who, namespace).stream()
                .filter(rule -> rule.nonResourceUrls().isEmpty())
                .map(PolicyRule::json)
                .forEach(list::add);
        return list;
    }

    /** What somebody may do to paths that are no resources. */
    public ArrayNode pathRules(Identity who) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        rules(who, "").stream()
                .filter(rule -> !rule.nonResourceUrls().isEmpty())
                .map(PolicyRule::json)
                .forEach(list::add);
        return list;
    }

    @Override
    public boolean concerns(Identity who, Kind kind) {
        return kind.groupKind().group().equals(GROUP) && !who.groups().contains(Identity.MASTERS);
    }

    @Override
    public Optional<Status> objection(Identity who, Write write) {
        if (write.after().isEmpty() || !concerns(who, write.kind())) {
            return Optional.empty();
        }
        JsonNode after = write.after().get().toNode();
        JsonNode before = write.before().map(Json::toNode).orElse(after.path("\u0000"));
        GroupKind kind = write.kind().groupKind();
        boolean binding =
                kind.equals(GroupKind.ROLE_BINDING) || kind.equals(GroupKind.CLUSTER_ROLE_BINDING);
        return binding
                ? bindingObjection(who, write, before, after)
                : roleObjection(who, write, before, after);
    }

    private Optional<Status> roleObjection(
            Identity who, Write write, JsonNode before, JsonNode after) {
        boolean same =
                before.path("rules").equals(after.path("rules"))
                        && before.path("aggregationRule").equals(after.path("aggregationRule"));
        if (same || may(who, "escalate", write.kind(), write.key())) {
            return Optional.empty();
        }
        // What a role that collects others will hold is not known: only who holds all may make one.
        List<PolicyRule> wanted =
                after.path("aggregationRule").isMissingNode()
                        ? PolicyRule.of(after)
                        : PolicyRule.EVERYTHING;
        return excess(who, write, wanted);
    }

    private Optional<Status> bindingObjection(
            Identity who, Write write, JsonNode before, JsonNode after) {
        boolean same =
                before.path("roleRef").equals(after.path("roleRef"))
                        && before.path("subjects").equals(after.path("subjects"));
        ResourceKey role = Policy.role(after, write.key().namespace());
        Kind roleKind = Kinds.of(role.kind()).orElseThrow();
        ResourceKey bound = new ResourceKey(role.kind(), write.key().namespace(), role.name());
        if (same || may(who, "bind", roleKind, bound)) {
            return Optional.empty();
        }
        Optional<Resource> found = state.get().resource(role);
        if (found.isEmpty()) {
            return Optional.of(Status.notFound(GROUP, roleKind.plural(), role.name()));
        }
        return excess(who, write, PolicyRule.of(found.get().body().toNode()));
    }

    private boolean may(Identity who, String verb, Kind kind, ResourceKey key) {
        return allows(who, Action.on(verb, GROUP, kind.plural(), key.namespace(), key.name()));
    }

    /** What of the wanted rights their giver does not have. */
    private Optional<Status> excess(Identity who, Write write, List<PolicyRule> wanted) {
        List<PolicyRule> held = rules(who, write.key().namespace());
        List<PolicyRule> excess = wanted.stream().filter(rule -> !rule.coveredBy(held)).toList();
        if (excess.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder why = new StringBuilder("user \"" + who.name() + "\" (groups=[");
        why.append(
                        String.join(
                                " ",
                                who.groups().stream().map(group -> "\"" + group + "\"").toList()))
                .append("]) is attempting to grant RBAC permissions not currently held:");
        excess.stream()
                .map(PolicyRule::toString)
                .sorted()
                .distinct()
                .forEach(rule -> why.append('\n').append(rule));
        return Optional.of(write.forbidden(why.toString()));
    }
}
