package dev.shiplog.node.network.plane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.link.ClusterView.Update;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What waits is one update that says the same as those that came one by one. */
class WaitingUpdateTest {
    private final FakeView view = new FakeView();
    private final List<Update> told = new ArrayList<>();
    private final WaitingUpdate waiting = new WaitingUpdate();

    private void follow() {
        view.follow(Followed.KINDS, told::add);
    }

    private Update taken() {
        told.forEach(waiting::merge);
        return waiting.take().orElseThrow();
    }

    private static ResourceKey service(String name) {
        return new ResourceKey(GroupKind.SERVICE, "default", name);
    }

    @Test
    void changesAreOneUpdateOfTheNewestOfEach() {
        follow();
        told.clear();
        view.service("a", "{\"clusterIP\":\"10.96.0.2\"}", "{}");
        view.service("b", "{}", "{}");
        view.service("a", "{\"clusterIP\":\"10.96.0.3\"}", "{}");
        view.remove(GroupKind.SERVICE, "b");
        Update one = taken();
        assertFalse(one.whole());
        assertEquals(told.getLast().at(), one.at());
        assertEquals(2, one.resources().size());
        assertEquals(
                Optional.empty(), one.resources().get(service("b")), "it must be told as gone");
        Optional<Resource> newest = one.resources().getOrDefault(service("a"), Optional.empty());
        assertEquals(
                "10.96.0.3", newest.orElseThrow().body().toNode().at("/spec/clusterIP").asText());
        assertTrue(waiting.isEmpty() && waiting.take().isEmpty());
    }

    @Test
    void aWholeUpdateNeverSaysThatSomethingIsGone() {
        view.service("a", "{}", "{}");
        view.service("b", "{}", "{}");
        follow();
        view.remove(GroupKind.SERVICE, "a");
        view.service("c", "{}", "{}");
        Update one = taken();
        assertTrue(one.whole());
        assertEquals(List.of(service("b"), service("c")), List.copyOf(one.resources().keySet()));
        assertTrue(one.resources().values().stream().allMatch(Optional::isPresent));
    }

    @Test
    void whatWasBeforeAWholeUpdateIsForgotten() {
        SortedMap<ResourceKey, Optional<Resource>> gone = new TreeMap<>();
        gone.put(service("old"), Optional.empty());
        waiting.merge(new Update(new Position(2), false, gone));
        waiting.merge(new Update(new Position(3), true, new TreeMap<>()));
        assertEquals(
                Optional.of(new Update(new Position(3), true, new TreeMap<>())), waiting.take());
    }

    @Test
    void whatWasTakenIsNotChangedByWhatComesLater() {
        follow();
        Update before = taken();
        told.clear();
        view.service("late", "{}", "{}");
        assertTrue(before.resources().isEmpty());
        assertEquals(1, taken().resources().size());
    }
}
