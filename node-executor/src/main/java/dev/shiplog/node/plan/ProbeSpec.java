package dev.shiplog.node.plan;

import dev.shiplog.node.probe.Handler;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One probe of a container, with what Kubernetes takes where the pod does not say.
 *
 * @param initialDelay from the container's start to the first question
 * @param timeout how long an answer may take
 * @param successThreshold how many good answers in a row make it good
 * @param failureThreshold how many bad answers in a row make it bad
 * @param graceSeconds how long the container gets to end because of it, instead of the pod's
 */
record ProbeSpec(
        ProbeKind kind,
        Handler handler,
        Duration initialDelay,
        Duration timeout,
        Duration period,
        int successThreshold,
        int failureThreshold,
        OptionalLong graceSeconds) {
    private static final int DEFAULT_PERIOD_SECONDS = 10;
    private static final int DEFAULT_FAILURES = 3;

    /** A container's probes, in the order of their kinds. */
    static List<ProbeSpec> of(Container container) {
        List<ProbeSpec> all = new ArrayList<>();
        add(all, ProbeKind.STARTUP, container, container.getStartupProbe());
        add(all, ProbeKind.LIVENESS, container, container.getLivenessProbe());
        add(all, ProbeKind.READINESS, container, container.getReadinessProbe());
        return all;
    }

    static Optional<ProbeSpec> of(Container container, ProbeKind kind) {
        return of(container).stream().filter(spec -> spec.kind == kind).findFirst();
    }

    private static void add(
            List<ProbeSpec> all, ProbeKind kind, Container container, @Nullable Probe probe) {
        if (probe == null) {
            return;
        }
        Long grace = probe.getTerminationGracePeriodSeconds();
        all.add(
                new ProbeSpec(
                        kind,
                        Handlers.of(container, probe),
                        Duration.ofSeconds(orZero(probe.getInitialDelaySeconds())),
                        Duration.ofSeconds(positive(probe.getTimeoutSeconds(), 1)),
                        Duration.ofSeconds(
                                positive(probe.getPeriodSeconds(), DEFAULT_PERIOD_SECONDS)),
                        positive(probe.getSuccessThreshold(), 1),
                        positive(probe.getFailureThreshold(), DEFAULT_FAILURES),
                        grace == null ? OptionalLong.empty() : OptionalLong.of(grace)));
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static int positive(@Nullable Integer value, int otherwise) {
        return value == null || value <= 0 ? otherwise : value;
    }
}
