package dev.shiplog.node.worker;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.link.PodInputs;
import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.node.plan.Effect;
import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.plan.PodHistory;
import dev.shiplog.node.plan.PodNote;
import dev.shiplog.node.plan.PodOutcomes;
import dev.shiplog.node.plan.PodPlan;
import dev.shiplog.node.plan.PodStep;
import dev.shiplog.node.plan.PodTask;
import dev.shiplog.node.report.PodReports;
import dev.shiplog.node.report.PodStatusReader;
import dev.shiplog.node.report.PodStatusWriter;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * One life of a pod on this node, one turn at a time: look, plan, report. It carries out nothing
 * and waits for nothing, so a test can live it in no time. Not safe for several threads.
 *
 * <p>Invariant: a status is reported when it settles, gets worse, or before something slow, so that
 * a pod that starts quickly costs two reports and not one for each step.
 */
final class PodLife {
    /** How soon to ask again after the runtime did not answer. */
    static final Duration RUNTIME_RETRY = Duration.ofSeconds(1);

    /** Who notes what happens on a node, as in Kubernetes. */
    private static final String COMPONENT = "kubelet";

    private static final Logger LOG = LoggerFactory.getLogger(PodLife.class);

    private final ResourceKey key;
    private final Uid uid;
    private final PodRuntime runtime;
    private final NodeFacts node;
    private final PodReports reports;

    private Optional<Resource> document = Optional.empty();
    private Optional<PodHistory> history = Optional.empty();
    private Optional<ObservedPod> observed = Optional.empty();
    private OptionalLong stopGrace = OptionalLong.empty();
    private PodInputs inputs = PodInputs.NONE;
    private boolean mustLook = true;
    private Json published = Json.EMPTY;
    private Set<String> publishedReady = new TreeSet<>();
    private final List<Position> takenUp = new ArrayList<>();
    private final List<Position> stops = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    PodLife(ResourceKey key, Uid uid, PodRuntime runtime, NodeFacts node, PodReports reports) {
        this.key = key;
        this.uid = uid;
        this.runtime = runtime;
        this.node = node;
        this.reports = reports;
    }

    /**
     * What a turn leads to.
     *
     * @param effects to be carried out before the next turn, each followed by {@link #after}
     * @param views the pod's containers
     * @param gone whether this life is over
     */
    record Turn(
            List<Effect> effects,
            Optional<Instant> lookAgain,
            List<ContainerView> views,
            boolean gone) {}

    /** A wish replaces the one before; no wish brings back what was told to stop. */
    void wish(Order order, Instant now) {
        switch (order) {
            case Order.Run(Position id, Resource pod, PodInputs found) -> {
                takenUp.add(id);
                inputs = found;
                begin(pod, now);
            }
            case Order.Stop stop -> {
                stops.add(stop.id());
                stop.document().ifPresent(pod -> begin(pod, now));
                stopGrace =
                        OptionalLong.of(
                                Math.min(stopGrace.orElse(Long.MAX_VALUE), stop.graceSeconds()));
            }
        }
    }

    private void begin(Resource pod, Instant now) {
        if (history.isEmpty()) {
            published = pod.status();
            publishedReady = PodStatusReader.ready(pod.status());
            history = Optional.of(PodStatusReader.history(pod.status(), now));
        } else if (!pod.status().equals(published) && !pod.status().isEmpty()) {
            // Somebody who could not see this node said something else of the pod, or what was
            // reported last is still on its way: either way it is said again.
            published = pod.status();
            publishedReady = PodStatusReader.ready(pod.status());
        }
        document = Optional.of(pod);
    }

    /** What is known to run may be out of date. */
    void lookAfresh() {
        mustLook = true;
    }

    Optional<ObservedPod> observed() {
        return observed;
    }

    Turn turn(Instant now) {
        if (mustLook) {
            try {
                observed = runtime.pod(uid.value());
                mustLook = false;
            } catch (RuntimeFailure e) {
                LOG.warn("pod {}: the runtime does not say what runs: {}", key, e.getMessage());
                return new Turn(List.of(), Optional.of(now.plus(RUNTIME_RETRY)), List.of(), false);
            }
        }
        return document.isPresent() && history.isPresent()
                ? planned(document.get(), history.get(), now)
                : stopUnknown();
    }

    private Turn planned(Resource pod, PodHistory before, Instant now) {
        PodStep step =
                PodPlan.next(new PodTask(pod, stopGrace, inputs), observed, before, node, now);
        history = Optional.of(step.history());
        note(step.notes());
        publish(pod, step, now);
        return new Turn(step.effects(), step.lookAgain(), step.views(), step.gone());
    }

    private Turn stopUnknown() {
        List<Effect> effects = PodPlan.stopUnknown(observed, stopGrace.orElse(0));
        boolean gone = effects.isEmpty();
        if (gone) {
            reports.report(new PodReport(key, uid, Json.EMPTY, true), drain(stops), List.of());
        }
        return new Turn(effects, Optional.empty(), List.of(), gone);
    }

    /** Takes in what became of an effect. */
    void after(Effect effect, EffectResult result, Instant now) {
        if (document.isEmpty() || history.isEmpty()) {
            mustLook = true;
            return;
        }
        PodOutcomes.Folded folded =
                PodOutcomes.after(
                        new PodTask(document.get(), stopGrace, inputs),
                        history.get(),
                        observed,
                        effect,
                        result,
                        now);
        history = Optional.of(folded.history());
        observed = folded.observed();
        mustLook |= folded.lookAfresh();
        note(folded.notes());
    }

    private void note(List<PodNote> more) {
        for (PodNote note : more) {
            notes.add(
                    new Note(
                            key,
                            uid,
                            note.warning(),
                            note.reason(),
                            note.message(),
                            COMPONENT,
                            node.node().value()));
        }
    }

    private void publish(Resource pod, PodStep step, Instant now) {
        Set<String> ready = ready(step);
        boolean stopping = stopGrace.isPresent();
        boolean settled = step.effects().stream().allMatch(Effect::slow);
        boolean worse = !stopping && !ready.containsAll(publishedReady);
        if (!settled && !worse && takenUp.isEmpty()) {
            return;
        }
        List<Position> orders = drain(takenUp);
        if (step.gone()) {
            orders.addAll(drain(stops));
        }
        Json status = PodStatusWriter.write(pod, step, published, node, now);
        if (step.gone() || !status.equals(published)) {
            reports.report(new PodReport(key, uid, status, step.gone()), orders, drain(notes));
            published = status;
            publishedReady = ready;
        } else if (!orders.isEmpty() || !notes.isEmpty()) {
            reports.tell(orders, drain(notes));
        }
    }

    private static Set<String> ready(PodStep step) {
        Set<String> ready = new TreeSet<>();
        step.views().stream().filter(ContainerView::ready).forEach(view -> ready.add(view.name()));
        return ready;
    }

    private static <T> List<T> drain(List<T> list) {
        List<T> drained = new ArrayList<>(list);
        list.clear();
        return drained;
    }
}
