package dev.shiplog.boot;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * Keeps the heap of this process near what lives in it. The serial collector lets its old
 * generation grow up to the largest heap before it looks for garbage there, and gives no memory
 * back in between; so this asks for a collection once there is enough to gain: early when nothing
 * goes on, and when something does, only after a growth that makes up for the work.
 *
 * <p>Invariant: a collection follows only on a growth by at least half of what is alive, or an
 * eighth when nothing goes on. Its work is in proportion to what is alive, so what it costs a byte
 * that came has a bound, however large the heap is.
 */
public final class HeapGrowth implements AutoCloseable {
    /** How often it looks. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** When it looks first: a start has better things to do. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(6);

    private static final long MEBI = 1 << 20;

    /** So much may have come at least when nothing goes on; and an eighth of what is alive. */
    static final long QUIET_BYTES = 6 * MEBI;

    /** So much may have come at least when something goes on; and half of what is alive. */
    static final long BUSY_BYTES = 16 * MEBI;

    /** Who takes less than this of new memory between two looks does nothing much. */
    static final long QUIET_ALLOCATION_BYTES = 2 * MEBI;

    private final Thread watching;

    private HeapGrowth(Thread watching) {
        this.watching = watching;
    }

    /** Begins to look after the heap of this process. */
    public static HeapGrowth watch() {
        return new HeapGrowth(Thread.ofVirtual().name("heap-growth").start(HeapGrowth::look));
    }

    /**
     * Whether a collection of the old generation is worth its work.
     *
     * @param used bytes of the old generation, garbage included
     * @param left bytes that the last collection left there; 0 before the first
     * @param quiet whether nothing much goes on
     */
    static boolean due(long used, long left, boolean quiet) {
        return used - left
                > (quiet ? Math.max(QUIET_BYTES, left / 8) : Math.max(BUSY_BYTES, left / 2));
    }

    /**
     * Whether nothing much went on between two looks.
     *
     * @param before bytes in use in the whole heap at the first
     * @param now at the second; less than before if there was a collection in between
     */
    static boolean quiet(long before, long now) {
        return now >= before && now - before < QUIET_ALLOCATION_BYTES;
    }

    private static void look() {
        try {
            Thread.sleep(FIRST_LOOK);
            Optional<MemoryPoolMXBean> old = oldGeneration();
            if (old.isEmpty()) {
                return;
            }
            long before = used();
            while (true) {
                Thread.sleep(LOOK);
                long now = used();
                MemoryUsage left = old.get().getCollectionUsage();
                if (left != null
                        && due(
                                old.get().getUsage().getUsed(),
                                left.getUsed(),
                                quiet(before, now))) {
                    System.gc();
                    now = used();
                }
                before = now;
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** The largest part of the heap that tells what a collection left. */
    private static Optional<MemoryPoolMXBean> oldGeneration() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }

    @Override
    public void close() {
        watching.interrupt();
    }
}
