package dev.shiplog.api.auth.rbac;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Authorizer.Verdict;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard.Write;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kinds;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Who may do what, as a table: silence means no. */
class RbacTest {
    private static final String API_VERSION = "rbac.authorization.k8s.io/v1";

    private final DirectLedger ledger = new DirectLedger(() -> Instant.EPOCH);
    private final Rbac rbac = new Rbac(ledger::state);

    @BeforeEach
    void roles() {
        create(
                GroupKind.ROLE,
                "shop",
                "reader",
                rules(
                        rule("", "pods,pods/log", "get,list"),
                        "{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],"
                                + "\"resourceNames\":[\"site\"],\"verbs\":[\"get\",\"update\"]}"));
        create(
                GroupKind.CLUSTER_ROLE,
                "",
                "deployer",
                rules(
                        rule("apps", "deployments", "*"),
                        rule("*", "*/scale", "update"),
                        "{\"nonResourceURLs\":[\"/git/*\",\"/exact\"],\"verbs\":[\"get\"]}"));
        create(GroupKind.CLUSTER_ROLE, "", "all", rules(rule("*", "*", "*")));
        bind("shop", "ann-reads", "Role", "reader", user("ann"));
        bind("shop", "team-deploys", "ClusterRole", "deployer", group("team"));
        bind("", "ops-deploy", "ClusterRole", "deployer", group("ops"), account("ci", "builder"));
        bind("", "root", "ClusterRole", "all", user("root"));
        bind("shop", "dangling", "Role", "gone", user("dan"));
    }

    @ParameterizedTest
    @CsvSource({
        // who, groups, verb, group, resource, namespace, name, allowed
        "ann, , get, '', pods, shop, web, true",
        "ann, , list, '', pods, shop, '', true",
        "ann, , get, '', pods/log, shop, web, true",
        "ann, , get, '', pods/exec, shop, web, false",
        "ann, , watch, '', pods, shop, '', false",
        "ann, , get, '', pods, default, web, false",
        "ann, , list, '', pods, '', '', false",
        "ann, , get, apps, pods, shop, web, false",
        "ann, , get, '', configmaps, shop, site, true",
        "ann, , update, '', configmaps, shop, site, true",
        "ann, , get, '', configmaps, shop, other, false",
        "ann, , list, '', configmaps, shop, '', false",
        "ann, , create, '', configmaps, shop, '', false",
        "bob, , get, '', pods, shop, web, false",
        "bob, team, delete, apps, deployments, shop, web, true",
        "bob, team, delete, apps, deployments, default, web, false",
        "bob, team, update, apps, deployments/scale, shop, web, true",
        "bob, team, update, '', replicationcontrollers/scale, shop, web, true",
        "bob, team, get, apps, deployments/scale, shop, web, false",
        "bob, ops, delete, apps, deployments, default, web, true",
        "bob, ops, list, apps, deployments, '', '', true",
        "bob, ops, get, apps, deployments/status, shop, web, false",
        "system:serviceaccount:ci:builder, , create, apps, deployments, shop, '', true",
        "system:serviceaccount:shop:builder, , create, apps, deployments, shop, '', false",
        "builder, , create, apps, deployments, shop, '', false",
        "root, , impersonate, '', users, '', x, true",
        "root, , get, custom.io, things/part, ns, x, true",
        "ROOT, , get, '', pods, shop, web, false",
        "x, system:masters, get, '', secrets, kube-system, x, true",
    })
    void allowsWhatABindingSays(
            String who,
            String groups,
            String verb,
            String group,
            String resource,
            String namespace,
            String name,
            boolean allowed) {
        int slash = resource.indexOf('/');
        Action action =
                new Action(
                        verb,
                        group,
                        slash < 0 ? resource : resource.substring(0, slash),
                        slash < 0 ? "" : resource.substring(slash + 1),
                        namespace,
                        name,
                        "");
        assertEquals(allowed, rbac.allows(somebody(who, groups), action));
    }

