package dev.shiplog.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A change of a pod looks at what it is about, however much else there is. */
class LabelIndexTest {
    private static final int OTHERS = 1_000;

    private static ResourceKey key(GroupKind kind, String name) {
        return new ResourceKey(kind, "default", name);
    }

    private static Resource resource(ResourceKey key, Map<String, String> labels, String body) {
        return new Resource(
                key,
                "v1",
                new Metadata(
                        new Uid("00000000-0000-0000-0000-000000000001"),
                        1,
                        Instant.EPOCH,
                        new TreeMap<>(labels),
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        "",
                        Json.EMPTY),
                Json.parse(body),
                Json.EMPTY,
                new Position(1));
    }

    private static Resource pod(String name, String app, String tier) {
        return resource(key(GroupKind.POD, name), Map.of("app", app, "tier", tier), "{}");
    }

    private static Resource service(String name, String selector) {
        return resource(
                key(GroupKind.SERVICE, name),
                Map.of(),
                "{\"spec\":{\"selector\":" + selector + "}}");
    }

    private static List<String> names(Collection<ResourceKey> keys) {
        return keys.stream().map(ResourceKey::name).toList();
    }

    @Test
    void onlyWhatBearsTheRarestLabelIsLookedAt() {
        LabelIndex index = LabelIndex.EMPTY;
        for (int i = 0; i < OTHERS; i++) {
            index = index.with(null, pod("other-" + i, "other-" + i, "front"));
            index = index.with(null, service("other-" + i, "{\"app\":\"other-" + i + "\"}"));
        }
        Resource web = pod("web", "web", "front");
        index = index.with(null, web).with(null, service("web", "{\"app\":\"web\"}"));
        index = index.with(null, service("both", "{\"tier\":\"back\",\"app\":\"web\"}"));
        index = index.with(null, service("none", "{}"));

        assertEquals(
                List.of("web"),
                names(index.fewest("default", Map.of("tier", "front", "app", "web"))));
        assertEquals(List.of(), names(index.fewest("elsewhere", Map.of("app", "web"))));
        assertEquals(
                List.of("both", "web"),
                names(index.choosing(GroupKind.SERVICE, "default", web.metadata().labels())));

        Resource moved = pod("web", "moved", "front");
        index = index.with(web, moved);
        assertEquals(List.of(), names(index.fewest("default", Map.of("app", "web"))));
        assertEquals(List.of("web"), names(index.fewest("default", Map.of("app", "moved"))));
        LabelIndex without = index.with(moved, null);
        assertEquals(List.of(), names(without.fewest("default", Map.of("app", "moved"))));
        assertEquals(OTHERS, without.fewest("default", Map.of("tier", "front")).size());
    }

    @Test
    void aServiceThatChoosesByAnotherLabelIsFoundByThat() {
        Resource before = service("web", "{\"app\":\"a\"}");
        Resource after = service("web", "{\"app\":\"b\"}");
        LabelIndex index = LabelIndex.EMPTY.with(null, before).with(before, after);
        assertEquals(
                List.of(), names(index.choosing(GroupKind.SERVICE, "default", Map.of("app", "a"))));
        assertEquals(
                List.of("web"),
                names(index.choosing(GroupKind.SERVICE, "default", Map.of("app", "b"))));
        assertEquals(LabelIndex.EMPTY, index.with(after, null));
    }
}
