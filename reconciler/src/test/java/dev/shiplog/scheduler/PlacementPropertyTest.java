package dev.shiplog.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.SchedulerCommand.Binding;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Random pods on random nodes, held against a plain reading of the rules that looks at every pod
 * every time: what is placed may be there, what is not fits nowhere, whoever is driven out had to
 * go, and it is all the same in one batch or in many.
 */
class PlacementPropertyTest {
    private static final int PODS = 40;
    private static final List<String> APPS = List.of("a", "b", "c");
    private static final List<String> KEYS = List.of("zone", "host");

    /** What the rule reads; the scheduler reads the document that is made of it. */
    private record Pod(
            String name,
            String app,
            int cpu,
            int priority,
            Optional<Wish> near,
            Optional<Wish> apart,
            Optional<Wish> spread) {
        String json() {
            List<String> members = new ArrayList<>();
            members.add(
                    "'containers':[{'name':'c','resources':{'requests':{'cpu':'"
                            + cpu
                            + "'}}}],'priority':"
                            + priority);
            List<String> affinity = new ArrayList<>();
            near.ifPresent(wish -> affinity.add("'podAffinity':{" + wish.required() + "}"));
            apart.ifPresent(wish -> affinity.add("'podAntiAffinity':{" + wish.required() + "}"));
            if (!affinity.isEmpty()) {
                members.add("'affinity':{" + String.join(",", affinity) + "}");
            }
            spread.ifPresent(wish ->
                    members.add(
                            "'topologySpreadConstraints':[{'maxSkew':1,'whenUnsatisfiable':"
                                    + "'DoNotSchedule',"
                                    + wish.term()
                                    + "}]"));
            return ("{'spec':{" + String.join(",", members) + "}}").replace('\'', '"');
        }
    }

    /** Pods of an app, at the places of a label. */
    private record Wish(String app, String key) {
        String term() {
            return "'topologyKey':'%s','labelSelector':{'matchLabels':{'app':'%s'}}"
                    .formatted(key, app);
        }

        String required() {
            return "'requiredDuringSchedulingIgnoredDuringExecution':[{" + term() + "}]";
        }
    }

    private record Node(String name, int cpu, SortedMap<String, String> labels) {}

