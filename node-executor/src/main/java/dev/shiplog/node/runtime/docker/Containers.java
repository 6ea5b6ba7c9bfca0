package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.SandboxStatus;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts, stops and removes the containers of pods. */
final class Containers {
    private final Engine engine;
    private final Owner owner;

    Containers(Engine engine, Owner owner) {
        this.engine = engine;
        this.owner = owner;
    }

    /** Call with the lock of this pod's container of this name held. */
    ContainerStatus start(SandboxStatus sandbox, ContainerSpec spec) throws RuntimeFailure {
        String doing = "starting container \"" + spec.name() + "\"";
        refuseBesideAnother(doing, sandbox, spec);
        Optional<String> created = create(doing, sandbox, spec);
        String id = created.orElse(owner.containerName(sandbox, spec));
        if (created.isEmpty()) {
            ContainerStatus there = status(doing, id);
            if (there.started().isPresent() || there.ended().isPresent()) {
                return there;
            }
        }
        startCreated(doing, spec, id);
        return status(doing, id);
    }

    /** The Engine keeps names unique, but another attempt has another name. */
    private void refuseBesideAnother(String doing, SandboxStatus sandbox, ContainerSpec spec)
            throws RuntimeFailure {
        Map<String, String> labels = owner.labels(sandbox.podUid());
        labels.put(Owner.CONTAINER, spec.name());
        List<Container> live =
                engine.ask(
                        doing,
                        () -> engine.client().listContainersCmd().withLabelFilter(labels).exec());
        for (Container other : live) {
            String attempt = other.getLabels().getOrDefault(Owner.ATTEMPT, "");
            if (!attempt.equals(Integer.toString(spec.attempt()))) {
                throw new RuntimeFailure(
                        Kind.INVALID_SPEC,
                        "%s: expected its earlier attempts to have ended, but attempt %s still runs (%s)"
                                .formatted(doing, attempt, other.getId()));
            }
        }
    }

    /** Its id; empty when a container of this name and attempt is there already. */
    private Optional<String> create(String doing, SandboxStatus sandbox, ContainerSpec spec)
            throws RuntimeFailure {
        try {
            CreateContainerCmd command =
                    ContainerRequest.of(
                            engine.client(),
                            spec,
                            sandbox.id(),
                            owner.containerName(sandbox, spec),
                            owner.containerLabels(sandbox, spec));
            return Optional.of(engine.call(doing, Engine.WORK_LIMIT, () -> command.exec().getId()));
        } catch (ConflictException there) {
            return Optional.empty();
        } catch (NotFoundException absent) {
            String message = Failures.message(absent);
            boolean image = message.contains("image");
            throw new RuntimeFailure(
                    image ? Kind.IMAGE_NOT_FOUND : Kind.OTHER, doing + ": " + message, absent);
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        }
    }

    private void startCreated(String doing, ContainerSpec spec, String id) throws RuntimeFailure {
        try {
            engine.call(
                    doing, Engine.WORK_LIMIT, () -> engine.client().startContainerCmd(id).exec());
        } catch (NotModifiedException running) {
            return;
        } catch (DockerException refused) {
            String message = Failures.message(refused);
            boolean noSandbox =
                    message.contains("cannot join network")
                            || message.contains("No such container");
            if (!noSandbox) {
                throw Failures.start(spec.name(), refused);
            }
            remove(id);
            throw new RuntimeFailure(
                    Kind.OTHER, doing + ": the pod's sandbox is gone: " + message, refused);
        }
    }

    ContainerStatus stop(String id, Duration grace) throws RuntimeFailure {
        String doing = "stopping container " + id;
        try {
            if (grace.isZero()) {
                engine.call(
                        doing,
                        Engine.WORK_LIMIT,
                        () -> engine.client().killContainerCmd(id).exec());
            } else {
                int seconds = Math.toIntExact(grace.plusMillis(999).toSeconds());
                engine.call(
                        doing,
                        Engine.WORK_LIMIT.plus(grace),
                        () -> engine.client().stopContainerCmd(id).withTimeout(seconds).exec());
            }
        } catch (NotModifiedException | ConflictException ended) {
            return status(doing, id);
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        }
        return status(doing, id);
    }

    void remove(String id) throws RuntimeFailure {
        remove(id, false);
    }

    /** Kills it first if it runs; waits out a removal that is already under way. */
    void removeByForce(String id) throws RuntimeFailure {
        remove(id, true);
    }

    private void remove(String id, boolean force) throws RuntimeFailure {
        String doing = "removing container " + id;
        try {
            engine.call(
                    doing,
                    Engine.WORK_LIMIT,
                    () ->
                            engine.client()
                                    .removeContainerCmd(id)
                                    .withForce(force)
                                    .withRemoveVolumes(true)
                                    .exec());
        } catch (NotFoundException gone) {
            return;
        } catch (DockerException refused) {
            if (!Failures.message(refused).contains("already in progress")) {
                throw Failures.of(doing, refused);
            }
        }
    }

    boolean runs(String id) throws RuntimeFailure {
        return inspect(id).filter(Observation::running).isPresent();
    }

    /** Empty when it is gone. */
    Optional<InspectContainerResponse> inspect(String id) throws RuntimeFailure {
        try {
            return Optional.of(
                    engine.ask(
                            "looking at container " + id,
                            () -> engine.client().inspectContainerCmd(id).exec()));
        } catch (NotFoundException gone) {
            return Optional.empty();
        }
    }

    private ContainerStatus status(String doing, String id) throws RuntimeFailure {
        return inspect(id)
                .map(Observation::container)
                .orElseThrow(() ->
                        new RuntimeFailure(Kind.OTHER, doing + ": there is no container " + id));
    }
}
