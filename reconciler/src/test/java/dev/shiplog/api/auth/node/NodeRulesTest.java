package dev.shiplog.api.auth.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard.Write;
import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kinds;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A node n1 with one pod, a node n2 with another: what n1 may do, as a table. */
class NodeRulesTest {
    private final DirectLedger ledger = new DirectLedger(() -> Instant.EPOCH);
    private final NodeRules rules = new NodeRules(ledger::state);
    private final Identity n1 = Identity.authenticated("system:node:n1", List.of("system:nodes"));

    @BeforeEach
    void start() {
        for (String node : List.of("n1", "n2")) {
            submit(
                    new NodeCommand.RegisterNode(
                            new NodeName(node), new TreeMap<>(), Json.EMPTY, Json.EMPTY));
        }
        pod("mine", "n1", "own");
        pod("theirs", "n2", "other");
    }

    private void pod(String name, String node, String what) {
        ResourceKey key = ResourceKey.pod("shop", name);
        submit(
                new ResourceCommand.CreateResource(
                        key,
                        "v1",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.parse(
                                """
                                {"spec":{"serviceAccountName":"%1$s",
                                 "imagePullSecrets":[{"name":"%1$s-pull"}],
                                 "containers":[{"name":"c","image":"x",
                                  "envFrom":[{"configMapRef":{"name":"%1$s-env"}}],
                                  "env":[{"name":"A","valueFrom":{"secretKeyRef":
                                    {"name":"%1$s-key","key":"k"}}}]}],
                                 "volumes":[{"name":"v","secret":{"secretName":"%1$s-files"}},
                                  {"name":"w","persistentVolumeClaim":{"claimName":"%1$s-disk"}}]}}
                                """
                                        .formatted(what))));
        submit(
                new SchedulerCommand.BindPods(
                        "default-scheduler",
                        List.of(
                                new SchedulerCommand.Binding(
                                        key,
                                        ledger.state().resource(key).orElseThrow().uid(),
                                        new NodeName(node),
                                        1,
                                        1))));
    }

    private void submit(Command command) {
        ledger.submit(command, Origin.request("user:test", "test")).join();
    }

    @ParameterizedTest
    @CsvSource({
        "get, '', nodes, '', n1, '', true",
        "get, '', nodes, '', n2, '', false",
        "list, '', nodes, '', '', '', false",
        "watch, '', nodes, '', '', metadata.name=n1, true",
        "watch, '', nodes, '', '', metadata.name=n2, false",
        "create, '', nodes, '', '', '', true",
        "patch, '', nodes, '', n1, '', true",
        "delete, '', nodes, '', n1, '', false",
        "patch, '', nodes/status, '', n1, '', true",
        "patch, '', nodes/status, '', n2, '', false",
        "get, '', pods, shop, mine, '', true",
        "get, '', pods, shop, theirs, '', false",
        "get, '', pods, default, mine, '', false",
        "list, '', pods, '', '', spec.nodeName=n1, true",
        "list, '', pods, '', '', spec.nodeName=n2, false",
        "list, '', pods, '', '', spec.nodeName!=n1, false",
        "list, '', pods, '', '', '', false",
        "watch, '', pods, '', '', 'spec.nodeName=n1,status.phase=Running', true",
        "delete, '', pods, shop, mine, '', true",
        "delete, '', pods, shop, theirs, '', false",
        "create, '', pods, shop, '', '', false",
        "patch, '', pods/status, shop, mine, '', true",
        "patch, '', pods/status, shop, theirs, '', false",
        "create, '', pods/exec, shop, mine, '', false",
        "get, '', pods/log, shop, mine, '', false",
        "get, '', secrets, shop, own-pull, '', true",
        "get, '', secrets, shop, own-key, '', true",
        "get, '', secrets, shop, own-files, '', true",
        "watch, '', secrets, shop, '', metadata.name=own-files, true",
        "get, '', secrets, shop, other-files, '', false",
        "get, '', secrets, default, own-files, '', false",
        "list, '', secrets, shop, '', '', false",
        "list, '', secrets, '', '', metadata.name=own-files, false",
        "update, '', secrets, shop, own-files, '', false",
        "get, '', configmaps, shop, own-env, '', true",
        "get, '', configmaps, shop, other-env, '', false",
        "get, '', persistentvolumeclaims, shop, own-disk, '', true",
        "get, '', serviceaccounts, shop, own, '', true",
        "create, '', serviceaccounts/token, shop, own, '', true",
        "create, '', serviceaccounts/token, shop, other, '', false",
        "list, '', services, '', '', '', true",
        "create, '', events, shop, '', '', true",
        "list, '', events, shop, '', '', false",
        "update, coordination.k8s.io, leases, kube-node-lease, n1, '', true",
        "update, coordination.k8s.io, leases, kube-node-lease, n2, '', false",
        "create, authorization.k8s.io, subjectaccessreviews, '', '', '', true",
        "list, apps, deployments, shop, '', '', false",
        "create, rbac.authorization.k8s.io, clusterrolebindings, '', '', '', false",
    })
    void aNodeLooksAfterItsOwn(
            String verb,
            String group,
            String resource,
            String namespace,
            String name,
            String selector,
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
                        "",
                        selector);
        assertEquals(allowed, rules.allows(n1, action));
        for (Identity other :
                List.of(
                        Identity.authenticated("system:node:n1", List.of()),
                        Identity.authenticated("n1", List.of("system:nodes")))) {
            assertTrue(!rules.allows(other, action), "name and group together make a node");
        }
    }

    @Test
    void aNodeWritesItsOwn() {
        String plain = "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}";
        String zoned =
                "{\"metadata\":{\"labels\":{\"node-restriction.kubernetes.io/zone\":\"x\"}}}";
        assertEquals("", objection("create", ResourceKey.node(new NodeName("n1")), null, plain));
        assertEquals(
                "nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"",
                objection("create", ResourceKey.node(new NodeName("n2")), null, plain));
        assertEquals("", objection("patch", ResourceKey.node(new NodeName("n1")), plain, plain));
        assertTrue(
                objection("patch", ResourceKey.node(new NodeName("n1")), plain, zoned)
                        .contains("labels"));
        assertTrue(
                objection(
                                "patch",
                                ResourceKey.node(new NodeName("n1")),
                                "{\"spec\":{\"taints\":[{\"key\":\"a\"}]}}",
                                "{\"spec\":{}}")
                        .contains("taints"));
        ResourceKey mine = ResourceKey.pod("shop", "mine");
        assertEquals("", objection("patch", mine, "{}", "{\"status\":{\"phase\":\"Running\"}}"));
        assertTrue(objection("patch", mine, "{}", plain).contains("labels"));
        assertTrue(
                objection("patch", ResourceKey.pod("shop", "theirs"), "{}", "{}")
                        .contains("set to itself"));
        assertTrue(
                objection("create", ResourceKey.pod("shop", "new"), null, "{}").contains("mirror"));
    }

    private String objection(
            String verb,
            ResourceKey key,
            @org.jspecify.annotations.Nullable String before,
            String after) {
        return rules.objection(
                        n1,
                        new Write(
                                verb,
                                Kinds.of(
                                                key.kind().equals(GroupKind.NODE)
                                                        ? GroupKind.NODE
                                                        : GroupKind.POD)
                                        .orElseThrow(),
                                key,
                                "",
                                Optional.ofNullable(before).map(Json::parse),
                                Optional.of(Json.parse(after))))
                .map(Status::message)
                .orElse("");
    }
}