    @ParameterizedTest
    @CsvSource({
        "ops, get, /git/cluster.git, true",
        "ops, get, /git/, true",
        "ops, get, /git, false",
        "ops, post, /git/cluster.git, false",
        "ops, get, /exact, true",
        "ops, get, /exact/more, false",
        // Bound in a namespace only: paths have none.
        "team, get, /git/cluster.git, false",
        "nobody, get, /exact, false",
    })
    void allowsPathsThatARuleNames(String group, String verb, String path, boolean allowed) {
        assertEquals(allowed, rbac.allows(somebody("bob", group), Action.onPath(verb, path)));
    }

    @Test
    void saysWhichBindingAllowsAndWhichRoleIsMissing() {
        assertEquals(
                new Verdict.Allowed(
                        "RBAC: allowed by RoleBinding \"ann-reads/shop\" of Role \"reader\" to User"
                                + " \"ann\""),
                rbac.decide(somebody("ann", null), pods("get", "shop")));
        assertEquals(
                new Verdict.Denied("RBAC: role.rbac.authorization.k8s.io \"gone\" not found"),
                rbac.decide(somebody("dan", null), pods("get", "shop")));
    }

    @Test
    void seesAChangeAtOnce() {
        Identity eve = somebody("eve", null);
        assertInstanceOf(Verdict.Denied.class, rbac.decide(eve, pods("get", "shop")));
        bind("shop", "eve-reads", "Role", "reader", user("eve"));
        assertTrue(rbac.allows(eve, pods("get", "shop")));
        submit(
                new ResourceCommand.DeleteResource(
                        new ResourceKey(GroupKind.ROLE, "shop", "reader"),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Propagation.BACKGROUND,
                        List.of()));
        assertInstanceOf(Verdict.Denied.class, rbac.decide(eve, pods("get", "shop")));
    }

    @Test
    void whatIsNoPolicyCostsNoNewIndex() {
        var before = ledger.state().policyChanged();
        create(GroupKind.SERVICE_ACCOUNT, "shop", "x", "{}");
        assertEquals(before, ledger.state().policyChanged());
    }

    @Test
    void nobodyGivesAwayWhatTheyDoNotHave() {
        Identity bob = somebody("bob", "ops");
        assertEquals(
                Optional.empty(), made(bob, "mine", rules(rule("apps", "deployments", "get"))));
        assertEquals(
                Optional.of(
                        "clusterroles.rbac.authorization.k8s.io \"more\" is forbidden: user \"bob\""
                                + " (groups=[\"ops\" \"system:authenticated\"]) is attempting to"
                                + " grant RBAC permissions not currently held:\n"
                                + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}"),
                made(
                        bob,
                        "more",
                        rules(rule("apps", "deployments", "get"), rule("", "secrets", "get"))));
        // One right too many in one rule, a subresource, and all of a group.
        assertTrue(
                made(bob, "a", rules(rule("apps", "deployments,daemonsets", "get"))).isPresent());
        assertTrue(made(bob, "b", rules(rule("apps", "deployments/status", "get"))).isPresent());
        assertTrue(made(bob, "c", rules(rule("apps", "*", "get"))).isPresent());
        assertEquals(Optional.empty(), made(bob, "d", rules(rule("apps", "x/scale", "update"))));
        assertTrue(
                made(bob, "e", "{\"nonResourceURLs\":[\"/git/x\"],\"verbs\":[\"post\"]}").isEmpty(),
                "no rules, nothing to object to");
        assertTrue(
                made(bob, "f", rules("{\"nonResourceURLs\":[\"/git/x\"],\"verbs\":[\"post\"]}"))
                        .isPresent());
        assertEquals(
                Optional.empty(),
                made(bob, "g", rules("{\"nonResourceURLs\":[\"/git/x\"],\"verbs\":[\"get\"]}")));
        assertTrue(
                made(bob, "h", "{\"aggregationRule\":{\"clusterRoleSelectors\":[]}}").isPresent());
        assertEquals(
                Optional.empty(),
                made(
                        somebody("x", "system:masters"),
                        "i",
                        "{\"aggregationRule\":{\"clusterRoleSelectors\":[]}}"));
    }

