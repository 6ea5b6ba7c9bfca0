package dev.shiplog.node.worker;

import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.RuntimeFailure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Pulls images, each once at a time however many pods wait for it. A pull goes on when those who
 * wait for it give up: the next pod will want it.
 */
public final class ImagePulls {
    /** Pulls side by side; more would only share the same line. */
    static final int MOST_AT_ONCE = 3;

    /** How long a pod waits for a pull before it counts as failed. */
    static final Duration LONGEST_PULL = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(ImagePulls.class);

    private final PodRuntime runtime;
    private final Consumer<PullProgress> progress;
    private final Semaphore turns = new Semaphore(MOST_AT_ONCE, true);
    private final Map<Wish, CompletableFuture<EffectResult>> running = new ConcurrentHashMap<>();

    public ImagePulls(PodRuntime runtime, Consumer<PullProgress> progress) {
        this.runtime = runtime;
        this.progress = progress;
    }

    /** Who may log in otherwise may get otherwise: only equals share a pull. */
    private record Wish(String image, List<RegistryLogin> logins) {}

    /** Pulls, or waits for the pull that is under way. */
    EffectResult pull(String image, List<RegistryLogin> logins) throws InterruptedException {
        CompletableFuture<EffectResult> pull =
                running.computeIfAbsent(new Wish(image, logins), this::begin);
        try {
            return pull.get(LONGEST_PULL.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("pull of " + image + " failed by our own fault", e);
        } catch (TimeoutException _) {
            return new EffectResult.Failed(
                    RuntimeFailure.Kind.REGISTRY_UNREACHABLE,
                    "expected the pull to end within " + LONGEST_PULL.toMinutes() + " minutes");
        }
    }

    private CompletableFuture<EffectResult> begin(Wish wish) {
        CompletableFuture<EffectResult> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("pull-" + wish.image)
                .start(() -> {
                    try {
                        EffectResult pulled = pullInTurn(wish);
                        running.remove(wish, result);
                        result.complete(pulled);
                    } catch (RuntimeException | InterruptedException e) {
                        LOG.error("pull of {} failed by our own fault", wish.image, e);
                        running.remove(wish, result);
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    private EffectResult pullInTurn(Wish wish) throws InterruptedException {
        if (!turns.tryAcquire(LONGEST_PULL.toSeconds(), TimeUnit.SECONDS)) {
            return new EffectResult.Failed(
                    RuntimeFailure.Kind.REGISTRY_UNREACHABLE, "too many pulls are under way");
        }
        long start = System.nanoTime();
        try {
            String id = runtime.pull(wish.image, wish.logins, progress);
            return new EffectResult.ImagePulled(id, Duration.ofNanos(System.nanoTime() - start));
        } catch (RuntimeFailure e) {
            return new EffectResult.Failed(e.kind(), String.valueOf(e.getMessage()));
        } finally {
            turns.release();
        }
    }
}
