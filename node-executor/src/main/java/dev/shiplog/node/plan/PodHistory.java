package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What is remembered of a pod between two looks. What must survive this program is not here: it is
 * read back from the runtime and from the pod's status.
 *
 * @param startTime when the node took the pod up
 * @param containers by name
 * @param held what holds back the next try with the sandbox
 * @param sandboxSeen whether the pod's sandbox was alive at the last look
 * @param end present once the pod's phase is final
 * @param ending present once its containers have been told to end
 * @param volumes what is remembered of its volumes
 */
public record PodHistory(
        Instant startTime,
        SortedMap<String, ContainerHistory> containers,
        Optional<Held> held,
        boolean sandboxSeen,
        Optional<PodPhase> end,
        Optional<Ending> ending,
        VolumeHistory volumes) {
    public PodHistory {
        containers = Collections.unmodifiableSortedMap(new TreeMap<>(containers));
    }

    /**
     * The beginning.
     *
     * @param startTime when the node took the pod up
     * @param views what the pod's status says of its containers; none for a new pod
     * @param phase what the pod's status says
     */
    public static PodHistory begin(Instant startTime, List<ContainerView> views, PodPhase phase) {
        SortedMap<String, ContainerHistory> containers = new TreeMap<>();
        views.forEach(view -> containers.put(view.name(), ContainerHistory.of(view)));
        return new PodHistory(
                startTime,
                containers,
                Optional.empty(),
                views.stream().anyMatch(view -> !view.containerId().isEmpty()),
                phase.terminal() ? Optional.of(phase) : Optional.empty(),
                Optional.empty(),
                VolumeHistory.NONE);
    }

    ContainerHistory container(String name) {
        return containers.getOrDefault(name, ContainerHistory.NONE);
    }

    /** After a look at the runtime. */
    PodHistory seeing(List<String> names, Optional<ObservedPod> observed, Instant now) {
        SortedMap<String, ContainerHistory> after = new TreeMap<>(containers);
        for (String name : names) {
            after.put(name, container(name).seeing(listed(observed, name), now));
        }
        return new PodHistory(startTime, after, held, sandboxSeen, end, ending, volumes);
    }

    static List<ContainerStatus> listed(Optional<ObservedPod> observed, String name) {
        return observed.map(ObservedPod::containers).orElse(List.of()).stream()
                .filter(container -> container.name().equals(name))
                .toList();
    }

    PodHistory with(String name, UnaryOperator<ContainerHistory> change) {
        SortedMap<String, ContainerHistory> after = new TreeMap<>(containers);
        after.put(name, change.apply(container(name)));
        return new PodHistory(startTime, after, held, sandboxSeen, end, ending, volumes);
    }

    PodHistory withHeld(Optional<Held> value) {
        return new PodHistory(startTime, containers, value, sandboxSeen, end, ending, volumes);
    }

    PodHistory withSandboxSeen(boolean value) {
        return new PodHistory(startTime, containers, held, value, end, ending, volumes);
    }

    /** The pod's phase is final, whatever its containers say. */
    public PodHistory withEnd(PodPhase value) {
        return new PodHistory(
                startTime, containers, held, sandboxSeen, Optional.of(value), ending, volumes);
    }

    /** A later order may only shorten what is left. */
    PodHistory withEnding(Ending value) {
        return new PodHistory(
                startTime,
                containers,
                held,
                sandboxSeen,
                end,
                Optional.of(ending.map(before -> before.orSooner(value)).orElse(value)),
                volumes);
    }

    PodHistory withVolumes(VolumeHistory value) {
        return new PodHistory(startTime, containers, held, sandboxSeen, end, ending, value);
    }
}