    @Test
    void nobodyBindsARoleThatGivesMore() {
        Identity bob = somebody("bob", "ops");
        assertTrue(bound(bob, "all", Optional.empty()).isPresent());
        assertEquals(Optional.empty(), bound(bob, "deployer", Optional.empty()));
        assertEquals(
                Optional.of("clusterroles.rbac.authorization.k8s.io \"none\" not found"),
                bound(bob, "none", Optional.empty()));
        create(
                GroupKind.CLUSTER_ROLE,
                "",
                "binder",
                rules(
                        "{\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":"
                                + "[\"clusterroles\"],\"resourceNames\":[\"all\"],"
                                + "\"verbs\":[\"bind\",\"escalate\"]}"));
        bind("", "bob-binds", "ClusterRole", "binder", user("bob"));
        assertEquals(Optional.empty(), bound(bob, "all", Optional.empty()));
        assertEquals(Optional.empty(), made(bob, "all", rules(rule("*", "*", "*"))));
        assertTrue(made(bob, "other", rules(rule("*", "*", "*"))).isPresent());
    }

    @Test
    void whoChangesOnlyALabelGivesNothingAway() {
        Identity eve = somebody("eve", null);
        Json before = binding("all", "x");
        assertEquals(Optional.empty(), bound(eve, "all", Optional.of(before)));
        assertTrue(bound(eve, "all", Optional.of(binding("all", "someone-else"))).isPresent());
    }

    private Optional<String> made(Identity who, String name, String body) {
        return rbac.objection(
                        who,
                        new Write(
                                "create",
                                Kinds.of(GroupKind.CLUSTER_ROLE).orElseThrow(),
                                new ResourceKey(GroupKind.CLUSTER_ROLE, "", name),
                                "",
                                Optional.empty(),
                                Optional.of(Json.parse(body))))
                .map(Status::message);
    }

    private Optional<String> bound(Identity who, String role, Optional<Json> before) {
        return rbac.objection(
                        who,
                        new Write(
                                before.isPresent() ? "update" : "create",
                                Kinds.of(GroupKind.CLUSTER_ROLE_BINDING).orElseThrow(),
                                new ResourceKey(GroupKind.CLUSTER_ROLE_BINDING, "", "b"),
                                "",
                                before,
                                Optional.of(binding(role, "x"))))
                .map(Status::message);
    }

    private static Json binding(String role, String user) {
        return Json.parse(
                "{\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"%s\"},\"subjects\":[%s]}"
                        .formatted(role, user(user)));
    }

    private static Action pods(String verb, String namespace) {
        return Action.on(verb, "", "pods", namespace, "web");
    }

    private static Identity somebody(String name, @org.jspecify.annotations.Nullable String group) {
        return Identity.authenticated(name, group == null ? List.of() : List.of(group));
    }

    private void bind(String namespace, String name, String kind, String role, String... subjects) {
        create(
                namespace.isEmpty() ? GroupKind.CLUSTER_ROLE_BINDING : GroupKind.ROLE_BINDING,
                namespace,
                name,
                "{\"roleRef\":{\"kind\":\"%s\",\"name\":\"%s\"},\"subjects\":[%s]}"
                        .formatted(kind, role, String.join(",", subjects)));
    }

    private void create(GroupKind kind, String namespace, String name, String body) {
        submit(
                new ResourceCommand.CreateResource(
                        new ResourceKey(kind, namespace, name),
                        API_VERSION,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.parse(body)));
    }

    private void submit(ResourceCommand command) {
        assertInstanceOf(
                Outcome.Applied.class,
                ledger.submit(command, Origin.request("user:test", "test")).join());
    }

    private static String rules(String... rules) {
        return "{\"rules\":[" + String.join(",", rules) + "]}";
    }

    private static String rule(String group, String resources, String verbs) {
        return "{\"apiGroups\":[\"%s\"],\"resources\":%s,\"verbs\":%s}"
                .formatted(group, list(resources), list(verbs));
    }

    private static String list(String words) {
        return "[\"" + words.replace(",", "\",\"") + "\"]";
    }

    private static String user(String name) {
        return "{\"kind\":\"User\",\"name\":\"" + name + "\"}";
    }

    private static String group(String name) {
        return "{\"kind\":\"Group\",\"name\":\"" + name + "\"}";
    }

    private static String account(String namespace, String name) {
        return "{\"kind\":\"ServiceAccount\",\"namespace\":\"%s\",\"name\":\"%s\"}"
                .formatted(namespace, name);
    }
}
