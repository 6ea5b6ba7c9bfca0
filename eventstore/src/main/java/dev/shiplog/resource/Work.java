package dev.shiplog.resource;

/**
 * What a node is told to do. Idempotent: doing it twice is doing it once.
 *
 * <p>The pod's document is not copied into the order: the state at the order's position holds it
 * exactly. What changes in it afterwards is of no concern to the node, unless a newer order says
 * so.
 */
public sealed interface Work {
    ResourceKey pod();

    Uid uid();

    /** Run this pod until told otherwise. */
    record RunPod(ResourceKey pod, Uid uid) implements Work {}

    /**
     * The document of a pod that runs has changed in what a running pod can take up (containers
     * that were added to look into it): go by it from now on. Given only after {@link RunPod}.
     *
     * @param generation which of the pod's desired states is meant
     */
    record RevisePod(ResourceKey pod, Uid uid, long generation) implements Work {}

    /**
     * Stop this pod and remove every trace of it: SIGTERM, at most {@code graceSeconds}, SIGKILL.
     */
    record StopPod(ResourceKey pod, Uid uid, long graceSeconds) implements Work {}
}
