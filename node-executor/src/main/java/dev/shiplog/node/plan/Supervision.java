package dev.shiplog.node.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of looking after one live container: its probes, its hooks, and whether it was
 * told to end.
 *
 * @param containerId whose; another container of the same name begins anew
 * @param wasStarted what the pod's status said before this program took it up
 * @param wasReady likewise: it stays so until a probe says otherwise
 * @param probes by kind; those that were not asked yet are missing
 * @param postStart how far the hook after its start is
 * @param preStop how far the hook before its end is
 * @param condemned present once it must end although the pod goes on
 */
record Supervision(
        String containerId,
        boolean wasStarted,
        boolean wasReady,
        Map<ProbeKind, ProbeState> probes,
        Hook postStart,
        Hook preStop,
        Optional<Ending> condemned) {
    /** How far a hook is. */
    enum Hook {
        DUE,
        DONE,
        /** It failed, and the container ends because of it. */
        FAILED
    }

    Supervision {
        EnumMap<ProbeKind, ProbeState> sorted = new EnumMap<>(ProbeKind.class);
        sorted.putAll(probes);
        probes = Collections.unmodifiableMap(sorted);
    }

    /** One that this program started. */
    static Supervision started(String containerId) {
        return new Supervision(
                containerId, false, false, Map.of(), Hook.DUE, Hook.DUE, Optional.empty());
    }

    /** One that was found running: its start is over. */
    static Supervision found(String containerId, boolean wasStarted, boolean wasReady) {
        return new Supervision(
                containerId, wasStarted, wasReady, Map.of(), Hook.DONE, Hook.DUE, Optional.empty());
    }

    Supervision with(ProbeKind kind, ProbeState state) {
        EnumMap<ProbeKind, ProbeState> after = new EnumMap<>(ProbeKind.class);
        after.putAll(probes);
        after.put(kind, state);
        return new Supervision(
                containerId, wasStarted, wasReady, after, postStart, preStop, condemned);
    }

    Supervision withPostStart(Hook value) {
        return new Supervision(
                containerId, wasStarted, wasReady, probes, value, preStop, condemned);
    }

    Supervision withPreStopDone() {
        return new Supervision(
                containerId, wasStarted, wasReady, probes, postStart, Hook.DONE, condemned);
    }

    Supervision withCondemned(Ending ending) {
        return new Supervision(
                containerId,
                wasStarted,
                wasReady,
                probes,
                postStart,
                preStop,
                condemned.or(() -> Optional.of(ending)));
    }
}
