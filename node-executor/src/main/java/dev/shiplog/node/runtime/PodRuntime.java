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

    /**
     * As {@link #pull(String, Consumer)}, logging in where the registry asks for it.
     *
     * @param logins of any registries; those that fit are used, and kept by nobody
     */
    default String pull(String image, List<RegistryLogin> logins, Consumer<PullProgress> progress)
            throws RuntimeFailure {
        return pull(image, progress);
    }

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
     * The same, telling also when the runtime does not answer any more, and when it does again. One
     * that is a part of this program never tells either.
     */
    default Watch watch(Consumer<String> listener, Reach reach) {
        return watch(listener);
    }

    /**
     * Writes a container's output.
     *
     * @param options what to write; with {@code follow}, returns when the container has ended,
     *     {@code out} fails, or the calling thread is interrupted
     */
    void logs(String containerId, LogOptions options, OutputStream out) throws RuntimeFailure;

    /**
     * Runs a command in a running container, beside its own process: with its files, namespaces,
     * limits, user, environment and working directory. Blocks until the command has ended and all
     * that it wrote was passed on. An interrupt of the calling thread ends the session and, as far
     * as the runtime can, kills the command and what it started.
     *
     * @param command its words; no shell takes part
     * @return its exit code; 128 + n when signal n ended it, which a container's end does with 9
     * @throws RuntimeFailure with {@link RuntimeFailure.Kind#NOT_RUNNING} when there is no such
     *     container or it does not run, {@link RuntimeFailure.Kind#START_FAILED} when the command
     *     is not found or cannot be executed
     */
    int exec(String containerId, List<String> command, Terminal terminal)
            throws RuntimeFailure, InterruptedException;

    /**
     * Attaches to a running container's own process: to its output from now on and, if it was
     * started with {@code stdin}, to its standard input. Whether there is a terminal was decided at
     * its start; {@link Terminal#tty} is not looked at. The end of the client's input is the end of
     * the process's only with {@link ContainerSpec#stdinOnce}. Blocks until the container has
     * ended; an interrupt only detaches.
     *
     * @return its exit code
     * @throws RuntimeFailure with {@link RuntimeFailure.Kind#NOT_RUNNING}
     */
    int attach(String containerId, Terminal terminal) throws RuntimeFailure, InterruptedException;

    /**
     * Connects to a TCP port as from inside a pod: at 127.0.0.1 there, else at the pod's address.
     *
     * @throws RuntimeFailure with {@link RuntimeFailure.Kind#NOT_RUNNING} when there is no such
     *     sandbox or it does not run, {@link RuntimeFailure.Kind#REFUSED} when nothing listens
     */
    PodConnection connect(String sandboxId, int port) throws RuntimeFailure, InterruptedException;

    /**
     * What a container uses now. May take as long as the window that it averages over.
     *
     * @return empty if it does not run or nothing measures it
     */
    Optional<Usage> usage(String containerId) throws RuntimeFailure, InterruptedException;

    /**
     * What a container takes of what the machine may run out of. May take as long as {@link
     * #usage}.
     *
     * @return empty if it does not run or nothing measures it
     */
    default Optional<Footprint> footprint(String containerId)
            throws RuntimeFailure, InterruptedException {
        return usage(containerId).map(usage -> new Footprint(usage.memoryBytes(), 0, 0));
    }

    /**
     * The machine's address in the network of its pods, at which they reach what it serves for
     * them; empty if they have no network on this machine. Makes that network if it is not there.
     */
    default Optional<String> gateway() throws RuntimeFailure {
        return Optional.empty();
    }

    /**
     * Removes everything of this cluster and node from this machine: sandboxes, containers,
     * networks, files.
     */
    void purge() throws RuntimeFailure;

    /** Lets go of the runtime; pods keep running. */
    @Override
    void close();

    /** Hears whether a runtime can be reached; must not block. */
    interface Reach {
        /** For those who need not know. */
        Reach UNHEARD =
                new Reach() {
                    @Override
                    public void lost(String why) {}

                    @Override
                    public void found() {}
                };

        /** It does not answer. Told once, until {@link #found}. */
        void lost(String why);

        /** It answers again. */
        void found();
    }

    /** Ends a watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
