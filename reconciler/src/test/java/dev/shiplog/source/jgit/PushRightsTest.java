package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.AccessJournal;
import dev.shiplog.api.Identity;
import dev.shiplog.api.auth.PushRights;
import dev.shiplog.api.auth.rbac.Rbac;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.source.FakeDecoder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A push does what its author may do through the API, and nothing if one object of it is more. */
class PushRightsTest {
    @TempDir Path root;
    private final DirectLedger ledger = Cluster.ledger();
    private final List<String> refused = new ArrayList<>();
    private Cluster cluster;
    private GitCommand git;

    @BeforeEach
    void start() throws Exception {
        Path files = Files.createDirectories(root.resolve("first"));
        Files.writeString(files.resolve("shop.yaml"), Yaml.namespace("shop"));
        Files.writeString(files.resolve("web.yaml"), Yaml.deployment("shop", "web", 3, "web:1"));
        cluster = new Cluster(root, ledger, new FakeDecoder(), Optional.of(files));
        git = cluster.clone("ann");
        role(
                "writer",
                "{\"apiGroups\":[\"apps\"],\"resources\":[\"deployments\"],\"verbs\":[\"create\",\"update\"]},"
                        + "{\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":[\"roles\"],\"verbs\":[\"create\"]}");
        create(
                GroupKind.ROLE_BINDING,
                "{\"roleRef\":{\"kind\":\"Role\",\"name\":\"writer\"},"
                        + "\"subjects\":[{\"kind\":\"User\",\"name\":\"ann\"}]}",
                "ann-writes");
        AccessJournal journal =
                (who, _, verb, what, _) -> refused.add(who + " " + verb + " " + what);
        cluster.server.pushedBy(
                PushRights.pusher(
                        new Rbac(ledger::state),
                        new Rbac(ledger::state),
                        journal,
                        Identity.authenticated("ann", List.of()),
                        "192.0.2.1"));
    }

    private void role(String name, String rules) {
        create(GroupKind.ROLE, "{\"rules\":[" + rules + "]}", name);
    }

    private void create(GroupKind kind, String body, String name) {
        ledger.submit(
                        new ResourceCommand.CreateResource(
                                new ResourceKey(kind, "shop", name),
                                "rbac.authorization.k8s.io/v1",
                                new TreeMap<>(),
                                new TreeMap<>(),
                                Json.parse(body)),
                        Origin.request("user:test", "test"))
                .join();
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    /** What a push that must be refused says. */
    private String push() throws Exception {
        GitCommand.Result result = git.run("push");
        assertTrue(result.exit() != 0, result::output);
        return result.output();
    }

    @Test
    void whatIsAllowedGoesThrough() throws Exception {
        git.write("web.yaml", Yaml.deployment("shop", "web", 5, "web:2"));
        git.commit("Scale web");
        assertTrue(git.git("push").contains("applied at position"));
    }

    @Test
    void oneObjectTooManyRefusesAll() throws Exception {
        Position before = ledger.head();
        git.write("web.yaml", Yaml.deployment("shop", "web", 5, "web:2"));
        git.write("db.yaml", Yaml.pod("shop", "db"));
        git.write("team.yaml", Yaml.namespace("team"));
        git.commit("Grow");

        String said = push();

        assertTrue(
                said.contains(
                        "remote: pods \"db\" is forbidden: User \"ann\" cannot create resource"
                                + " \"pods\" in API group \"\" in the namespace \"shop\""),
                said);
        assertTrue(
                said.contains(
                        "remote: namespaces \"team\" is forbidden: User \"ann\" cannot create"
                                + " resource \"namespaces\" in API group \"\" at the cluster scope"),
                said);
        assertTrue(
                said.contains("nothing changed") && said.contains("Forbidden: 2 problems"), said);
        assertEquals(before, ledger.head());
        assertFalse(cluster.live("Pod/shop/db"));
        assertEquals(
                List.of("ann create namespaces", "ann create pods"),
                refused.stream().sorted().toList());
    }

    @Test
    void deletingIsARightOfItsOwn() throws Exception {
        git.git("rm", "--quiet", "web.yaml");
        git.commit("Remove web");
        assertTrue(push().contains("cannot delete resource \"deployments\" in API group \"apps\""));
    }

    @Test
    void aRoleThatGivesMoreThanItsAuthorHasIsRefused() throws Exception {
        git.write(
                "role.yaml",
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: more, namespace: shop}
                rules:
                  - {apiGroups: [""], resources: [secrets], verbs: [get]}
                """);
        git.commit("Give myself secrets");
        String said = push();
        assertTrue(said.contains("attempting to grant RBAC permissions not currently held"), said);

        git.write(
                "role.yaml",
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: less, namespace: shop}
                rules:
                  - {apiGroups: [apps], resources: [deployments], verbs: [update]}
                """);
        git.commit("Hand on what I have");
        assertTrue(git.git("push").contains("applied at position"));
    }
}
