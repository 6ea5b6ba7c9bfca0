package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.decide.admission.PodSecurity;
import dev.shiplog.decide.admission.Quotas;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.ledger.Samples;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What a namespace allows, as decisions see it. */
class AdmissionDecisionsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final GroupKind REPLICA_SET = GroupKind.REPLICA_SET;

    private final DirectLedger ledger = new DirectLedger(() -> NOW);

    AdmissionDecisionsTest() {
        create(ResourceKey.namespace("shop"), "{}", Map.of());
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private Outcome submit(Command command) {
        return ledger.submit(command, Origin.request("user:test", "test")).join();
    }

    private Outcome create(ResourceKey key, String body, Map<String, String> labels) {
        return submit(
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(labels), new TreeMap<>(), Json.parse(body)));
    }

    private Outcome pod(String name, String container) {
        return create(
                ResourceKey.pod("shop", name),
                "{\"spec\":{\"containers\":[" + container + "]}}",
                Map.of());
    }

    private static String asking(String resources) {
        return "{\"name\":\"c\",\"image\":\"a\",\"resources\":" + resources + "}";
    }

    private void limit(GroupKind kind, String name, String spec) {
        create(new ResourceKey(kind, "shop", name), "{\"spec\":" + spec + "}", Map.of());
    }

    private static String why(Outcome outcome) {
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcome);
        assertEquals(Decision.Reason.FORBIDDEN, refused.reason());
        return refused.message();
    }

    private static void applied(Outcome outcome) {
        assertInstanceOf(Outcome.Applied.class, outcome, outcome.toString());
    }

    @Test
    void aQuotaCountsAndSumsAndRefuses() {
        limit(
                GroupKind.RESOURCE_QUOTA,
                "q",
                "{\"hard\":{\"pods\":\"2\",\"requests.cpu\":\"1\",\"count/configmaps\":\"1\"}}");
        assertEquals(
                "failed quota: q: must specify requests.cpu for: c", why(pod("a", asking("{}"))));
        applied(pod("a", asking("{\"requests\":{\"cpu\":\"600m\"}}")));
        assertEquals(
                "exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=600m, limited:"
                        + " requests.cpu=1",
                why(pod("b", asking("{\"requests\":{\"cpu\":\"500m\"}}"))));
        applied(pod("b", asking("{\"requests\":{\"cpu\":\"400m\"}}")));
        assertEquals(
                "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2",
                why(pod("c", asking("{\"requests\":{\"cpu\":\"0\"}}"))));
        applied(create(new ResourceKey(GroupKind.CONFIG_MAP, "shop", "a"), "{}", Map.of()));
        assertEquals(
                "exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=1,"
                        + " limited: count/configmaps=1",
                why(create(new ResourceKey(GroupKind.CONFIG_MAP, "shop", "b"), "{}", Map.of())));
        Resource quota =
                ledger.state()
                        .resource(new ResourceKey(GroupKind.RESOURCE_QUOTA, "shop", "q"))
                        .orElseThrow();
        assertEquals(
                Json.parse(
                        """
                        {"hard":{"count/configmaps":"1","pods":"2","requests.cpu":"1"},
                         "used":{"count/configmaps":"1","pods":"2","requests.cpu":"1"}}
                        """),
                Quotas.status(ledger.state(), quota));
    }

    @Test
    void aQuotaHoldsHoweverManyAskAtOnce() {
        limit(GroupKind.RESOURCE_QUOTA, "q", "{\"hard\":{\"pods\":\"5\"}}");
        List<CompletableFuture<Outcome>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String name = "p" + i;
            asked.add(CompletableFuture.supplyAsync(() -> pod(name, asking("{}"))));
        }
        long made = asked.stream().filter(one -> one.join() instanceof Outcome.Applied).count();
        assertEquals(5, made);
        assertEquals(5, ledger.state().resources(GroupKind.POD, "shop").size());
    }

    @Test
    void dependentsUpToTheQuotaAreMadeAndTheRestIsNotedOnce() {
        limit(GroupKind.RESOURCE_QUOTA, "q", "{\"hard\":{\"pods\":\"2\"}}");
        ResourceKey owner = new ResourceKey(REPLICA_SET, "shop", "web");
        create(owner, "{\"spec\":{}}", Map.of());
        Resource live = ledger.state().resource(owner).orElseThrow();
        applied(submit(dependents(live, 0, 3)));
        assertEquals(2, ledger.state().resources(GroupKind.POD, "shop").size());
        assertTrue(
                why(submit(dependents(live, 2, 1)))
                        .endsWith(
                                "is forbidden: exceeded quota: q, requested: pods=1, used: pods=2,"
                                        + " limited: pods=2"));
        List<String> notes =
                ledger.state().resources(GroupKind.EVENT, "shop").stream()
                        .map(event -> event.body().toNode())
                        .filter(event -> event.path("reason").asText().equals("FailedCreate"))
                        .map(event -> event.path("message").asText())
                        .toList();
        assertEquals(1, notes.size(), notes.toString());
        assertTrue(notes.getFirst().startsWith("Error creating: pods \"web-"), notes.getFirst());
    }

    private static ResourceCommand.CreateDependents dependents(
            Resource owner, int seen, int number) {
        return new ResourceCommand.CreateDependents(
                "replicaset-controller",
                owner.key(),
                owner.uid(),
                owner.metadata().generation(),
                seen,
                Collections.nCopies(
                        number,
                        new ResourceCommand.Dependent(
                                GroupKind.POD,
                                "v1",
                                Optional.empty(),
                                new TreeMap<>(),
                                new TreeMap<>(),
                                List.of(),
                                Json.parse("{\"spec\":{\"containers\":[{\"name\":\"c\"}]}}"))));
    }

    @Test
    void limitRangesCompleteAndCheck() {
        limit(
                GroupKind.LIMIT_RANGE,
                "r",
                """
                {"limits":[{"type":"Container","default":{"cpu":"500m"},
                  "defaultRequest":{"cpu":"100m"},"max":{"cpu":"1"},"min":{"cpu":"50m"},
                  "maxLimitRequestRatio":{"cpu":"5"}}]}
                """);
        applied(pod("a", asking("{}")));
        assertEquals(
                Json.parse("{\"limits\":{\"cpu\":\"500m\"},\"requests\":{\"cpu\":\"100m\"}}")
                        .toNode(),
                ledger.state()
                        .resource(ResourceKey.pod("shop", "a"))
                        .orElseThrow()
                        .body()
                        .toNode()
                        .path("spec")
                        .path("containers")
                        .path(0)
                        .path("resources"));
        assertEquals(
                "[maximum cpu usage per Container is 1, but limit is 2, cpu max limit to request"
                        + " ratio per Container is 5, but provided ratio is 20.000000]",
                why(pod("b", asking("{\"limits\":{\"cpu\":\"2\"}}"))));
        assertEquals(
                "minimum cpu usage per Container is 50m, but request is 10m",
                why(
                        pod(
                                "c",
                                asking(
                                        "{\"limits\":{\"cpu\":\"50m\"},\"requests\":{\"cpu\":\"10m\"}}"))));
    }

    @Test
    void aNamespacesLevelHolds() {
        create(
                ResourceKey.namespace("strict"),
                "{}",
                Map.of("pod-security.kubernetes.io/enforce", "restricted"));
        assertEquals(
                "violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false"
                        + " (container \"web\" must set"
                        + " securityContext.allowPrivilegeEscalation=false), unrestricted"
                        + " capabilities (container \"web\" must set"
                        + " securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or"
                        + " container \"web\" must set securityContext.runAsNonRoot=true),"
                        + " seccompProfile (pod or container \"web\" must set"
                        + " securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                        + " \"Localhost\")",
                why(
                        create(
                                ResourceKey.pod("strict", "a"),
                                "{\"spec\":{\"containers\":[{\"name\":\"web\"}]}}",
                                Map.of())));
        applied(
                create(
                        ResourceKey.pod("strict", "b"),
                        """
                        {"spec":{"securityContext":{"runAsNonRoot":true,
                          "seccompProfile":{"type":"RuntimeDefault"}},
                         "containers":[{"name":"web","securityContext":{
                          "allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}}
                        """,
                        Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|",
                "{\"hostNetwork\":true,\"hostPID\":true}|host namespaces (hostNetwork=true, hostPID=true)",
                "{\"containers\":[{\"name\":\"a\",\"securityContext\":{\"privileged\":true}},{\"name\":\"b\",\"securityContext\":{\"privileged\":true}}]}|privileged (containers \"a\", \"b\" must not set securityContext.privileged=true)",
                "{\"containers\":[{\"name\":\"a\",\"ports\":[{\"hostPort\":80}]}]}|hostPort (container \"a\" uses hostPort 80)",
                "{\"containers\":[{\"name\":\"a\",\"securityContext\":{\"capabilities\":{\"add\":[\"NET_ADMIN\",\"CHOWN\"]}}}]}|non-default capabilities (container \"a\" must not include \"NET_ADMIN\" in securityContext.capabilities.add)",
                "{\"volumes\":[{\"name\":\"v\",\"hostPath\":{\"path\":\"/\"}}]}|hostPath volumes (volume \"v\")",
                "{\"securityContext\":{\"seccompProfile\":{\"type\":\"Unconfined\"}}}|seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")",
                "{\"securityContext\":{\"sysctls\":[{\"name\":\"kernel.msgmax\"}]}}|forbidden sysctls (kernel.msgmax)",
            })
    void baselineForbids(String spec, String violation) {
        assertEquals(
                Optional.ofNullable(violation)
                        .map(text -> "violates PodSecurity \"baseline:latest\": " + text),
                PodSecurity.violation(PodSecurity.Level.BASELINE, Json.parse(spec).toNode()));
    }

    private static DeclaredResource declared(
            ResourceKey key, String body, Map<String, String> labels) {
        return new DeclaredResource(
                key.name() + ".yaml",
                1,
                key,
                "v1",
                new TreeMap<>(labels),
                new TreeMap<>(),
                Json.parse(body));
    }

    private void commit(int number, DeclaredResource... declared) {
        applied(
                submit(
                        new SourceCommand.ApplyCommit(
                                Samples.SOURCE,
                                new CommitId("%040x".formatted(number)),
                                ledger.state()
                                        .source(Samples.SOURCE)
                                        .orElseThrow()
                                        .applied()
                                        .map(applied -> applied.commit()),
                                new CommitInfo("Ann", "ann@example.org", NOW, "Change"),
                                "user:ann",
                                List.of(declared),
                                List.of(),
                                true)));
    }

    private String resources(String pod) {
        return ledger.state()
                .resource(ResourceKey.pod("shop", pod))
                .orElseThrow()
                .body()
                .toNode()
                .path("spec")
                .path("containers")
                .path(0)
                .path("resources")
                .toString();
    }

    @Test
    void aPodThatGitDeclaresGetsTheDefaultsInEffectAndGitIsNotTouched() {
        applied(submit(Samples.registerSource()));
        ResourceKey range = new ResourceKey(GroupKind.LIMIT_RANGE, "shop", "defaults");
        String limits =
                "{\"spec\":{\"limits\":[{\"type\":\"Container\",\"default\":{\"cpu\":\"500m\"},"
                        + "\"defaultRequest\":{\"cpu\":\"100m\"}}]}}";
        String web = "{\"spec\":{\"containers\":[{\"image\":\"a\",\"name\":\"c\"}]}}";
        String full = "{\"limits\":{\"cpu\":\"500m\"},\"requests\":{\"cpu\":\"100m\"}}";

        commit(
                1,
                declared(range, limits, Map.of()),
                declared(ResourceKey.pod("shop", "along"), web, Map.of()));
        assertEquals(full, resources("along"));
        commit(2, declared(ResourceKey.pod("shop", "later"), web, Map.of()));
        assertEquals(full, resources("later"));
        commit(3, declared(ResourceKey.pod("shop", "later"), web, Map.of("a", "b")));
        assertEquals(full, resources("later"));
        assertEquals(
                web,
                ledger.state()
                        .declared(ResourceKey.pod("shop", "later"))
                        .orElseThrow()
                        .body()
                        .toString());
        commit(
                4,
                declared(
                        ResourceKey.pod("shop", "asking"),
                        web.replace(
                                "\"name\":\"c\"",
                                "\"name\":\"c\",\"resources\":{\"limits\":{\"cpu\":\"1\"}}"),
                        Map.of()));
        assertEquals(full.replace("500m", "1"), resources("asking"));
    }
}
