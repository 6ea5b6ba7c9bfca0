package dev.shiplog.node.runtime;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs pods: a sandbox (the namespaces that a pod's containers share) and containers in it. Calls
 * block; each may be made from any virtual thread. Every call is idempotent: asked twice, it has
 * done it once.
 *
 * <p>Invariants: what a runtime started outlives this program and is found again by {@link #list()}
 * after a restart of it, with the same ids; at most one live container per (pod uid, container
 * name).
 *
 * @see <a href="https://github.com/kubernetes/cri-api">the container runtime interface of
 *     Kubernetes, which this follows in its concepts</a>
 */
public interface PodRuntime extends AutoCloseable {
    /** {@code docker}, {@code process} or {@code simulated}. */
    String name();

    /**
     * The runtime's own version and what it found on this machine, for people and for {@code
     * Node.status.nodeInfo}.
     */
    RuntimeInfo info();

    /** Whether an image is here, and which one: its content id ({@code sha256:…}). */
    Optional<String> imageId(String image) throws RuntimeFailure;

    /**
     * Pulls an image. Progress is told at most a few times a second.
     *
     * @return the image's content id
     * @throws RuntimeFailure with {@link RuntimeFailure.Kind#IMAGE_NOT_FOUND} or {@link
     *     RuntimeFailure.Kind#REGISTRY_UNREACHABLE} when that is why
     */
    String pull(String image, Consumer<PullProgress> progress) throws RuntimeFailure;

    /** Creates and starts a pod's sandbox, or gives the one that is there. */
    SandboxStatus runSandbox(SandboxSpec spec) throws RuntimeFailure;

    /**
     * Creates and starts a container in a running sandbox, or gives the one with this name and
     * attempt that is there.
     *
     * @throws RuntimeFailure with {@link RuntimeFailure.Kind#START_FAILED} when the image's or the
     *     pod's command cannot be started; the container is then listed as exited with code 127 or
     *     128, if the runtime keeps it
     */
    ContainerStatus startContainer(SandboxStatus sandbox, ContainerSpec spec) throws RuntimeFailure;

    /**
     * Sends SIGTERM (or the image's stop signal), waits at most {@code grace}, sends SIGKILL;
     * returns once it has ended.
     */
    ContainerStatus stopContainer(String containerId, Duration grace) throws RuntimeFailure;

    /** Removes an ended container with its logs. Nothing happens if it is gone. */
    void removeContainer(String containerId) throws RuntimeFailure;

    /** Removes a sandbox, killing what still runs in it. Nothing happens if it is gone. */
    void removeSandbox(String sandboxId) throws RuntimeFailure;

    /**
     * Every sandbox of this cluster and node on this machine, running or not, with its containers.
     */
    List<ObservedPod> list() throws RuntimeFailure;

    /** One pod as it is now; empty if there is no trace of it. */
    Optional<ObservedPod> pod(String podUid) throws RuntimeFailure;

    /**
     * Calls {@code listener} with a pod's uid whenever a container of it starts, ends or disappears
     * by itself. A hint: the truth is {@link #pod}. After a lost connection to the runtime, every
     * pod is hinted at once.
     */
    Watch watch(Consumer<String> listener);

    /**
     * Writes a container's output.
     *
     * @param options what to write; with {@code follow}, returns when the container has ended,
     *     {@code out} fails, or the calling thread is interrupted
     */
    void logs(String containerId, LogOptions options, OutputStream out) throws RuntimeFailure;

    /**
     * Removes everything of this cluster and node from this machine: sandboxes, containers,
     * networks, files.
     */
    void purge() throws RuntimeFailure;

    /** Lets go of the runtime; pods keep running. */
    @Override
    void close();

    /** Ends a watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
