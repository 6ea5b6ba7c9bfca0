package dev.shiplog.api.metrics;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.PodSessions;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Uid;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Measures pods when somebody asks, and remembers it for a few seconds. */
public final class Sampler {
    /** Who asks again within this time gets the same answer. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private static final int AT_ONCE = 16;

    /** What all the measurements of one request may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Logger LOG = Logger.getLogger(Sampler.class.getName());

    private final PodSessions sessions;
    private final Supplier<Instant> clock;
    private final Map<Uid, Sample> samples = new ConcurrentHashMap<>();
    private final Semaphore measuring = new Semaphore(AT_ONCE);

    public Sampler(PodSessions sessions, Supplier<Instant> clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    /** What a pod used at a time. */
    public record Sample(Resource pod, Instant time, List<PodSessions.Usage> usage) {}

    /** Of those pods that run and can be measured, in the order given. */
    public List<Sample> of(Collection<Resource> pods) throws InterruptedException {
        Instant now = clock.get();
        samples.values().removeIf(sample -> stale(sample, now));
        List<Callable<Optional<Sample>>> work = new ArrayList<>();
        for (Resource pod : pods) {
            if (runs(pod)) {
                work.add(() -> sample(pod, now));
            }
        }
        List<Sample> found = new ArrayList<>();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (Future<Optional<Sample>> done :
                    threads.invokeAll(work, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                if (!done.isCancelled()) {
                    done.get().ifPresent(found::add);
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("measuring failed: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
        return found;
    }

    private Optional<Sample> sample(Resource pod, Instant now) throws InterruptedException {
        Sample known = samples.get(pod.uid());
        if (known != null && !stale(known, now)) {
            return Optional.of(known);
        }
        measuring.acquire();
        try {
            Optional<Sample> fresh =
                    sessions.usage(pod).map(usage -> new Sample(pod, now, List.copyOf(usage)));
            fresh.ifPresent(sample -> samples.put(pod.uid(), sample));
            return fresh;
        } catch (IOException | ApiFailure e) {
            LOG.log(Level.FINE, e, () -> "not measured: " + pod.key());
            return Optional.empty();
        } finally {
            measuring.release();
        }
    }

    private static boolean stale(Sample sample, Instant now) {
        return sample.time().plus(FRESH).isBefore(now);
    }

    private static boolean runs(Resource pod) {
        return !pod.body().toNode().path("spec").path("nodeName").asText("").isEmpty()
                && pod.status().toNode().path("phase").asText("").equals("Running");
    }
}
