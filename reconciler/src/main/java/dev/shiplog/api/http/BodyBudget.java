package dev.shiplog.api.http;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of all bodies that are held in memory at a time, in bytes. Each request has its first
 * {@value #FREE_BYTES} free, so that large bodies, however slow they come, keep nobody from small
 * ones. What arrives counts, not what is announced. Thread-safe; never blocks.
 *
 * <p>Invariant: the counted bytes of all open shares are at most the budget.
 */
final class BodyBudget {
    /** How many times its bytes a body may take once it is a tree, and what else needs the heap. */
    static final long HEAP_PART = 32;

    /** Two of the largest bodies fit, however small the heap is. */
    static final long LEAST_BYTES = 6L << 20;

    /** Of each request: what is not counted. */
    static final int FREE_BYTES = 64 * 1024;

    private static final int RETRY_SECONDS = 1;

    private final AtomicLong left;

    BodyBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** What this virtual machine can bear. */
    static BodyBudget ofHeap() {
        return new BodyBudget(
                Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART));
    }

    /** What one request holds, until it is answered. Used by one thread. */
    final class Share implements AutoCloseable {
        private long free = FREE_BYTES;
        private long taken;

        /**
         * Counts bytes that are about to be kept.
         *
         * @throws ApiFailure 429 if they do not fit; nothing is counted then
         */
        void take(long bytes) {
            long gratis = Math.min(free, bytes);
            long counted = bytes - gratis;
            long before = left.getAndUpdate(now -> now < counted ? now : now - counted);
            if (before < counted) {
                throw new ApiFailure(
                        Status.tooManyRequests(
                                "too many large request bodies at once, please try again later",
                                RETRY_SECONDS));
            }
            free -= gratis;
            taken += counted;
        }

        @Override
        public void close() {
            left.addAndGet(taken);
            taken = 0;
        }
    }

    Share share() {
        return new Share();
    }
}
