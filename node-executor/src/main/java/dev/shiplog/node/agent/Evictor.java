package dev.shiplog.node.agent;

import dev.shiplog.node.plan.Eviction;
import dev.shiplog.node.plan.Eviction.Candidate;
import dev.shiplog.node.plan.Eviction.Scarce;
import dev.shiplog.node.plan.Eviction.Shortage;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.Footprint;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.node.worker.PodWorker;
import dev.shiplog.resource.Resource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives up pods while the machine lacks something: measures what they take, and has {@link
 * Eviction} choose. Not for several threads at a time.
 *
 * <p>Invariant: the next pod goes only after the one before it is off the machine, or takes too
 * long for that.
 */
final class Evictor {
    /**
     * How long an evicted pod may take to be off the machine before another goes: the kubelet's.
     */
    static final Duration CLEANUP = Duration.ofSeconds(30);

    /** Containers that are measured at once. */
    private static final int MEASURED_AT_ONCE = 8;

    /** For all pods together; what is not measured by then counts as nothing. */
    static final Duration MEASURING = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);

    private final PodRuntime runtime;
    private final Volumes volumes;
    private final Listener listener;
    private final Duration measuring;
    private final Set<Scarce> told = EnumSet.noneOf(Scarce.class);
    private Optional<Going> going = Optional.empty();

    /** Hears when something begins to be short. */
    interface Listener {
        void warn(String reason, String message);
    }

    private record Going(PodWorker pod, Instant since) {}

    private record Measuring(Resource pod, Future<Candidate> taken) {
        /**
         * A machine that lacks something is slow: one pod that nobody can measure saves no other.
         */
        Candidate end(long deadline) throws InterruptedException {
            try {
                return taken.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException failed) {
                LOG.warn("what pod {} takes was not measured: {}", pod.key(), failed.toString());
                return new Candidate(pod, new TreeMap<>(), 0);
            }
        }
    }

    /**
     * @param measuring how long all measuring may take, such as {@link #MEASURING}
     */
    Evictor(PodRuntime runtime, Volumes volumes, Listener listener, Duration measuring) {
        this.runtime = runtime;
        this.volumes = volumes;
        this.listener = listener;
        this.measuring = measuring;
    }

    /**
     * Gives up one pod if something is short and none is on its way out.
     *
     * @param shortages the most pressing first
     */
    void relieve(List<Shortage> shortages, Collection<PodWorker> workers, Instant now)
            throws InterruptedException {
        told.removeIf(what -> shortages.stream().noneMatch(shortage -> shortage.what() == what));
        if (shortages.isEmpty() || going.filter(one -> leaving(one, now)).isPresent()) {
            return;
        }
        Shortage shortage = shortages.getFirst();
        if (told.add(shortage.what())) {
            listener.warn(
                    "EvictionThresholdMet", "Attempting to reclaim " + shortage.what().word());
        }
        SortedMap<String, PodWorker> byUid = new TreeMap<>();
        List<Candidate> candidates = candidates(workers, byUid);
        Optional<Eviction.Choice> choice = Eviction.choose(shortage, candidates);
        if (choice.isEmpty()) {
            LOG.warn("{} is short, and there is no pod to evict", shortage.what().word());
            return;
        }
        PodWorker worker = byUid.get(choice.get().pod().uid().value());
        if (worker != null) {
            LOG.warn("evicting {}: {}", worker.key(), choice.get().end().message());
            worker.evict(choice.get().end());
            going = Optional.of(new Going(worker, now));
        }
    }

    private static boolean leaving(Going one, Instant now) {
        boolean runs =
                one.pod().observed().map(ObservedPod::containers).orElse(List.of()).stream()
                        .anyMatch(ContainerStatus::running);
        return (runs || one.pod().evictable().isPresent())
                && now.isBefore(one.since().plus(CLEANUP));
    }

    private List<Candidate> candidates(
            Collection<PodWorker> workers, SortedMap<String, PodWorker> byUid)
            throws InterruptedException {
        Semaphore atOnce = new Semaphore(MEASURED_AT_ONCE);
        ExecutorService each = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Measuring> begun = new ArrayList<>();
            for (PodWorker worker : workers) {
                Optional<Resource> pod = worker.evictable();
                Optional<ObservedPod> observed = worker.observed();
                if (pod.isPresent() && observed.isPresent()) {
                    byUid.put(pod.get().uid().value(), worker);
                    begun.add(
                            new Measuring(
                                    pod.get(),
                                    each.submit(() -> measure(pod.get(), observed.get(), atOnce))));
                }
            }
            long deadline = System.nanoTime() + measuring.toNanos();
            List<Candidate> candidates = new ArrayList<>();
            for (Measuring one : begun) {
                candidates.add(one.end(deadline));
            }
            return candidates;
        } finally {
            each.shutdownNow();
        }
    }

    private Candidate measure(Resource pod, ObservedPod observed, Semaphore atOnce)
            throws InterruptedException {
        SortedMap<String, Footprint> containers = new TreeMap<>();
        for (ContainerStatus container : observed.containers()) {
            if (container.running()) {
                atOnce.acquire();
                try {
                    runtime.footprint(container.id())
                            .ifPresent(taken -> containers.put(container.name(), taken));
                } catch (RuntimeFailure unknown) {
                    LOG.debug("container {} was not measured", container.id(), unknown);
                } finally {
                    atOnce.release();
                }
            }
        }
        return new Candidate(pod, containers, volumeBytes(pod));
    }

    private long volumeBytes(Resource pod) {
        try {
            return volumes.usage(pod.uid()).values().stream().mapToLong(Long::longValue).sum();
        } catch (VolumeFailure unknown) {
            LOG.debug("the volumes of {} were not measured", pod.key(), unknown);
            return 0;
        }
    }
}
