package dev.shiplog.node.image;

import com.google.cloud.tools.jib.event.events.ProgressEvent;
import com.google.cloud.tools.jib.event.progress.Allocation;

import dev.shiplog.node.runtime.PullProgress;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Consumer;

/** Adds up what Jib says of each layer and tells it on, at most a few times a second. */
final class PullMeter implements Consumer<ProgressEvent> {
    private static final long PAUSE_NANOS = 250_000_000;

    private final String image;
    private final Consumer<PullProgress> listener;
    private final Set<Allocation> known = Collections.newSetFromMap(new IdentityHashMap<>());
    private long done;
    private long total;
    private long told = System.nanoTime() - PAUSE_NANOS;

    PullMeter(String image, Consumer<PullProgress> listener) {
        this.image = image;
        this.listener = listener;
    }

    @Override
    public synchronized void accept(ProgressEvent event) {
        Allocation part = event.getAllocation();
        // Only these count bytes; all other steps count things.
        if (!part.getDescription().startsWith("pulling base image layer")) {
            return;
        }
        if (known.add(part)) {
            total += part.getAllocationUnits();
        }
        done += event.getUnits();
        long now = System.nanoTime();
        if (now - told >= PAUSE_NANOS || done == total) {
            told = now;
            listener.accept(new PullProgress(image, done, total));
        }
    }
}
