package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.Footprint;
import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Which pod a node gives up when something is about to run out: one at a time. First those that use
 * more than they asked for; of them those of the lowest priority; of them the one that is furthest
 * above. Pods that the system needs stay.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/">the
 *     order of Kubernetes' kubelet</a>
 */
public final class Eviction {
    /** The reason of a pod's end, and of the event that tells it. */
    public static final String REASON = "Evicted";

    /** What a pod gets between SIGTERM and SIGKILL, whatever it asks for: the kubelet's. */
    static final long GRACE_SECONDS = 1;

    /** Pods of this priority and more are the system's. */
    private static final int CRITICAL = 2_000_000_000;

    private static final long BYTES_PER_KIBIBYTE = 1024;

    private Eviction() {}

    /** What may run out, in the kubelet's words. */
    public enum Scarce {
        MEMORY("memory"),
        DISK("ephemeral-storage"),
        FILES("inodes"),
        PROCESSES("pids");

        private final String word;

        Scarce(String word) {
            this.word = word;
        }

        /** As messages name it. */
        public String word() {
            return word;
        }

        private String text(long amount) {
            return switch (this) {
                case MEMORY, DISK -> QuantityText.bytes(amount - amount % BYTES_PER_KIBIBYTE);
                case FILES, PROCESSES -> Long.toString(amount);
            };
        }
    }

    /**
     * There is less left of something than there must be.
     *
     * @param threshold how much there must be, in bytes, files or processes
     */
    public record Shortage(Scarce what, long threshold, long left) {}

    /**
     * A pod that runs here.
     *
     * @param containers what each of its running containers takes
     * @param volumeBytes what its volumes hold on the disk
     */
    public record Candidate(
            Resource pod, SortedMap<String, Footprint> containers, long volumeBytes) {
        public Candidate {
            containers = Collections.unmodifiableSortedMap(new TreeMap<>(containers));
        }
    }

    /**
     * The pod that goes.
     *
     * @param end its phase from now on
     */
    public record Choice(Resource pod, PodPhase end) {}

    private record Ranked(Candidate candidate, int priority, long used, long asked) {
        long above() {
            return used - asked;
        }
    }

    private static final Comparator<Ranked> FIRST_TO_GO =
            Comparator.<Ranked, Boolean>comparing(pod -> pod.above() <= 0)
                    .thenComparingInt(Ranked::priority)
                    .thenComparing(Comparator.comparingLong(Ranked::above).reversed())
                    .thenComparing(pod -> pod.candidate().pod().key());

    /** Empty if there is none that may go. */
    public static Optional<Choice> choose(Shortage shortage, Collection<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> ranked(shortage.what(), candidate))
                .filter(pod -> pod.priority() < CRITICAL)
                .min(FIRST_TO_GO)
                .map(pod ->
                        new Choice(
                                pod.candidate().pod(),
                                new PodPhase(
                                        "Failed", REASON, message(shortage, pod.candidate()))));
    }

    private static Ranked ranked(Scarce what, Candidate candidate) {
        Pod pod = candidate.pod().as(Pod.class);
        long used =
                candidate.containers().values().stream().mapToLong(taken(what)).sum()
                        + (what == Scarce.DISK || what == Scarce.FILES
                                ? candidate.volumeBytes()
                                : 0);
        long asked =
                pod.getSpec().getContainers().stream()
                        .mapToLong(container -> asked(what, container))
                        .sum();
        return new Ranked(
                candidate, Optional.ofNullable(pod.getSpec().getPriority()).orElse(0), used, asked);
    }

    private static ToLongFunction<Footprint> taken(Scarce what) {
        return switch (what) {
            case MEMORY -> Footprint::memoryBytes;
            case DISK, FILES -> Footprint::diskBytes;
            case PROCESSES -> Footprint::processes;
        };
    }

    private static long asked(Scarce what, Container container) {
        return switch (what) {
            case MEMORY, DISK -> Resources.request(container, what.word());
            // Nobody can ask for these.
            case FILES, PROCESSES -> 0;
        };
    }

    private static String message(Shortage shortage, Candidate candidate) {
        Scarce what = shortage.what();
        StringBuilder text = new StringBuilder("The node was low on resource: ");
        text.append(what.word()).append(". Threshold quantity: ");
        text.append(what.text(shortage.threshold())).append(", available: ");
        text.append(what.text(Math.max(0, shortage.left()))).append(". ");
        if (what == Scarce.FILES) {
            // Nobody counts a container's: who fills the disk is taken for who fills its inodes.
            return text.toString();
        }
        for (Container container : candidate.pod().as(Pod.class).getSpec().getContainers()) {
            Footprint footprint = candidate.containers().get(container.getName());
            long asked = asked(what, container);
            if (footprint != null && taken(what).applyAsLong(footprint) > asked) {
                text.append("Container ").append(container.getName()).append(" was using ");
                text.append(what.text(taken(what).applyAsLong(footprint)));
                text.append(", request is ").append(what.text(asked));
                text.append(", has larger consumption of ").append(what.word()).append(". ");
            }
        }
        return text.toString();
    }
}
