package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.InternetProtocol;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;

import dev.shiplog.node.runtime.PauseProgram;
import dev.shiplog.node.runtime.ResolvConf;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxNames;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes sandboxes: containers that sleep, and whose namespaces the pod's containers join. */
final class Sandboxes {
    private final Engine engine;
    private final Owner owner;
    private final Images images;
    private final PodNetwork network;
    private final String machineIp = PodNetwork.machineIp();

    Sandboxes(Engine engine, Owner owner, Images images, PodNetwork network) {
        this.engine = engine;
        this.owner = owner;
        this.images = images;
        this.network = network;
    }

    /** Call with the pod's lock held. A sandbox that is there but stopped is started again. */
    SandboxStatus run(SandboxSpec spec) throws RuntimeFailure {
        String doing = "starting the sandbox of pod " + spec.namespace() + "/" + spec.podName();
        try {
            if (!spec.hostNetwork()) {
                network.ensure();
            }
            Optional<String> created = create(doing, spec);
            String id = created.orElse(owner.sandboxName(spec));
            if (created.isEmpty()) {
                SandboxStatus there = status(inspect(doing, id));
                if (there.running()) {
                    return there;
                }
            }
            start(doing, spec, id);
            InspectContainerResponse started = inspect(doing, id);
            SandboxStatus status = status(started);
            SandboxFiles.write(spec, started, status.ip());
            return status;
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        }
    }

    SandboxStatus status(InspectContainerResponse seen) {
        return Observation.sandbox(seen, machineIp);
    }

    /** Its id; empty when a sandbox of this name is there already. */
    private Optional<String> create(String doing, SandboxSpec spec) throws RuntimeFailure {
        try {
            return Optional.of(createOnce(doing, spec));
        } catch (ConflictException there) {
            return Optional.empty();
        } catch (NotFoundException noImage) {
            images.loadPause();
            return Optional.of(createOnce(doing, spec));
        }
    }

    private String createOnce(String doing, SandboxSpec spec) throws RuntimeFailure {
        return engine.call(doing, Engine.WORK_LIMIT, () -> command(spec).exec().getId());
    }

    private void start(String doing, SandboxSpec spec, String id) throws RuntimeFailure {
        try {
            startOnce(doing, id);
        } catch (NotFoundException noNetwork) {
            // Removed by another node's purge, or by hand, since this program made it.
            if (spec.hostNetwork() || !Failures.message(noNetwork).contains("network")) {
                throw noNetwork;
            }
            network.forget();
            network.ensure();
            startOnce(doing, id);
        }
    }

    private void startOnce(String doing, String id) throws RuntimeFailure {
        try {
            engine.call(
                    doing, Engine.WORK_LIMIT, () -> engine.client().startContainerCmd(id).exec());
        } catch (NotModifiedException running) {
            return;
        }
    }

    private InspectContainerResponse inspect(String doing, String id) throws RuntimeFailure {
        return engine.ask(doing, () -> engine.client().inspectContainerCmd(id).exec());
    }

    /** Stopped with SIGKILL, as {@link PauseProgram} ignores all else: no delay at shutdown. */
    private CreateContainerCmd command(SandboxSpec spec) {
        HostConfig host =
                HostConfig.newHostConfig()
                        .withIpcMode("shareable")
                        .withNetworkMode(spec.hostNetwork() ? "host" : owner.network())
                        .withLogConfig(LogFiles.none());
        CreateContainerCmd command =
                engine.client()
                        .createContainerCmd(Images.PAUSE)
                        .withName(owner.sandboxName(spec))
                        .withHostName(spec.hostname())
                        .withStopSignal("SIGKILL")
                        .withLabels(owner.sandboxLabels(spec));
        tellNames(host, spec.names());
        if (!spec.hostNetwork() && !spec.ports().isEmpty()) {
            List<PortBinding> bindings = spec.ports().stream().map(Sandboxes::binding).toList();
            host.withPortBindings(bindings);
            command.withExposedPorts(bindings.stream().map(PortBinding::getExposedPort).toList());
        }
        return command.withHostConfig(host);
    }

    /** For an Engine on another machine, whose files cannot be written: {@link SandboxFiles}. */
    private static void tellNames(HostConfig host, SandboxNames names) {
        ResolvConf resolver = names.resolver();
        if (!resolver.nameservers().isEmpty()) {
            host.withDns(resolver.nameservers())
                    .withDnsSearch(resolver.searches())
                    .withDnsOptions(resolver.options());
        }
        host.withExtraHosts(
                names.aliases().stream()
                        .flatMap(alias ->
                                alias.hostnames().stream().map(name -> name + ":" + alias.ip()))
                        .toArray(String[]::new));
    }

    private static PortBinding binding(SandboxSpec.PortMapping port) {
        Ports.Binding from =
                port.hostIp().isEmpty()
                        ? Ports.Binding.bindPort(port.hostPort())
                        : Ports.Binding.bindIpAndPort(port.hostIp(), port.hostPort());
        InternetProtocol protocol =
                InternetProtocol.parse(port.protocol().toLowerCase(Locale.ROOT));
        return new PortBinding(from, new ExposedPort(port.containerPort(), protocol));
    }
}
