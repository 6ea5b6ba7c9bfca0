package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One container's record. Every access is under the host's lock. */
final class SimulatedContainer {
    /** Lines beyond this many are dropped. */
    private static final int MAX_LINES = 10_000;

    final String id;
    final SimulatedPod pod;
    final ContainerSpec spec;
    final Script script;
    final List<Line> lines = new ArrayList<>();
    int answers = 200;
    private final String imageId;
    private final Optional<Instant> started;
    private Optional<ContainerStatus.Ended> ended = Optional.empty();

    SimulatedContainer(
            String id,
            SimulatedPod pod,
            ContainerSpec spec,
            Script script,
            String imageId,
            Optional<Instant> started) {
        this.id = id;
        this.pod = pod;
        this.spec = spec;
        this.script = script;
        this.imageId = imageId;
        this.started = started;
    }

    ContainerStatus status() {
        return new ContainerStatus(
                id, spec.name(), spec.attempt(), spec.image(), imageId, started, ended);
    }

    boolean live() {
        return ended.isEmpty();
    }

    void end(int code, boolean oomKilled, Instant at, String message) {
        if (live()) {
            ended = Optional.of(new ContainerStatus.Ended(code, oomKilled, at, message));
        }
    }

    void print(String text, Instant at) {
        if (lines.size() < MAX_LINES) {
            lines.add(new Line(at, text));
        }
    }

    /** One line of output, without its line feed. */
    record Line(Instant at, String text) {}
}
