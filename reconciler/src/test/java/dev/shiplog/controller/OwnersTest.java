package dev.shiplog.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who is woken by a pod that nobody manages, and how many are looked at for it. */
class OwnersTest {
    private static final int OTHERS = 200;

    private final DirectLedger ledger =
            new DirectLedger(() -> Instant.parse("2026-11-26T12:00:00Z"));
    private final List<String> lookedAt = new ArrayList<>();

    OwnersTest() {
        create(ResourceKey.namespace("default"), Map.of(), "{}");
        create(ResourceKey.namespace("elsewhere"), Map.of(), "{}");
    }

    private Resource create(ResourceKey key, Map<String, String> labels, String body) {
        Outcome outcome =
                ledger.submit(
                                new ResourceCommand.CreateResource(
                                        key,
                                        "v1",
                                        new TreeMap<>(labels),
                                        new TreeMap<>(),
                                        Json.parse(body)),
                                Origin.request("controller:test", "test"))
                        .join();
        assertInstanceOf(Outcome.Applied.class, outcome, outcome::toString);
        return ledger.state().resource(key).orElseThrow();
    }

    private void set(String namespace, String name, String selector) {
        create(
                new ResourceKey(GroupKind.REPLICA_SET, namespace, name),
                Map.of(),
                "{\"spec\":{\"replicas\":0,\"selector\":" + selector + "}}");
    }

    private List<String> concerned(Resource pod) {
        lookedAt.clear();
        return Owners.concerned(
                        ledger.state(),
                        GroupKind.REPLICA_SET,
                        pod,
                        owner -> {
                            lookedAt.add(owner.key().name());
                            return Owners.selector(owner);
                        })
                .stream()
                .map(ResourceKey::name)
                .toList();
    }

    @Test
    void onlyThoseThatMayChooseItAreLookedAt() {
        for (int i = 0; i < OTHERS; i++) {
            set("default", "other-" + i, "{\"matchLabels\":{\"app\":\"other-" + i + "\"}}");
        }
        set("elsewhere", "web", "{\"matchLabels\":{\"app\":\"web\"}}");
        set("default", "web", "{\"matchLabels\":{\"app\":\"web\"}}");
        set("default", "strict", "{\"matchLabels\":{\"app\":\"web\",\"tier\":\"back\"}}");
        set(
                "default",
                "words",
                "{\"matchExpressions\":[{\"key\":\"app\",\"operator\":\"In\",\"values\":[\"web\",\"shop\"]}]}");
        Resource pod =
                create(
                        new ResourceKey(GroupKind.POD, "default", "p"),
                        Map.of("app", "web", "tier", "front"),
                        "{\"spec\":{\"containers\":[{\"name\":\"c\"}]}}");

        assertEquals(List.of("web", "words"), concerned(pod));
        assertEquals(List.of("strict", "web", "words"), lookedAt);
    }
}
