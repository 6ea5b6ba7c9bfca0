package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.decide.admission.ServiceAccounts;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.ledger.Samples;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What pods get of their service accounts. */
final class ServiceAccountsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final ResourceKey WEB = ResourceKey.pod("default", "web");
    private static final String CONTAINERS =
            "\"initContainers\":[{\"name\":\"i\",\"image\":\"a\"}],"
                    + "\"containers\":[{\"name\":\"c\",\"image\":\"a\"}]";

    private final DirectLedger ledger = new DirectLedger(() -> NOW);
    private final AtomicInteger commits = new AtomicInteger();

    ServiceAccountsTest() {
        applied(Samples.registerSource());
        create(ResourceKey.namespace("default"), "{}");
        create(ServiceAccounts.PUBLISHED, "{\"data\":{\"ca.crt\":\"x\"}}");
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private void applied(Command command) {
        Outcome outcome = ledger.submit(command, Origin.request("user:ann", "test")).join();
        assertInstanceOf(Outcome.Applied.class, outcome, outcome::toString);
    }

    private void create(ResourceKey key, String body) {
        applied(
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body)));
    }

    private void account(String name, String body) {
        create(new ResourceKey(GroupKind.SERVICE_ACCOUNT, "default", name), body);
    }

    private JsonNode pod(String spec) {
        create(WEB, "{\"spec\":{" + spec + "}}");
        return spec();
    }

    private JsonNode spec() {
        return ledger.state().resource(WEB).orElseThrow().body().toNode().path("spec");
    }

    private void declare(Map<String, String> labels) {
        applied(
                new SourceCommand.ApplyCommit(
                        Samples.SOURCE,
                        new CommitId("%040x".formatted(commits.incrementAndGet())),
                        ledger.state()
                                .source(Samples.SOURCE)
                                .orElseThrow()
                                .applied()
                                .map(applied -> applied.commit()),
                        new CommitInfo("Ann", "ann@example.org", NOW, "Change"),
                        "user:ann",
                        List.of(
                                new DeclaredResource(
                                        "web.yaml",
                                        1,
                                        WEB,
                                        "v1",
                                        new TreeMap<>(labels),
                                        new TreeMap<>(),
                                        Json.parse("{\"spec\":{" + CONTAINERS + "}}"))),
                        List.of(),
                        true));
    }

    private static void hasToken(JsonNode spec) {
        String volume = spec.path("volumes").path(0).path("name").asText();
        assertTrue(volume.matches("kube-api-access-[a-z0-9]{5}"), volume);
        assertEquals(1, spec.path("volumes").size());
        for (String list : List.of("initContainers", "containers")) {
            assertEquals(
                    Json.parse(
                                    "[{\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\",\"name\":\""
                                            + volume
                                            + "\",\"readOnly\":true}]")
                            .toNode(),
                    spec.path(list).path(0).path("volumeMounts"));
        }
        assertEquals(
                "{\"expirationSeconds\":3607,\"path\":\"token\"}",
                spec.path("volumes")
                        .path(0)
                        .path("projected")
                        .path("sources")
                        .path(0)
                        .path("serviceAccountToken")
                        .toString());
    }

    @Test
    void everyContainerSeesTheToken() {
        hasToken(pod(CONTAINERS));
    }

    @Test
    void thePodsWordCountsBeforeTheAccounts() {
        account("silent", "{\"automountServiceAccountToken\":false}");
        assertTrue(
                pod("\"serviceAccountName\":\"silent\"," + CONTAINERS).path("volumes").isEmpty());
        create(
                ResourceKey.pod("default", "asks"),
                "{\"spec\":{\"serviceAccountName\":\"silent\",\"automountServiceAccountToken\":true,"
                        + CONTAINERS
                        + "}}");
        hasToken(
                ledger.state()
                        .resource(ResourceKey.pod("default", "asks"))
                        .orElseThrow()
                        .body()
                        .toNode()
                        .path("spec"));
        create(
                ResourceKey.pod("default", "does-not"),
                "{\"spec\":{\"automountServiceAccountToken\":false," + CONTAINERS + "}}");
        assertTrue(
                ledger.state()
                        .resource(ResourceKey.pod("default", "does-not"))
                        .orElseThrow()
                        .body()
                        .toNode()
                        .path("spec")
                        .path("volumes")
                        .isEmpty());
    }

    @Test
    void whoMountsSomethingThereKeepsIt() {
        JsonNode spec =
                pod(
                        "\"volumes\":[{\"name\":\"own\",\"emptyDir\":{}}],\"containers\":[{\"name\":\"c\",\"image\":\"a\","
                                + "\"volumeMounts\":[{\"name\":\"own\",\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}]}]");
        assertEquals(1, spec.path("volumes").size());
    }

    @Test
    void pullSecretsComeFromTheAccountUnlessThePodHasSome() {
        account("default", "{\"imagePullSecrets\":[{\"name\":\"registry\"}]}");
        assertEquals(
                "[{\"name\":\"registry\"}]", pod(CONTAINERS).path("imagePullSecrets").toString());
        create(
                ResourceKey.pod("default", "own"),
                "{\"spec\":{\"imagePullSecrets\":[{\"name\":\"mine\"}]," + CONTAINERS + "}}");
        assertEquals(
                "[{\"name\":\"mine\"}]",
                ledger.state()
                        .resource(ResourceKey.pod("default", "own"))
                        .orElseThrow()
                        .body()
                        .toNode()
                        .path("spec")
                        .path("imagePullSecrets")
                        .toString());
    }

    @Test
    void whatGitDeclaresStaysAsDeclaredAndIsGivenTheSame() {
        account("default", "{\"imagePullSecrets\":[{\"name\":\"registry\"}]}");
        declare(Map.of());
        hasToken(spec());
        JsonNode given = spec();
        Uid uid = ledger.state().resource(WEB).orElseThrow().uid();
        assertTrue(
                ledger.state()
                        .declared(WEB)
                        .orElseThrow()
                        .body()
                        .toNode()
                        .path("spec")
                        .path("volumes")
                        .isEmpty());
        assertEquals(1, ledger.state().resource(WEB).orElseThrow().metadata().generation());
        // Declared anew with other labels: the same life, and what it was given stays.
        declare(Map.of("app", "web"));
        assertEquals(uid, ledger.state().resource(WEB).orElseThrow().uid());
        assertEquals(given, spec());
    }

    @Test
    void aClusterWithoutACertificateGivesNothing() {
        try (DirectLedger bare = new DirectLedger(() -> NOW)) {
            bare.submit(
                            new ResourceCommand.CreateResource(
                                    WEB,
                                    "v1",
                                    new TreeMap<>(),
                                    new TreeMap<>(),
                                    Json.parse("{\"spec\":{" + CONTAINERS + "}}")),
                            Origin.request("user:ann", "test"))
                    .join();
            assertTrue(
                    bare.state()
                            .resource(WEB)
                            .orElseThrow()
                            .body()
                            .toNode()
                            .path("spec")
                            .path("volumes")
                            .isEmpty());
        }
    }
}
