package dev.shiplog.node.worker;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.link.PodInputs;
import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.node.plan.Effect;
import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.plan.Ending;
import dev.shiplog.node.plan.Eviction;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.plan.PodHistory;
import dev.shiplog.node.plan.PodNote;
import dev.shiplog.node.plan.PodOutcomes;
import dev.shiplog.node.plan.PodPhase;
import dev.shiplog.node.plan.PodPlan;
import dev.shiplog.node.plan.PodStep;
import dev.shiplog.node.plan.PodTask;
import dev.shiplog.node.report.PodReports;
import dev.shiplog.node.report.PodStatusReader;
import dev.shiplog.node.report.PodStatusWriter;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import io.fabric8.kubernetes.api.model.Pod;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final LastWords lastWords;
    private final NodeFacts node;
    private final PodReports reports;

    private Optional<Resource> document = Optional.empty();
    private Optional<PodHistory> history = Optional.empty();
    private Optional<ObservedPod> observed = Optional.empty();
    private Optional<Ending> stop = Optional.empty();
    private PodInputs inputs = PodInputs.NONE;
    private boolean mustLook = true;

    /** Whether the runtime did not answer the last look: said once for all that follow. */
    private boolean unanswered;

    private List<ContainerView> views = List.of();
    private Json published = Json.EMPTY;
    private Optional<Shown> shown = Optional.empty();
    private Set<String> publishedReady = new TreeSet<>();
    private final List<Position> takenUp = new ArrayList<>();
    private final List<Position> stops = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    /** By container id: each is listened to once. */
    private final Map<String, String> heard = new HashMap<>();

    PodLife(
            ResourceKey key,
            Uid uid,
            PodRuntime runtime,
            LastWords lastWords,
            NodeFacts node,
            PodReports reports) {
        this.lastWords = lastWords;
        this.key = key;
        this.uid = uid;
        this.runtime = runtime;
        this.node = node;
        this.reports = reports;
    }

    /**
     * What a turn leads to.
     *
     * @param effects to be carried out, each followed by {@link #after}; the slow ones again until
     *     that came, and those that are not here any more to be let go
     * @param views the pod's containers
     * @param gone whether this life is over
     */
    record Turn(
            List<Effect> effects,
            Optional<Instant> lookAgain,
            List<ContainerView> views,
            boolean gone) {}

    /** All that a status is made of. */
    private record Shown(
            Position document,
            List<ContainerView> views,
            PodPhase phase,
            Optional<SandboxStatus> sandbox) {}

    /** A wish replaces the one before; no wish brings back what was told to stop. */
    void wish(Order wish, Instant now) {
        switch (wish) {
            case Order.Run(Position id, Resource pod, PodInputs found) -> {
                takenUp.add(id);
                inputs = found;
                begin(pod, now);
            }
            case Order.Stop order -> {
                stops.add(order.id());
                order.document().ifPresent(pod -> begin(pod, now));
                Ending ending = Ending.of(now, order.graceSeconds());
                stop = Optional.of(stop.map(before -> before.orSooner(ending)).orElse(ending));
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

    /** Its phase is final from now on, unless it was already told to end. */
    void evict(PodPhase end) {
        if (evictable().isPresent()) {
            history = history.map(before -> before.withEnd(end));
            note(List.of(PodNote.warning(Eviction.REASON, end.message())));
        }
    }

    /** The pod, as long as nobody told it to end and it has not ended. */
    Optional<Resource> evictable() {
        boolean lives = stop.isEmpty() && history.filter(one -> one.end().isEmpty()).isPresent();
        return lives ? document : Optional.empty();
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
                unanswered = false;
            } catch (RuntimeFailure e) {
                LOG.atLevel(unanswered ? Level.DEBUG : Level.WARN)
                        .log("pod {}: the runtime does not say what runs: {}", key, e.getMessage());
                unanswered = true;
                return new Turn(List.of(), Optional.of(now.plus(RUNTIME_RETRY)), views, false);
            }
        }
        return document.isPresent() && history.isPresent()
                ? planned(document.get(), history.get(), now)
                : stopUnknown(now);
    }

    /**
     * The pod with the last words of those that ended, as far as the runtime says nothing itself.
     */
    private ObservedPod heard(ObservedPod pod) {
        if (document.isEmpty()) {
            return pod;
        }
        heard.keySet().retainAll(pod.containers().stream().map(ContainerStatus::id).toList());
        return new ObservedPod(pod.sandbox(), pod.containers().stream().map(this::heard).toList());
    }

    private ContainerStatus heard(ContainerStatus container) {
        if (container.ended().isEmpty() || !container.ended().get().message().isEmpty()) {
            return container;
        }
        Pod pod = document.orElseThrow().as(Pod.class);
        String words =
                heard.computeIfAbsent(container.id(), _ -> lastWords.of(uid, pod, container));
        return words.isEmpty() ? container : container.withMessage(words);
    }

    private Turn planned(Resource pod, PodHistory before, Instant now) {
        PodStep step =
                PodPlan.next(
                        new PodTask(pod, stop, inputs),
                        observed.map(this::heard),
                        before,
                        node,
                        now);
        history = Optional.of(step.history());
        note(step.notes());
        publish(pod, step, now);
        if (step.gone()) {
            lastWords.forget(uid);
        }
        views = step.views();
        return new Turn(step.effects(), step.lookAgain(), step.views(), step.gone());
    }

    private Turn stopUnknown(Instant now) {
        List<Effect> effects =
                PodPlan.stopUnknown(observed, stop.orElseGet(() -> Ending.of(now, 0)));
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
                        new PodTask(document.get(), stop, inputs),
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
        boolean stopping = stop.isPresent();
        boolean settled = step.effects().stream().allMatch(Effect::slow);
        boolean worse = !stopping && !ready.containsAll(publishedReady);
        if (!settled && !worse && takenUp.isEmpty()) {
            return;
        }
        List<Position> orders = drain(takenUp);
        if (step.gone()) {
            orders.addAll(drain(stops));
        }
        Shown shows = new Shown(pod.version(), step.views(), step.phase(), step.sandbox());
        if (!step.gone() && shown.filter(shows::equals).isPresent()) {
            // An answer of a probe that changes nothing must cost next to nothing.
            tell(orders);
            return;
        }
        shown = Optional.of(shows);
        Json status = PodStatusWriter.write(pod, step, published, node, now);
        if (step.gone() || !status.equals(published)) {
            reports.report(new PodReport(key, uid, status, step.gone()), orders, drain(notes));
            published = status;
            publishedReady = ready;
        } else {
            tell(orders);
        }
    }

    private void tell(List<Position> orders) {
        if (!orders.isEmpty() || !notes.isEmpty()) {
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
