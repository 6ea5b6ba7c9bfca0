package dev.shiplog.api.auth.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Identity;
import dev.shiplog.api.auth.rbac.Rbac;
import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.controller.clusterrole.ClusterRoleController;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.resource.schema.Findings;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The roles of a new cluster, and what becomes of them at later starts. */
class DefaultPolicyTest {
    private final DirectLedger ledger = new DirectLedger(() -> Instant.EPOCH);
    private final ClusterRoleController controller = new ClusterRoleController();

    @Test
    void everyObjectIsAsKubernetesWouldTakeIt() {
        for (CreateResource object : DefaultPolicy.objects()) {
            ObjectNode document = object.body().toObject();
            document.put("apiVersion", object.apiVersion());
            document.put("kind", object.key().kind().kind());
            document.putObject("metadata").put("name", object.key().name());
            Findings findings = new Findings();
            Admission.admit(Kinds.of(object.key().kind()).orElseThrow(), document, "", findings);
            assertEquals(List.of(), findings.errors(), () -> object.key().toString());
            document.remove(List.of("apiVersion", "kind", "metadata"));
            assertEquals(Json.of(document), object.body(), "complete as it is");
        }
    }

    @Test
    void aSecondStartFindsNothingToDo() {
        assertTrue(DefaultPolicy.missing(ledger.state()).size() > 40);
        begin();
        assertEquals(List.of(), DefaultPolicy.missing(ledger.state()));
        Resource admin = role("cluster-admin");
        assertEquals("rbac-defaults", admin.metadata().labels().get("kubernetes.io/bootstrapping"));
        assertEquals(
                "true",
                admin.metadata().annotations().get("rbac.authorization.kubernetes.io/autoupdate"));
    }

    @Test
    void theNextVersionBringsBackWhatItMayChange() {
        begin();
        delete("view");
        revise("system:discovery", "{\"rules\":[]}", "true");
        revise("system:monitoring", "{\"rules\":[]}", "false");
        revise("cluster-admin", "{\"rules\":[]}", "true");

        for (Command command : DefaultPolicy.missing(ledger.state())) {
            ledger.submit(command, origin()).join();
        }
        assertFalse(role("system:discovery").body().toNode().path("rules").isEmpty());
        assertTrue(role("system:monitoring").body().toNode().path("rules").isEmpty());
        assertFalse(role("cluster-admin").body().toNode().path("rules").isEmpty());
        assertTrue(role("view").body().toNode().has("aggregationRule"));
        assertEquals(List.of(), DefaultPolicy.missing(ledger.state()));
    }

    @Test
    void adminEditAndViewCollectTheirRules() {
        begin();
        assertTrue(allows("view", "get", "", "pods"));
        assertTrue(allows("view", "list", "apps", "deployments"));
        assertFalse(allows("view", "get", "", "secrets"));
        assertFalse(allows("view", "delete", "", "pods"));
        assertTrue(allows("edit", "delete", "", "pods"));
        assertTrue(allows("edit", "get", "", "secrets"));
        assertTrue(allows("edit", "get", "", "configmaps"), "by way of view");
        assertFalse(allows("edit", "create", "rbac.authorization.k8s.io", "roles"));
        assertTrue(allows("admin", "create", "rbac.authorization.k8s.io", "roles"));
        assertTrue(allows("admin", "get", "", "configmaps"), "by way of edit and view");
        assertFalse(allows("admin", "update", "", "nodes"));
        assertTrue(allows("cluster-admin", "update", "", "nodes"));
    }

    @Test
    void whoeverIsKnownMayAskWhatThereIsAndWhatTheyMay() {
        begin();
        Rbac rbac = new Rbac(ledger::state);
        Identity bob = Identity.authenticated("bob", List.of());
        assertTrue(rbac.allows(bob, Action.onPath("get", "/apis/apps/v1")));
        assertTrue(
                rbac.allows(
                        bob,
                        Action.on(
                                "create",
                                "authorization.k8s.io",
                                "selfsubjectaccessreviews",
                                "",
                                "")));
        assertFalse(rbac.allows(bob, Action.on("list", "", "pods", "default", "")));
        assertFalse(rbac.allows(bob, Action.onPath("get", "/git/cluster.git")));
        assertFalse(rbac.allows(Identity.ANONYMOUS, Action.onPath("get", "/apis")));
        assertTrue(rbac.allows(Identity.ANONYMOUS, Action.onPath("get", "/version")));
    }

    private boolean allows(String role, String verb, String group, String resource) {
        ResourceKey key = new ResourceKey(GroupKind.CLUSTER_ROLE_BINDING, "", "of-" + role);
        if (ledger.state().resource(key).isEmpty()) {
            apply(
                    new CreateResource(
                            key,
                            "rbac.authorization.k8s.io/v1",
                            new TreeMap<>(),
                            new TreeMap<>(),
                            Json.parse(
                                    ("{\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"%1$s\"},"
                                                    + "\"subjects\":[{\"kind\":\"User\",\"name\":\"u-%1$s\"}]}")
                                            .formatted(role))));
        }
        return new Rbac(ledger::state)
                .allows(
                        Identity.authenticated("u-" + role, List.of()),
                        Action.on(verb, group, resource, "default", ""));
    }

    private void begin() {
        DefaultPolicy.missing(ledger.state()).forEach(this::apply);
        boolean changed = true;
        for (int round = 0; changed; round++) {
            assertTrue(round < 4, "the controller comes to rest");
            changed = false;
            for (ResourceKey key : controller.all(ledger.state())) {
                for (Command command :
                        controller.reconcile(ledger.state(), key, Instant.EPOCH).commands()) {
                    apply(command);
                    changed = true;
                }
            }
        }
    }

    private void revise(String name, String body, String autoUpdate) {
        Resource role = role(name);
        TreeMap<String, String> annotations = new TreeMap<>(role.metadata().annotations());
        annotations.put("rbac.authorization.kubernetes.io/autoupdate", autoUpdate);
        annotations.remove(DefaultPolicy.VERSION);
        apply(
                new ResourceCommand.ReviseResource(
                        role.key(),
                        role.uid(),
                        role.metadata().generation(),
                        Json.parse(body),
                        Optional.of(annotations),
                        List.of()));
    }

    private void delete(String name) {
        apply(
                new ResourceCommand.DeleteResource(
                        role(name).key(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        Propagation.BACKGROUND,
                        List.of()));
    }

    private Resource role(String name) {
        return ledger.state()
                .resource(new ResourceKey(GroupKind.CLUSTER_ROLE, "", name))
                .orElseThrow();
    }

    private void apply(Command command) {
        assertInstanceOf(
                Outcome.Applied.class, ledger.submit(command, origin()).join(), command::toString);
    }

    private static Origin origin() {
        return Origin.request("system:test", "test");
    }
}
