package dev.shiplog.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The hooks that a runtime's test fills in, and the verbs that the contract is written with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RuntimeFixture {
    /** How long anything awaited may take, on a slow and busy machine. */
    protected static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Each look is several requests of an Engine, which takes its time from what is waited for. */
    private static final int LOOK_EVERY_MILLIS = 50;

    /** Grace for stops whose end is not the point of the test. */
    protected static final Duration NO_GRACE = Duration.ZERO;

    /** A node of this run only, so that runs side by side do not meet. */
    protected final String node = "node-" + UUID.randomUUID().toString().substring(0, 8);

    private final List<String> sandboxes = new CopyOnWriteArrayList<>();
    private final List<Future<?>> removals = new ArrayList<>();
    private final ExecutorService removers = Executors.newVirtualThreadPerTaskExecutor();
    private Optional<Common> common = Optional.empty();
    protected PodRuntime runtime;

    /** A pod that tests share, with a container that runs. */
    private record Common(SandboxStatus pod, String container) {}

    /**
     * A runtime for a node of that name, as a program that starts would open it. Several may be
     * open on one node at a time; the last opened is the node's, earlier ones only still close.
     * Every call must see what earlier runtimes of the name started. All are of one cluster, which
     * belongs to this test alone.
     */
    protected abstract PodRuntime open(String nodeName) throws Exception;

    /** An image that is here and whose own command is a shell or ends at once: busybox. */
    protected abstract String image();

    /** An image of a registry that does not answer. */
    protected String unreachableImage() {
        return "127.0.0.1:1/missing:1";
    }

    protected Programs programs() {
        return Programs.shell();
    }

    /** Whether pods have addresses at which they reach each other. */
    protected boolean realNetwork() {
        return true;
    }

    /** Whether memory limits hold on this machine. */
    protected boolean realLimits() {
        return true;
    }

    /** What is still on the machine of this test's cluster, one line each; asked after a purge. */
    protected List<String> leftovers() throws Exception {
        return List.of();
    }

    /** Ends what the test started beneath its runtimes; called last. */
    protected void closeMachine() throws Exception {}

    @BeforeAll
    void openRuntime() throws Exception {
        runtime = open(node);
    }

    /**
     * Beside the next test, since an Engine takes its time; that it succeeds is seen at the end.
     */
    @AfterEach
    void removeSandboxes() {
        PodRuntime of = runtime;
        for (String id : sandboxes) {
            removals.add(
                    removers.submit(() -> {
                        of.removeSandbox(id);
                        return id;
                    }));
        }
        sandboxes.clear();
    }

    /** Waits until what earlier tests started is removed. */
    protected void awaitRemovals() throws Exception {
        for (Future<?> removal : removals) {
            removal.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        removals.clear();
    }

    @AfterAll
    void purgeAll() throws Exception {
        try (removers) {
            awaitRemovals();
            if (runtime != null) {
                runtime.purge();
                runtime.close();
                assertEquals(List.of(), leftovers(), "left on the machine after a purge");
            }
        } finally {
            closeMachine();
        }
    }

    /** A pod's surroundings with a uid that no other has. */
    protected static SandboxSpec pod(String name) {
        return new SandboxSpec(
                UUID.randomUUID().toString(),
                "default",
                name,
                name,
                new TreeMap<>(Map.of("app", name)),
                false,
                List.of());
    }

    /** Starts a pod that is removed after the test. */
    protected SandboxStatus sandbox(SandboxSpec spec) throws RuntimeFailure {
        SandboxStatus status = runtime.runSandbox(spec);
        sandboxes.add(status.id());
        return status;
    }

    protected SandboxStatus sandbox(String name) throws RuntimeFailure {
        return sandbox(pod(name));
    }

    /** For tests that start containers of names of their own, and change nothing of their pod. */
    protected SandboxStatus commonPod() throws RuntimeFailure {
        return common().pod();
    }

    /** For tests that talk with a running container, and leave it running. */
    protected String commonContainer() throws RuntimeFailure {
        return common().container();
    }

    private Common common() throws RuntimeFailure {
        if (common.isEmpty() || !status(common.get().pod(), common.get().container()).running()) {
            SandboxStatus pod = runtime.runSandbox(pod("common"));
            ContainerSpec spec = container("common", 0, programs().forever());
            common = Optional.of(new Common(pod, start(pod, spec).id()));
        }
        return common.get();
    }

    protected ContainerSpec container(String name, int attempt, List<String> command) {
        return container(name, attempt, command, List.of(), new TreeMap<>());
    }

    protected ContainerSpec container(
            String name,
            int attempt,
            List<String> command,
            List<String> args,
            SortedMap<String, String> env) {
        return new ContainerSpec(
                name,
                attempt,
                image(),
                command,
                args,
                env,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                false);
    }

    protected ContainerSpec script(String name, String text) {
        return container(name, 0, ShellPrograms.script(text));
    }

    protected ContainerStatus start(SandboxStatus sandbox, ContainerSpec spec)
            throws RuntimeFailure {
        return runtime.startContainer(sandbox, spec);
    }

    /** Runs a script to its end and gives what it wrote. */
    protected String output(SandboxStatus sandbox, ContainerSpec spec) throws Exception {
        ContainerStatus started = start(sandbox, spec);
        awaitEnd(sandbox, started.id());
        return log(started.id());
    }

    protected String log(String containerId) throws RuntimeFailure {
        return log(containerId, LogOptions.all());
    }

    protected String log(String containerId, LogOptions options) throws RuntimeFailure {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        runtime.logs(containerId, options, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    protected ContainerStatus status(SandboxStatus sandbox, String containerId)
            throws RuntimeFailure {
        return containers(sandbox).stream()
                .filter(container -> container.id().equals(containerId))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no container " + containerId));
    }

    protected List<ContainerStatus> containers(SandboxStatus sandbox) throws RuntimeFailure {
        return runtime.pod(sandbox.podUid()).orElseThrow().containers();
    }

    protected ContainerStatus.Ended awaitEnd(SandboxStatus sandbox, String containerId)
            throws Exception {
        await("container ends", () -> status(sandbox, containerId).ended().isPresent());
        return status(sandbox, containerId).ended().orElseThrow();
    }

    /** Waits until the condition holds; fails when it does not within {@link #PATIENCE}. */
    protected static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("expected within " + PATIENCE.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    /** Makes the call from several threads at once and gives every answer. */
    protected static <T> List<T> atOnce(int callers, Callable<T> call) throws Exception {
        List<T> answers = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                futures.add(executor.submit(call));
            }
            for (Future<T> future : futures) {
                answers.add(future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
        }
        return answers;
    }
}
