package dev.shiplog.api;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether there is memory for more. Every live resource is in memory, so at some number of them the
 * heap is full; before that, what would add to them is refused, so that what is there goes on, and
 * can be deleted.
 *
 * <p>Invariant: what is not garbage counts, so a busy server is not taken for a full one. Costs two
 * reads of counters while there is plenty.
 */
public final class Headroom {
    /** Below this share of the heap, garbage included, nobody looks further; in percent. */
    private static final long LOOK_PERCENT = 70;

    /** The share of long-lived memory that may be in use after a collection; in percent. */
    static final long MOST_PERCENT = 85;

    private static final int MEBI = 20;

    private static final String ADVICE =
            "Delete something, or give it a larger heap: SHIPLOG_MAX_HEAP="
                    + 2 * (Runtime.getRuntime().maxMemory() >> MEBI)
                    + "m shiplog start, after shiplog stop";

    private final Supplier<Optional<Use>> use;

    /**
     * What a collection of the long-lived memory left.
     *
     * @param used bytes
     * @param most bytes that there can be
     */
    record Use(long used, long most) {}

    Headroom(Supplier<Optional<Use>> use) {
        this.use = use;
    }

    /** That of this process. */
    public static Headroom ofThisProcess() {
        return new Headroom(Headroom::now);
    }

    /**
     * Lets something in that stays.
     *
     * @throws ApiFailure 503 if there is no room for it
     */
    public void require() {
        Optional<Use> now = full();
        if (now.isEmpty()) {
            return;
        }
        throw new ApiFailure(
                Status.of(
                        503,
                        "ServiceUnavailable",
                        "this cluster's memory is full: "
                                + (now.get().used() >> MEBI)
                                + " of "
                                + (now.get().most() >> MEBI)
                                + " MiB are in use for what exists, and nothing new is taken in. "
                                + ADVICE));
    }

    /** Why nothing that stays should be made now, in the same words each time; empty if it may. */
    public Optional<String> lacking() {
        return full().map(_ -> "this cluster's memory is full. " + ADVICE);
    }

    private Optional<Use> full() {
        return use.get().filter(now -> now.used() * 100 > now.most() * MOST_PERCENT);
    }

    private static Optional<Use> now() {
        Runtime runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        if (used * 100 < runtime.maxMemory() * LOOK_PERCENT) {
            return Optional.empty();
        }
        return LongLived.POOL.flatMap(Headroom::afterCollection);
    }

    private static Optional<Use> afterCollection(MemoryPoolMXBean pool) {
        MemoryUsage left = pool.getCollectionUsage();
        return left == null || left.getMax() <= 0
                ? Optional.empty()
                : Optional.of(new Use(left.getUsed(), left.getMax()));
    }

    /** Looked up when it is needed for the first time. */
    private static final class LongLived {
        /** The largest part of the heap that tells what a collection left: the old generation. */
        static final Optional<MemoryPoolMXBean> POOL =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool ->
                                pool.getType() == MemoryType.HEAP
                                        && pool.getCollectionUsage() != null)
                        .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }
}
