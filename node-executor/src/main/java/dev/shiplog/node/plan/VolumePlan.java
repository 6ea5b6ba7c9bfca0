package dev.shiplog.node.plan;

import dev.shiplog.node.volume.PodVolumes;
import dev.shiplog.node.volume.Volume;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What to do next about a pod's volumes. Pure. */
final class VolumePlan {
    /** Kubernetes' reason for everything that keeps a volume from being there. */
    static final String FAILED = "FailedMount";

    /** How often volumes with a limit are measured. */
    static final Duration MEASURED_EVERY = Duration.ofSeconds(30);

    private VolumePlan() {}

    /**
     * @param ready whether containers may be started
     * @param history what to remember, if the notes are told
     */
    record Verdict(
            boolean ready,
            Optional<Effect> effect,
            List<PodNote> notes,
            VolumeHistory history,
            Optional<Instant> lookAgain) {}

    static Verdict decide(PodTask task, VolumeHistory history, NodeFacts node, Instant now) {
        boolean made = history.made().isPresent();
        PodVolumes wished;
        try {
            wished = VolumeSpecs.of(task, node);
        } catch (ConfigError missing) {
            // The order comes again when what is missing is there.
            List<PodNote> notes =
                    history.noted().equals(missing.text())
                            ? List.of()
                            : List.of(PodNote.warning(FAILED, missing.text()));
            return new Verdict(
                    made,
                    Optional.empty(),
                    notes,
                    history.withNoted(missing.text()),
                    Optional.empty());
        }
        if (wished.volumes().isEmpty()) {
            return new Verdict(true, Optional.empty(), List.of(), history, Optional.empty());
        }
        boolean same = history.made().filter(wished::equals).isPresent();
        boolean young = history.renewAt().filter(at -> !now.isBefore(at)).isEmpty();
        if (same && young) {
            return measured(wished, history, now);
        }
        Optional<Instant> held =
                history.failed()
                        .filter(wished::equals)
                        .flatMap(_ -> history.held())
                        .map(Held::until)
                        .filter(now::isBefore);
        if (held.isPresent()) {
            return new Verdict(made, Optional.empty(), List.of(), history, held);
        }
        return new Verdict(
                made,
                Optional.of(new Effect.MakeVolumes(wished)),
                List.of(),
                history,
                Optional.empty());
    }

    private static Verdict measured(PodVolumes wished, VolumeHistory history, Instant now) {
        boolean limited =
                wished.volumes().stream()
                        .anyMatch(volume ->
                                volume instanceof Volume.EmptyDir empty
                                        && !empty.memory()
                                        && empty.limitBytes().isPresent());
        if (!limited) {
            return new Verdict(true, Optional.empty(), List.of(), history, history.renewAt());
        }
        Instant due = history.measured().map(at -> at.plus(MEASURED_EVERY)).orElse(now);
        if (now.isBefore(due)) {
            Instant next = history.renewAt().filter(due::isAfter).orElse(due);
            return new Verdict(true, Optional.empty(), List.of(), history, Optional.of(next));
        }
        return new Verdict(
                true,
                Optional.of(new Effect.MeasureVolumes(wished.uid().value())),
                List.of(),
                history,
                Optional.empty());
    }

    /** The end of a pod with a volume that holds more than it may. */
    static Optional<PodPhase> eviction(VolumeHistory history, SortedMap<String, Long> usage) {
        for (Volume volume : history.made().map(PodVolumes::volumes).orElse(List.of())) {
            if (volume instanceof Volume.EmptyDir empty
                    && empty.limitBytes().isPresent()
                    && usage.getOrDefault(empty.name(), 0L) > empty.limitBytes().getAsLong()) {
                return Optional.of(
                        new PodPhase(
                                "Failed",
                                Eviction.REASON,
                                "Usage of EmptyDir volume \""
                                        + empty.name()
                                        + "\" exceeds the limit \""
                                        + QuantityText.bytes(empty.limitBytes().getAsLong())
                                        + "\". "));
            }
        }
        return Optional.empty();
    }
}
