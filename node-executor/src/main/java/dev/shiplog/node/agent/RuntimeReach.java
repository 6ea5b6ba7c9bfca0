package dev.shiplog.node.agent;

import dev.shiplog.node.runtime.PodRuntime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether the node's runtime answers, by what its watch and the looks at it say. Thread-safe.
 *
 * <p>Invariant: each loss is told once, and so is its end; the node counts as not ready only after
 * one that lasts, so that an Engine may be restarted without anybody losing a pod.
 */
final class RuntimeReach implements PodRuntime.Reach {
    /** How long a runtime may be silent before its node is not ready: the kubelet's. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    static final String DOWN = "ContainerRuntimeDown";
    static final String UP = "ContainerRuntimeUp";

    private final InstantSource clock;
    private final Listener listener;
    private Optional<Lost> lost = Optional.empty();

    /** Hears of each change, in the words of an event; must not block. */
    interface Listener {
        void changed(boolean warning, String reason, String message);
    }

    private record Lost(String why, Instant since) {}

    RuntimeReach(InstantSource clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    @Override
    public void lost(String why) {
        lost(why, clock.instant());
    }

    /**
     * @param since when it was asked what it did not answer
     */
    synchronized void lost(String why, Instant since) {
        if (lost.isEmpty()) {
            lost = Optional.of(new Lost(why, since));
            listener.changed(true, DOWN, "container runtime is down: " + why);
        }
    }

    @Override
    public synchronized void found() {
        if (lost.isPresent()) {
            Duration away = Duration.between(lost.get().since(), clock.instant());
            lost = Optional.empty();
            listener.changed(
                    false, UP, "container runtime answers again, after " + away.toSeconds() + " s");
        }
    }

    /** Why the node is not ready; empty if it is, as far as this goes. */
    synchronized Optional<String> trouble() {
        return lost.filter(one -> !one.since().plus(PATIENCE).isAfter(clock.instant()))
                .map(Lost::why);
    }
}
