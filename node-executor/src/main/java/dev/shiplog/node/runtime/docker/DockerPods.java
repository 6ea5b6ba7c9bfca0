package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.SandboxStatus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Reads back from the Engine which pods there are. */
final class DockerPods {
    /**
     * In front of a pod's uid, in place of the id of a sandbox that is gone while containers of its
     * pod are still there: so that they are listed and can be removed.
     */
    static final String GONE = "gone:";

    private static final int INSPECTS_AT_ONCE = 8;

    private final Engine engine;
    private final Owner owner;
    private final Containers containers;
    private final Sandboxes sandboxes;

    DockerPods(Engine engine, Owner owner, Containers containers, Sandboxes sandboxes) {
        this.engine = engine;
        this.owner = owner;
        this.containers = containers;
        this.sandboxes = sandboxes;
    }

    List<ObservedPod> list() throws RuntimeFailure {
        return observed(containers(owner.labels()));
    }

    Optional<ObservedPod> pod(String uid) throws RuntimeFailure {
        return observed(containers(owner.labels(uid))).stream().findFirst();
    }

    /** The sandboxes of this node, running or not. */
    List<InspectContainerResponse> sandboxes() throws RuntimeFailure {
        return inspect(
                containers(owner.labels()).stream()
                        .filter(container -> Observation.isSandbox(container.getLabels()))
                        .toList());
    }

    /** All containers with these labels, sandboxes included, running or not. */
    List<Container> containers(Map<String, String> labels) throws RuntimeFailure {
        return engine.ask(
                "listing containers",
                () ->
                        engine.client()
                                .listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(labels)
                                .exec());
    }

    private List<ObservedPod> observed(List<Container> listed) throws RuntimeFailure {
        SortedMap<String, List<InspectContainerResponse>> pods = new TreeMap<>();
        for (InspectContainerResponse seen : inspect(listed)) {
            String uid = Observation.labels(seen).getOrDefault(Owner.POD_UID, "");
            pods.computeIfAbsent(uid, _ -> new ArrayList<>()).add(seen);
        }
        return pods.values().stream().map(this::pod).toList();
    }

    private ObservedPod pod(List<InspectContainerResponse> parts) {
        List<ContainerStatus> statuses =
                parts.stream()
                        .filter(seen -> !Observation.isSandbox(Observation.labels(seen)))
                        .map(Observation::container)
                        .sorted(
                                Comparator.comparing(ContainerStatus::name)
                                        .thenComparingInt(ContainerStatus::attempt))
                        .toList();
        SandboxStatus sandbox =
                parts.stream()
                        .filter(seen -> Observation.isSandbox(Observation.labels(seen)))
                        .map(sandboxes::status)
                        .findFirst()
                        .orElseGet(() -> gone(parts.getFirst()));
        return new ObservedPod(sandbox, statuses);
    }

    private static SandboxStatus gone(InspectContainerResponse part) {
        Map<String, String> labels = Observation.labels(part);
        String uid = labels.getOrDefault(Owner.POD_UID, "");
        return new SandboxStatus(
                GONE + uid,
                uid,
                labels.getOrDefault(Owner.POD_NAMESPACE, ""),
                labels.getOrDefault(Owner.POD_NAME, ""),
                false,
                "",
                Instant.parse(part.getCreated()));
    }

    /** Those that vanish meanwhile are left out. */
    private List<InspectContainerResponse> inspect(List<Container> listed) throws RuntimeFailure {
        Semaphore atOnce = new Semaphore(INSPECTS_AT_ONCE);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<InspectContainerResponse>>> asked =
                    listed.stream()
                            .map(container ->
                                    executor.submit(() -> inspect(container.getId(), atOnce)))
                            .toList();
            List<InspectContainerResponse> seen = new ArrayList<>();
            for (Future<Optional<InspectContainerResponse>> answer : asked) {
                // Bounded: each inspection has a limit of its own.
                answer.get().ifPresent(seen::add);
            }
            return seen;
        } catch (InterruptedException interrupted) {
            throw Engine.interrupted("listing containers");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeFailure failure
                    ? failure
                    : new RuntimeFailure(
                            Kind.OTHER, "listing containers: " + failed.getMessage(), failed);
        }
    }

    private Optional<InspectContainerResponse> inspect(String id, Semaphore atOnce)
            throws RuntimeFailure, InterruptedException {
        atOnce.acquire();
        try {
            return containers.inspect(id);
        } finally {
            atOnce.release();
        }
    }
}
