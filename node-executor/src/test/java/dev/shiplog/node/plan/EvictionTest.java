package dev.shiplog.node.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.node.plan.Eviction.Candidate;
import dev.shiplog.node.plan.Eviction.Scarce;
import dev.shiplog.node.plan.Eviction.Shortage;
import dev.shiplog.node.runtime.Footprint;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceFixture;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** In which order a node gives its pods up. */
class EvictionTest {
    private static final long MIB = 1L << 20;
    private static final Shortage MEMORY = new Shortage(Scarce.MEMORY, 100 * MIB, 63 * MIB + 7);
    private static final Shortage DISK = new Shortage(Scarce.DISK, 20_000 * MIB, 19_000 * MIB);

    /** One that uses so many mebibytes of memory, and half of that of disk. */
    private static Candidate pod(String name, int priority, String requests, long mebibytes) {
        TreeMap<String, Footprint> containers = new TreeMap<>();
        containers.put("main", new Footprint(mebibytes * MIB, mebibytes * MIB / 2, mebibytes));
        Resource resource =
                ResourceFixture.of(
                        ResourceKey.pod("default", name),
                        new Uid(name),
                        Json.parse(
                                "{\"spec\":{\"priority\":%d,\"containers\":[{\"name\":\"main\",\"resources\":{%s}}]}}"
                                        .formatted(priority, requests)),
                        Json.parse("{}"));
        return new Candidate(resource, containers, 0);
    }

    private static String memory(String amount) {
        return "\"requests\":{\"memory\":\"" + amount + "\"}";
    }

    /** All of them, one after the other, as long as there is one that may go. */
    private static List<String> order(Shortage shortage, Candidate... candidates) {
        List<Candidate> left = new ArrayList<>(List.of(candidates));
        List<String> gone = new ArrayList<>();
        Optional<Eviction.Choice> next = Eviction.choose(shortage, left);
        while (next.isPresent()) {
            Resource pod = next.get().pod();
            gone.add(pod.key().name());
            left.removeIf(candidate -> candidate.pod().equals(pod));
            next = Eviction.choose(shortage, left);
        }
        return gone;
    }

    @Test
    void whoIsAboveWhatTheyAskedForGoesFirstAndTheFurthestOfThem() {
        assertEquals(
                List.of("best-effort-large", "above", "best-effort-small", "large", "modest"),
                order(
                        MEMORY,
                        pod("modest", 0, memory("1Gi"), 10),
                        pod("large", 0, memory("1Gi"), 900),
                        pod("above", 0, memory("100Mi"), 200),
                        pod("best-effort-small", 0, "", 5),
                        pod("best-effort-large", 0, "", 300)));
    }

    @Test
    void aLowerPriorityGoesBeforeALargerUse() {
        assertEquals(
                List.of("low", "high", "modest-low", "modest-high"),
                order(
                        MEMORY,
                        pod("modest-high", 1000, memory("1Gi"), 900),
                        pod("modest-low", -5, memory("1Gi"), 1),
                        pod("high", 1000, "", 500),
                        pod("low", 0, "", 1)));
    }

    @Test
    void aLimitAloneIsAlsoARequest() {
        assertEquals(
                List.of("best-effort", "limited"),
                order(
                        MEMORY,
                        pod("limited", 0, "\"limits\":{\"memory\":\"300Mi\"}", 300),
                        pod("best-effort", 0, "", 1)));
    }

    @Test
    void whatTheSystemNeedsStays() {
        assertEquals(
                List.of("important"),
                order(
                        MEMORY,
                        pod("critical", 2_000_001_000, "", 800),
                        pod("important", 1_999_999_999, "", 1)));
        assertEquals(List.of(), order(MEMORY));
    }

    @Test
    void ofADiskCountsWhatLiesOnItAndOfProcessesHowMany() {
        Candidate small = pod("small", 0, memory("1Gi"), 10);
        Candidate withVolumes = new Candidate(small.pod(), small.containers(), 900 * MIB);
        assertEquals(
                List.of("small", "large"),
                order(DISK, withVolumes, pod("large", 0, memory("1Gi"), 100)));
        assertEquals(
                List.of("large", "small"),
                order(
                        new Shortage(Scarce.PROCESSES, 100, 3),
                        small,
                        pod("large", 0, memory("1Gi"), 100)));
    }

    @Test
    void theMessageIsTheKubelets() {
        PodPhase end =
                Eviction.choose(MEMORY, List.of(pod("greedy", 0, memory("100Mi"), 200)))
                        .orElseThrow()
                        .end();
        assertEquals(
                new PodPhase(
                        "Failed",
                        "Evicted",
                        "The node was low on resource: memory. Threshold quantity: 100Mi,"
                                + " available: 63Mi. Container main was using 200Mi, request is"
                                + " 100Mi, has larger consumption of memory. "),
                end);
        assertEquals(
                "The node was low on resource: memory. Threshold quantity: 100Mi, available: 63Mi. ",
                Eviction.choose(MEMORY, List.of(pod("modest", 0, memory("1Gi"), 200)))
                        .orElseThrow()
                        .end()
                        .message());
    }

    @Test
    void whoFillsTheDiskGoesForInodesWhichNobodyCounts() {
        Eviction.Choice choice =
                Eviction.choose(
                                new Shortage(Scarce.FILES, 1_000, 7),
                                List.of(pod("small", 0, "", 10), pod("large", 0, "", 900)))
                        .orElseThrow();
        assertEquals("large", choice.pod().key().name());
        assertEquals(
                "The node was low on resource: inodes. Threshold quantity: 1000, available: 7. ",
                choice.end().message());
    }
}
