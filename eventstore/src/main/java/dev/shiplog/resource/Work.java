package dev.shiplog.resource;

/**
 * What a node is told to do. Idempotent: doing it twice is doing it once.
 *
 * <p>The pod's document is not copied into the order: a pod's document never changes in a way that
 * matters to an order already given, so the state at the order's position holds it exactly.
 */
public sealed interface Work {
    ResourceKey pod();

    Uid uid();

    /** Run this pod until told otherwise. */
    record RunPod(ResourceKey pod, Uid uid) implements Work {}

    /**
     * Stop this pod and remove every trace of it: SIGTERM, at most {@code graceSeconds}, SIGKILL.
     */
    record StopPod(ResourceKey pod, Uid uid, long graceSeconds) implements Work {}
}
