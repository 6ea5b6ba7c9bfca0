package dev.shiplog.node.worker;

import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.node.plan.Effect;
import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.plan.PodPhase;
import dev.shiplog.node.report.PodReports;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The thread of one pod. It sleeps until there is a newer wish, a hint, or the time has come to
 * look again.
 *
 * <p>Invariants: one thread, so no two effects of a pod's start overlap; what is slow has a thread
 * of its own, and nothing waits for it: neither an order to stop for a pull, nor a shorter grace
 * period for a longer one, nor a probe for either.
 */
public final class PodWorker {
    /** How soon to try again after a fault of our own. */
    static final Duration AFTER_FAULT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

    private final ResourceKey key;
    private final Effects effects;
    private final InstantSource clock;
    private final Consumer<PodWorker> over;
    private final PodLife life;
    private final Mailbox mailbox = new Mailbox();
    private final List<InFlight> underWay = new ArrayList<>();
    private final Thread thread;
    private volatile List<ContainerView> views = List.of();
    private volatile Optional<ObservedPod> observed = Optional.empty();
    private volatile Optional<Resource> evictable = Optional.empty();

    /**
     * @param over called when nothing is left of the pod
     */
    public PodWorker(
            ResourceKey key,
            Uid uid,
            PodRuntime runtime,
            Effects effects,
            NodeFacts node,
            PodReports reports,
            InstantSource clock,
            Consumer<PodWorker> over) {
        this.key = key;
        this.effects = effects;
        this.clock = clock;
        this.over = over;
        this.life = new PodLife(key, uid, runtime, effects.lastWords(), node, reports);
        this.thread = Thread.ofVirtual().name("pod-" + key + "-" + uid).unstarted(this::work);
    }

    public void start() {
        thread.start();
    }

    /**
     * Tells a wish.
     *
     * @return whether this worker takes it up; not if its pod is gone
     */
    public boolean tell(Order order) {
        return mailbox.put(order);
    }

    /** Something may have happened to the pod. */
    public void hint() {
        mailbox.hint();
    }

    /** The pod is given up, in a phase that is final, to make room for others. */
    public void evict(PodPhase end) {
        mailbox.end(end);
    }

    /** The pod, as long as nobody told it to end and it has not ended. */
    public Optional<Resource> evictable() {
        return evictable;
    }

    /** The containers at the last look. */
    public List<ContainerView> views() {
        return views;
    }

    /** What ran at the last look. */
    public Optional<ObservedPod> observed() {
        return observed;
    }

    public ResourceKey key() {
        return key;
    }

    /** Ends the supervision as soon as what is being done is done; the pod runs on. */
    public void abandon() {
        mailbox.close();
    }

    /** Waits for the end after {@link #abandon()}, and insists after {@code patience}. */
    public void awaitEnd(Duration patience) throws InterruptedException {
        if (!thread.join(patience)) {
            LOG.warn("the worker of {} is still busy with the runtime; interrupting it", key);
            thread.interrupt();
        }
    }

    private void work() {
        try {
            boolean gone = false;
            while (!gone && !mailbox.closed()) {
                gone = turn();
            }
            if (gone) {
                over.accept(this);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.forEach(InFlight::letGo);
        }
    }

    private boolean turn() throws InterruptedException {
        Optional<Instant> lookAgain;
        try {
            takeMail();
            takeResults();
            PodLife.Turn turn = life.turn(clock.instant());
            views = turn.views();
            observed = life.observed();
            evictable = life.evictable();
            if (turn.gone()) {
                return mailbox.closeIfEmpty();
            }
            if (carryOut(turn.effects())) {
                return false;
            }
            lookAgain = turn.lookAgain();
        } catch (RuntimeException e) {
            LOG.error("pod {}: a fault of our own; looking again in {}", key, AFTER_FAULT, e);
            life.lookAfresh();
            lookAgain = Optional.of(clock.instant().plus(AFTER_FAULT));
        }
        mailbox.await(lookAgain.map(at -> Duration.between(clock.instant(), at)));
        return false;
    }

    private void takeMail() {
        for (Order order : mailbox.take()) {
            life.wish(order, clock.instant());
        }
        mailbox.takeEnd().ifPresent(life::evict);
        if (mailbox.takeHint()) {
            life.lookAfresh();
        }
    }

    private void takeResults() {
        List<InFlight> landed = underWay.stream().filter(InFlight::done).toList();
        underWay.removeAll(landed);
        for (InFlight flight : landed) {
            life.after(flight.effect, flight.result().orElseThrow(), clock.instant());
        }
    }

    /**
     * Begins what is slow and not under way, lets go what is under way and not planned any more,
     * and does what is quick.
     *
     * @return whether something was done, so that there may be more to do
     */
    private boolean carryOut(List<Effect> planned) throws InterruptedException {
        List<InFlight> idle =
                underWay.stream().filter(flight -> !planned.contains(flight.effect)).toList();
        idle.forEach(InFlight::letGo);
        underWay.removeAll(idle);
        boolean done = false;
        for (Effect effect : planned) {
            if (!effect.slow()) {
                life.after(effect, effects.carryOut(effect), clock.instant());
                done = true;
            } else if (underWay.stream().noneMatch(flight -> flight.effect.equals(effect))) {
                underWay.add(new InFlight(effect));
            }
        }
        return done;
    }

    /** A slow effect under way in its own thread. */
    private final class InFlight {
        private final Effect effect;
        private final Thread thread;
        private volatile Optional<EffectResult> result = Optional.empty();

        InFlight(Effect effect) {
            this.effect = effect;
            this.thread = Thread.ofVirtual().name("effect-" + key).start(() -> carryOut());
        }

        private void carryOut() {
            EffectResult value;
            try {
                value = effects.carryOut(effect);
            } catch (InterruptedException _) {
                // Given up: nobody asks for the result any more.
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("pod {}: {} failed by our own fault", key, effect, e);
                value = new EffectResult.Failed(RuntimeFailure.Kind.OTHER, e.toString());
            }
            result = Optional.of(value);
            mailbox.wake();
        }

        boolean done() {
            return result.isPresent();
        }

        Optional<EffectResult> result() {
            return result;
        }

        /** Waits end at once; a stop that is under way goes on beside the next. */
        void letGo() {
            if (!(effect instanceof Effect.StopContainer)) {
                thread.interrupt();
            }
        }
    }
}
