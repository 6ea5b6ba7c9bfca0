package dev.shiplog.node.plan;

import dev.shiplog.node.link.PodInputs;
import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is wished of one pod.
 *
 * @param document the pod
 * @param stop present once it is to stop
 * @param inputs what its environment refers to
 */
public record PodTask(Resource document, Optional<Ending> stop, PodInputs inputs) {
    /** What Kubernetes takes when a pod does not say. */
    private static final long DEFAULT_GRACE_SECONDS = 30;

    Pod pod() {
        return document.as(Pod.class);
    }

    List<Container> initContainers() {
        return pod().getSpec().getInitContainers();
    }

    List<Container> mainContainers() {
        return pod().getSpec().getContainers();
    }

    /** What was added to the pod since it lives, in the words of containers. */
    List<Container> ephemeralContainers() {
        return pod().getSpec().getEphemeralContainers().stream().map(PodTask::container).toList();
    }

    /** The container whose processes an ephemeral one shares. */
    Optional<String> target(String ephemeral) {
        return pod().getSpec().getEphemeralContainers().stream()
                .filter(container -> container.getName().equals(ephemeral))
                .map(EphemeralContainer::getTargetContainerName)
                .filter(name -> name != null && !name.isEmpty())
                .findFirst();
    }

    private static Container container(EphemeralContainer ephemeral) {
        return new ContainerBuilder()
                .withName(ephemeral.getName())
                .withImage(ephemeral.getImage())
                .withImagePullPolicy(ephemeral.getImagePullPolicy())
                .withCommand(ephemeral.getCommand())
                .withArgs(ephemeral.getArgs())
                .withWorkingDir(ephemeral.getWorkingDir())
                .withEnv(ephemeral.getEnv())
                .withEnvFrom(ephemeral.getEnvFrom())
                .withResources(ephemeral.getResources())
                .withSecurityContext(ephemeral.getSecurityContext())
                .withVolumeMounts(ephemeral.getVolumeMounts())
                .withStdin(ephemeral.getStdin())
                .withStdinOnce(ephemeral.getStdinOnce())
                .withTty(ephemeral.getTty())
                .build();
    }

    /** The names of all containers. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        initContainers().forEach(c -> names.add(c.getName()));
        mainContainers().forEach(c -> names.add(c.getName()));
        ephemeralContainers().forEach(c -> names.add(c.getName()));
        return names;
    }

    /** A container of any kind by its name. */
    Optional<Container> container(String name) {
        return Stream.of(initContainers(), mainContainers(), ephemeralContainers())
                .flatMap(List::stream)
                .filter(container -> container.getName().equals(name))
                .findFirst();
    }

    /** Init containers that go on beside the others, in their order. */
    List<String> sidecars() {
        return initContainers().stream()
                .filter(init -> "Always".equals(init.getRestartPolicy()))
                .map(Container::getName)
                .toList();
    }

    /** What a container waits for that was never started. */
    String waitingReason() {
        return initContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
    }

    String restartPolicy() {
        return Optional.ofNullable(pod().getSpec().getRestartPolicy()).orElse("Always");
    }

    long graceSeconds() {
        return Optional.ofNullable(pod().getSpec().getTerminationGracePeriodSeconds())
                .orElse(DEFAULT_GRACE_SECONDS);
    }

    /** As Kubernetes writes a pod in messages: {@code web-1_default(uid)}. */
    String label() {
        return document.key().name()
                + "_"
                + document.key().namespace()
                + "("
                + document.uid()
                + ")";
    }
}
