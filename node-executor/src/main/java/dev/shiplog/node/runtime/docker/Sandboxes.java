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

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes sandboxes: containers that sleep, and whose namespaces the pod's containers join. */
final class Sandboxes {
    private final Engine engine;
    private final Owner owner;
    private final Images images;
    private final EngineNetwork network;

    /** How sandboxes are plugged in by this program; empty on the Engine's network. */
    private final Optional<NodePlugs> plugs;

    private final String machineIp = EngineNetwork.machineIp();

    Sandboxes(
            Engine engine,
            Owner owner,
            Images images,
            EngineNetwork network,
            Optional<NodePlugs> plugs) {
        this.plugs = plugs;
        this.engine = engine;
        this.owner = owner;
        this.images = images;
        this.network = network;
    }

    /** Call with the pod's lock held. A sandbox that is there but stopped is started again. */
    SandboxStatus run(SandboxSpec spec) throws RuntimeFailure, IOException {
        String doing = "starting the sandbox of pod " + spec.namespace() + "/" + spec.podName();
        Optional<NodePlugs> ours = spec.hostNetwork() ? Optional.empty() : plugs;
        try {
            if (!spec.hostNetwork() && ours.isEmpty()) {
                network.ensure();
            }
            Optional<String> created = create(doing, spec, ours);
            String id = created.orElse(owner.sandboxName(spec));
            if (created.isEmpty()) {
                InspectContainerResponse there = inspect(doing, id);
                if (Observation.running(there)) {
                    plugIn(ours, there, false);
                    return status(there);
                }
            }
            start(doing, spec, id);
            InspectContainerResponse started = inspect(doing, id);
            plugIn(ours, started, true);
            SandboxStatus status = status(started);
            SandboxFiles.write(spec, started, status.ip());
            return status;
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        }
    }

    private static void plugIn(
            Optional<NodePlugs> ours, InspectContainerResponse sandbox, boolean fresh)
            throws RuntimeFailure, IOException {
        if (ours.isPresent() && Observation.running(sandbox)) {
            ours.get().plugIn(sandbox, fresh);
        }
    }

    SandboxStatus status(InspectContainerResponse seen) {
        return Observation.sandbox(seen, machineIp);
    }

    /** Its id; empty when a sandbox of this name is there already. */
    private Optional<String> create(String doing, SandboxSpec spec, Optional<NodePlugs> ours)
            throws RuntimeFailure, IOException {
        Map<String, String> more = ours.isPresent() ? ours.get().allocate(spec) : Map.of();
        boolean made = false;
        try {
            Optional<String> id = create(doing, spec, more);
            made = id.isPresent();
            return id;
        } finally {
            if (!made) {
                ours.ifPresent(plugs -> plugs.free(more));
            }
        }
    }

    private Optional<String> create(String doing, SandboxSpec spec, Map<String, String> more)
            throws RuntimeFailure {
        try {
            return Optional.of(createOnce(doing, spec, more));
        } catch (ConflictException there) {
            return Optional.empty();
        } catch (NotFoundException noImage) {
            images.loadPause();
            return Optional.of(createOnce(doing, spec, more));
        }
    }

    private String createOnce(String doing, SandboxSpec spec, Map<String, String> more)
            throws RuntimeFailure {
        return engine.call(doing, Engine.WORK_LIMIT, () -> command(spec, more).exec().getId());
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
    private CreateContainerCmd command(SandboxSpec spec, Map<String, String> more) {
        Map<String, String> labels = owner.sandboxLabels(spec);
        labels.putAll(more);
        String mode = more.isEmpty() ? owner.network() : "none";
        HostConfig host =
                HostConfig.newHostConfig()
                        .withIpcMode("shareable")
                        .withNetworkMode(spec.hostNetwork() ? "host" : mode)
                        .withLogConfig(LogFiles.none());
        CreateContainerCmd command =
                engine.client()
                        .createContainerCmd(Images.PAUSE)
                        .withName(owner.sandboxName(spec))
                        .withHostName(spec.hostname())
                        .withStopSignal("SIGKILL")
                        .withLabels(labels);
        tellNames(host, spec.names());
        if (!spec.hostNetwork() && more.isEmpty() && !spec.ports().isEmpty()) {
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
