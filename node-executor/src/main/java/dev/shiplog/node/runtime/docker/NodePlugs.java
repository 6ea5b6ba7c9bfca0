package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Info;

import dev.shiplog.node.network.pod.HostPort;
import dev.shiplog.node.network.pod.Plug;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.network.pod.PortTaken;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.SandboxSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Plugs sandboxes into the node's own network instead of one of the Engine's. A sandbox's labels
 * say its address and ports: so nothing else has to be kept.
 */
final class NodePlugs {
    /** The pod's address in the node's network. */
    static final String POD_IP = "dev.shiplog.pod.ip";

    /** Ports of the machine: {@code 8080:80/TCP@192.0.2.1}, separated by commas. */
    static final String HOST_PORTS = "dev.shiplog.pod.host-ports";

    private static final int ID_LENGTH = 12;

    private final PodNetwork network;
    private boolean adopted;

    NodePlugs(PodNetwork network) {
        this.network = network;
    }

    /**
     * Why an Engine's sandboxes cannot be plugged in by this program; empty if they can: the
     * Engine's processes must be this kernel's and this program root's.
     */
    static Optional<String> objection(Engine engine) {
        Optional<String> here = PodNetwork.objection();
        if (here.isPresent()) {
            return here;
        }
        try {
            Info info =
                    engine.ask("asking about the Engine", () -> engine.client().infoCmd().exec());
            String kernel = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
            String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            boolean rootless =
                    Stream.ofNullable(info.getSecurityOptions())
                            .flatMap(List::stream)
                            .anyMatch(option -> option.contains("rootless"));
            boolean same = kernel.equals(info.getKernelVersion()) && host.equals(info.getName());
            return rootless || !same
                    ? Optional.of(
                            "the Docker Engine's containers are not processes of this machine:"
                                    + " pods are on a network of the Engine's, and Services lead"
                                    + " nowhere")
                    : Optional.empty();
        } catch (RuntimeFailure | DockerException | IOException failure) {
            return Optional.of("the Docker Engine does not say where it is: " + failure);
        }
    }

    /** What can be done here, for people. */
    String describe() {
        return network.describe();
    }

    String gateway() throws IOException {
        return network.gateway();
    }

    /** Whether {@link #adopt} is still to be called. */
    synchronized boolean strange() {
        return !adopted;
    }

    /** Takes up sandboxes that are there when the program starts. */
    synchronized void adopt(List<InspectContainerResponse> sandboxes)
            throws IOException, RuntimeFailure {
        if (adopted) {
            return;
        }
        for (InspectContainerResponse seen : sandboxes) {
            Optional<Plug> plug = plug(seen.getId(), Observation.labels(seen));
            if (plug.isPresent()) {
                network.keep(plug.get().address());
                Optional<Path> netns =
                        Observation.running(seen) ? namespace(seen) : Optional.empty();
                if (netns.isPresent()) {
                    network.keep(plug.get(), netns.get());
                }
            }
        }
        adopted = true;
    }

    /** What a new sandbox's labels say besides, with an address that was free. */
    Map<String, String> allocate(SandboxSpec spec) throws IOException {
        return Map.of(POD_IP, network.allocate(), HOST_PORTS, ports(spec.ports()));
    }

    /** Gives back what was allocated for a sandbox that was not made. */
    void free(Map<String, String> labels) {
        network.free(labels.getOrDefault(POD_IP, ""));
    }

    /**
     * Plugs a running sandbox in.
     *
     * @param fresh whether it was just started, so that no cable can be good
     */
    void plugIn(InspectContainerResponse seen, boolean fresh) throws IOException, RuntimeFailure {
        Optional<Plug> plug = plug(seen.getId(), Observation.labels(seen));
        if (plug.isEmpty() || (!fresh && network.plugged(plug.get()))) {
            return;
        }
        Path netns =
                namespace(seen)
                        .orElseThrow(() ->
                                new RuntimeFailure(
                                        Kind.OTHER,
                                        "expected the process "
                                                + seen.getState().getPidLong()
                                                + " of sandbox "
                                                + seen.getId()
                                                + " on this machine, to plug it into the network"));
        try {
            network.plugIn(plug.get(), netns);
        } catch (PortTaken taken) {
            throw new RuntimeFailure(Kind.INVALID_SPEC, String.valueOf(taken.getMessage()), taken);
        }
    }

    /** Takes the cable of a sandbox away that is removed, and frees its address. */
    void unplug(String id, Map<String, String> labels) throws IOException {
        Optional<Plug> plug = plug(id, labels);
        if (plug.isPresent()) {
            network.unplug(plug.get());
            network.free(plug.get().address());
        }
    }

    void purge() throws IOException {
        network.purge();
    }

    private static Optional<Plug> plug(String id, Map<String, String> labels) {
        String address = labels.getOrDefault(POD_IP, "");
        return address.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Plug(
                                id.substring(0, ID_LENGTH),
                                address,
                                parse(labels.getOrDefault(HOST_PORTS, ""))));
    }

    /** Empty if its process is not this machine's. */
    static Optional<Path> namespace(InspectContainerResponse seen) {
        Long pid = seen.getState().getPidLong();
        if (pid == null || pid <= 0) {
            return Optional.empty();
        }
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            return Files.readString(process.resolve("cgroup")).contains(seen.getId())
                    ? Optional.of(process.resolve("ns").resolve("net"))
                    : Optional.empty();
        } catch (IOException notHere) {
            return Optional.empty();
        }
    }

    private static String ports(List<SandboxSpec.PortMapping> ports) {
        return ports.stream()
                .map(port ->
                        port.hostPort()
                                + ":"
                                + port.containerPort()
                                + "/"
                                + port.protocol()
                                + "@"
                                + port.hostIp())
                .collect(Collectors.joining(","));
    }

    private static List<HostPort> parse(String text) {
        return Stream.of(text.split(",", -1))
                .filter(part -> !part.isEmpty())
                .map(part -> {
                    String[] fields = part.split("[:/@]", -1);
                    return new HostPort(
                            Integer.parseInt(fields[0]),
                            Integer.parseInt(fields[1]),
                            fields[2],
                            fields[3]);
                })
                .toList();
    }
}