    private record Placed(Pod pod, Node node) {}

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void placesJustWhatTheRulesAllow(long seed) {
        Random random = new Random(seed);
        List<Node> nodes = nodes(random);
        List<NodeLoad> loads = loads(nodes);
        List<Placed> placed = new ArrayList<>();
        for (Pod pod : pods(random, 0)) {
            Placement placement = place(List.of(pod), loads);
            List<Node> allowed = nodes.stream().filter(n -> allows(pod, n, nodes, placed)).toList();
            if (placement.bindings().isEmpty()) {
                assertEquals(List.of(), allowed, () -> pod + " among " + placed);
            } else {
                Node node = node(nodes, placement.bindings().getFirst());
                assertTrue(allowed.contains(node), () -> pod + " on " + node + " among " + placed);
                placed.add(new Placed(pod, node));
            }
        }
        assertFalse(placed.isEmpty());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void oneBatchIsAsGoodAsMany(long seed) {
        Random random = new Random(seed);
        List<Node> nodes = nodes(random);
        List<Pod> pods = pods(random, 0);
        List<NodeLoad> loads = loads(nodes);
        List<Binding> oneByOne = new ArrayList<>();
        pods.forEach(pod -> oneByOne.addAll(place(List.of(pod), loads).bindings()));
        assertEquals(oneByOne, place(pods, loads(nodes)).bindings());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverIsDrivenOutHadToGo(long seed) {
        Random random = new Random(seed);
        List<Node> nodes = nodes(random);
        List<NodeLoad> loads = loads(nodes);
        List<Placed> placed = new ArrayList<>();
        for (Pod pod : pods(random, 3)) {
            Placement placement = place(List.of(pod), loads);
            placement
                    .bindings()
                    .forEach(binding -> placed.add(new Placed(pod, node(nodes, binding))));
            for (Placement.Room room : placement.rooms()) {
                Node node = named(nodes, room.node());
                List<Placed> victims =
                        placed.stream()
                                .filter(one ->
                                        room.victims().stream()
                                                .anyMatch(v ->
                                                        v.pod().name().equals(one.pod().name())))
                                .toList();
                assertEquals(room.victims().size(), victims.size());
                assertFalse(victims.isEmpty());
                List<Placed> rest = new ArrayList<>(placed);
                rest.removeAll(victims);
                assertTrue(allows(pod, node, nodes, rest), () -> pod + " after " + victims);
                for (Placed victim : victims) {
                    assertTrue(victim.pod().priority() < pod.priority());
                    assertEquals(node, victim.node());
                    if (pod.spread().isEmpty()) {
                        List<Placed> spared = new ArrayList<>(rest);
                        spared.add(victim);
                        assertFalse(
                                allows(pod, node, nodes, spared),
                                () -> victim + " need not go for " + pod);
                    }
                }
                // They go, and the pod comes.
                NodeLoad load = load(loads, room.node());
                room.victims().forEach(victim -> assertTrue(load.remove(victim.uid())));
                placed.removeAll(victims);
                Placement again =
                        Placement.of(
                                List.of(demand(pod)),
                                loads,
                                ClusterState.EMPTY,
                                Map.of(room.pod().uid(), room.node()));
                again.bindings()
                        .forEach(binding -> placed.add(new Placed(pod, node(nodes, binding))));
                assertEquals(1, again.bindings().size(), () -> pod + " after " + victims);
            }
            if (placement.bindings().isEmpty() && placement.rooms().isEmpty()) {
                for (Node node : nodes) {
                    List<Placed> rest =
                            placed.stream()
                                    .filter(one ->
                                            !one.node().equals(node)
                                                    || one.pod().priority() >= pod.priority())
                                    .toList();
                    // An affinity that is not met is not met by driving out others either.
                    if (pod.near().isEmpty()) {
                        assertFalse(
                                rest.size() < placed.size() && allows(pod, node, nodes, rest),
                                () -> pod + " could have " + node);
                    }
                }
            }
        }
    }

    /** The rules, read plainly. */
    private static boolean allows(Pod pod, Node node, List<Node> nodes, List<Placed> placed) {
        int taken =
                placed.stream()
                        .filter(one -> one.node().equals(node))
                        .mapToInt(one -> one.pod().cpu())
                        .sum();
        if (taken + pod.cpu() > node.cpu()) {
            return false;
        }
        if (pod.near().isPresent()) {
            Wish wish = pod.near().get();
            boolean nowhere =
                    placed.stream()
                            .noneMatch(one ->
                                    one.pod().app().equals(wish.app())
                                            && one.node().labels().containsKey(wish.key()));
            boolean itself = wish.app().equals(pod.app());
            if (!node.labels().containsKey(wish.key())
                    || (!together(wish, node, placed)
                            && !(nowhere
                                    && itself
                                    && placed.stream()
                                            .noneMatch(one ->
                                                    one.pod().app().equals(wish.app()))))) {
                return false;
            }
        }
        if (pod.apart().filter(wish -> together(wish, node, placed)).isPresent()) {
            return false;
        }
        for (Placed one : placed) {
            boolean minds =
                    one.pod()
                            .apart()
                            .filter(wish -> wish.app().equals(pod.app()))
                            .filter(wish -> samePlace(wish.key(), one.node(), node))
                            .isPresent();
            if (minds) {
                return false;
            }
        }
        return pod.spread().isEmpty() || even(pod, pod.spread().get(), node, nodes, placed);
    }

    private static boolean together(Wish wish, Node node, List<Placed> placed) {
        return placed.stream()
                .anyMatch(one ->
                        one.pod().app().equals(wish.app())
                                && samePlace(wish.key(), one.node(), node));
    }

    private static boolean samePlace(String key, Node one, Node other) {
        String value = one.labels().get(key);
        return value != null && value.equals(other.labels().get(key));
    }

    private static boolean even(
            Pod pod, Wish wish, Node node, List<Node> nodes, List<Placed> placed) {
        Map<String, Integer> counts = new HashMap<>();
        for (Node one : nodes) {
            String place = one.labels().get(wish.key());
            if (place != null) {
                counts.merge(
                        place,
                        (int)
                                placed.stream()
                                        .filter(p ->
                                                p.node().equals(one)
                                                        && p.pod().app().equals(wish.app()))
                                        .count(),
                        Integer::sum);
            }
        }
        String place = node.labels().get(wish.key());
        int itself = wish.app().equals(pod.app()) ? 1 : 0;
        int fewest = counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        return place != null && counts.get(place) + itself - fewest <= 1;
    }

    private static List<Node> nodes(Random random) {
        List<Node> nodes = new ArrayList<>();
        int count = 2 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            SortedMap<String, String> labels = new TreeMap<>();
            labels.put("host", "n" + i);
            if (random.nextInt(8) > 0) {
                labels.put("zone", "z" + random.nextInt(3));
            }
            nodes.add(new Node("n" + i, 4 + random.nextInt(12), labels));
        }
        return nodes;
    }

    private static List<Pod> pods(Random random, int priorities) {
        List<Pod> pods = new ArrayList<>();
        for (int i = 0; i < PODS; i++) {
            pods.add(
                    new Pod(
                            "p" + i,
                            APPS.get(random.nextInt(APPS.size())),
                            1 + random.nextInt(4),
                            priorities == 0 ? 0 : random.nextInt(priorities),
                            wish(random, 5),
                            wish(random, 6),
                            wish(random, 4)));
        }
        return pods;
    }

    private static Optional<Wish> wish(Random random, int rarity) {
        return random.nextInt(rarity) > 0
                ? Optional.empty()
                : Optional.of(
                        new Wish(
                                APPS.get(random.nextInt(APPS.size())),
                                KEYS.get(random.nextInt(KEYS.size()))));
    }

    private static Placement place(List<Pod> pods, List<NodeLoad> loads) {
        return Placement.of(
                pods.stream().map(PlacementPropertyTest::demand).toList(),
                loads,
                ClusterState.EMPTY,
                Map.of());
    }

    private static PodDemand demand(Pod pod) {
        return PodDemand.of(
                resource(
                        ResourceKey.pod("default", pod.name()),
                        new TreeMap<>(Map.of("app", pod.app())),
                        pod.json(),
                        "{}"));
    }

    private static List<NodeLoad> loads(List<Node> nodes) {
        List<NodeLoad> loads = new ArrayList<>();
        for (Node node : nodes) {
            loads.add(
                    new NodeLoad(
                            NodeFacts.of(
                                    resource(
                                            ResourceKey.node(new NodeName(node.name())),
                                            node.labels(),
                                            "{}",
                                            "{\"allocatable\":{\"cpu\":\""
                                                    + node.cpu()
                                                    + "\",\"pods\":\"110\"},\"conditions\":"
                                                    + "[{\"type\":\"Ready\",\"status\":\"True\"}]}"))));
        }
        return loads;
    }

    private static NodeLoad load(List<NodeLoad> loads, NodeName name) {
        return loads.stream()
                .filter(load -> load.facts().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Node node(List<Node> nodes, Binding binding) {
        return named(nodes, binding.node());
    }

    private static Node named(List<Node> nodes, NodeName name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name.value()))
                .findFirst()
                .orElseThrow();
    }

    private static Resource resource(
            ResourceKey key, SortedMap<String, String> labels, String body, String status) {
        return new Resource(
                key,
                "v1",
                new Metadata(
                        new Uid(key.toString()),
                        1,
                        Instant.EPOCH,
                        labels,
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                Json.parse(body),
                Json.parse(status),
                Position.ORIGIN);
    }
}
