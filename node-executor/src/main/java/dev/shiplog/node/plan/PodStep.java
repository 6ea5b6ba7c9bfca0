package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.SandboxStatus;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one look at a pod leads to.
 *
 * @param effects to be carried out side by side; their results are told to {@link
 *     PodOutcomes#after} before the next look
 * @param notes what people are told now
 * @param views the containers as the status shows them: init containers first, in the order of the
 *     pod's document
 * @param sandbox the live sandbox
 * @param history for the next look
 * @param lookAgain when to look again even if nothing happens
 * @param gone whether the pod was to stop and nothing is left of it
 */
public record PodStep(
        List<Effect> effects,
        List<PodNote> notes,
        List<ContainerView> views,
        PodPhase phase,
        Optional<SandboxStatus> sandbox,
        PodHistory history,
        Optional<Instant> lookAgain,
        boolean gone) {
    public PodStep {
        effects = List.copyOf(effects);
        notes = List.copyOf(notes);
        views = List.copyOf(views);
    }
}
