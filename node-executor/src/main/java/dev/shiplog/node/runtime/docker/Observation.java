package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.NetworkSettings;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.SandboxStatus;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What the Engine says of a container, in our words. */
final class Observation {
    /** What a container's exit code is when it could not be created far enough to have one. */
    private static final int CANNOT_START = 128;

    /** The Engine's word for "never". */
    private static final String ZERO_TIME = "0001-01-01T00:00:00Z";

    private Observation() {}

    static boolean isSandbox(Map<String, String> labels) {
        return !labels.containsKey(Owner.CONTAINER);
    }

    static Map<String, String> labels(InspectContainerResponse seen) {
        return Optional.ofNullable(seen.getConfig().getLabels()).orElse(Map.of());
    }

    static boolean running(InspectContainerResponse seen) {
        return Boolean.TRUE.equals(seen.getState().getRunning());
    }

    static SandboxStatus sandbox(InspectContainerResponse seen, String machineIp) {
        Map<String, String> labels = labels(seen);
        boolean running = running(seen);
        boolean hostNetwork = Boolean.parseBoolean(labels.get(Owner.HOST_NETWORK));
        String plugged = labels.getOrDefault(NodePlugs.POD_IP, "");
        String own = plugged.isEmpty() ? podIp(seen.getNetworkSettings()) : plugged;
        String ip = hostNetwork ? machineIp : own;
        return new SandboxStatus(
                seen.getId(),
                labels.getOrDefault(Owner.POD_UID, ""),
                labels.getOrDefault(Owner.POD_NAMESPACE, ""),
                labels.getOrDefault(Owner.POD_NAME, ""),
                running,
                running ? ip : "",
                Instant.parse(seen.getCreated()));
    }

    private static String podIp(NetworkSettings settings) {
        return settings.getNetworks().values().stream()
                .map(ContainerNetwork::getIpAddress)
                .filter(ip -> ip != null && !ip.isEmpty())
                .findFirst()
                .orElse("");
    }

    static ContainerStatus container(InspectContainerResponse seen) {
        Map<String, String> labels = labels(seen);
        InspectContainerResponse.ContainerState state = seen.getState();
        Optional<Instant> started = time(state.getStartedAt());
        return new ContainerStatus(
                seen.getId(),
                labels.getOrDefault(Owner.CONTAINER, ""),
                Integer.parseInt(labels.getOrDefault(Owner.ATTEMPT, "0")),
                labels.getOrDefault(Owner.IMAGE, ""),
                seen.getImageId(),
                started,
                ended(seen, started));
    }

    /**
     * A container that could not be started stays {@code created} with an error; one that waits to
     * be started is {@code created} without.
     */
    private static Optional<ContainerStatus.Ended> ended(
            InspectContainerResponse seen, Optional<Instant> started) {
        InspectContainerResponse.ContainerState state = seen.getState();
        String error = Optional.ofNullable(state.getError()).orElse("");
        boolean waits = "created".equals(state.getStatus()) && error.isEmpty();
        if (running(seen) || waits || "restarting".equals(state.getStatus())) {
            return Optional.empty();
        }
        long code = Optional.ofNullable(state.getExitCodeLong()).orElse(0L);
        boolean neverRan = started.isEmpty() && code == 0;
        Instant at =
                time(state.getFinishedAt())
                        .or(() -> started)
                        .orElseGet(() -> Instant.parse(seen.getCreated()));
        return Optional.of(
                new ContainerStatus.Ended(
                        neverRan ? CANNOT_START : (int) (code & 0xff),
                        Boolean.TRUE.equals(state.getOOMKilled()),
                        at,
                        Failures.cause(error)));
    }

    private static Optional<Instant> time(String text) {
        if (text == null || text.isEmpty() || text.equals(ZERO_TIME)) {
            return Optional.empty();
        }
        return Optional.of(Instant.parse(text));
    }
}
