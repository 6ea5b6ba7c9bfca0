package dev.shiplog.autoscaler;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.controller.autoscaler.Autoscaler;
import dev.shiplog.controller.autoscaler.History;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Looks after all HorizontalPodAutoscalers, one after another, every {@link #PERIOD}. Costs nothing
 * while there is none.
 */
public final class Autoscaling implements AutoCloseable {
    /** As Kubernetes ({@code horizontal-pod-autoscaler-sync-period}). */
    static final Duration PERIOD = Duration.ofSeconds(15);

    private static final Logger LOG = Logger.getLogger(Autoscaling.class.getName());
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Ledger ledger;
    private final UsageReader usage;
    private final Supplier<Instant> clock;
    private final Map<Uid, History> histories = new HashMap<>();
    private final Map<Uid, String> warned = new HashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private Autoscaling(Ledger ledger, UsageReader usage, Supplier<Instant> clock) {
        this.ledger = ledger;
        this.usage = usage;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("autoscaling").unstarted(this::run);
    }

    /** Begins; looks for the first time after one {@link #PERIOD}. */
    public static Autoscaling start(Ledger ledger, UsageReader usage, Supplier<Instant> clock) {
        Autoscaling autoscaling = new Autoscaling(ledger, usage, clock);
        autoscaling.thread.start();
        return autoscaling;
    }

    /** One that looks only when it is told to. */
    static Autoscaling stepped(Ledger ledger, UsageReader usage, Supplier<Instant> clock) {
        return new Autoscaling(ledger, usage, clock);
    }

    private void run() {
        try {
            while (!closed.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
                pass();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at each once. One that fails is tried again the next time and stops nobody else. */
    void pass() throws InterruptedException {
        ClusterState state = ledger.state();
        Set<Uid> present = new HashSet<>();
        for (Resource autoscaler : state.resources(GroupKind.AUTOSCALER)) {
            present.add(autoscaler.uid());
            if (autoscaler.metadata().deleting()) {
                continue;
            }
            try {
                look(state, autoscaler);
            } catch (RuntimeException | ExecutionException | TimeoutException e) {
                LOG.log(Level.WARNING, e, () -> autoscaler.key() + " will be looked at again");
            }
        }
        histories.keySet().retainAll(present);
        warned.keySet().retainAll(present);
    }

    private void look(ClusterState state, Resource autoscaler)
            throws InterruptedException, ExecutionException, TimeoutException {
        Optional<Resource> target = Autoscaler.target(state, autoscaler);
        List<Resource> pods =
                target.map(found -> Autoscaler.pods(state, found)).orElse(List.of());
        Autoscaler.Look look =
                Autoscaler.look(
                        autoscaler,
                        target,
                        usage.read(pods),
                        histories.getOrDefault(autoscaler.uid(), History.NONE),
                        clock.get());
        if (look.replicas().isPresent() && target.isPresent() && !scale(autoscaler, target.get(), look)) {
            // Somebody else changed the size: the next look sees it.
            return;
        }
        histories.put(autoscaler.uid(), look.history());
        if (!look.status().equals(autoscaler.status())) {
            Outcome _ =
                    submit(
                            autoscaler,
                            new ResourceCommand.UpdateStatus(
                                    autoscaler.key(), autoscaler.uid(), look.status()));
        }
        warn(autoscaler, look.warning());
    }

    private boolean scale(Resource autoscaler, Resource target, Autoscaler.Look look)
            throws InterruptedException, ExecutionException, TimeoutException {
        Outcome outcome =
                submit(
                        autoscaler,
                        new ResourceCommand.ScaleResource(
                                autoscaler.key(),
                                autoscaler.uid(),
                                target.key(),
                                target.uid(),
                                target.body().toNode().path("spec").path("replicas").asInt(1),
                                look.replicas().orElseThrow(),
                                look.reason()));
        return outcome instanceof Outcome.Applied;
    }

    /** The same trouble is told once, until something else is true. */
    private void warn(Resource autoscaler, Optional<Autoscaler.Warning> warning)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (warning.isEmpty()) {
            warned.remove(autoscaler.uid());
            return;
        }
        String message = warning.get().message();
        if (!message.equals(warned.put(autoscaler.uid(), message))) {
            Outcome _ =
                    submit(
                            autoscaler,
                            new ResourceCommand.AddNote(
                                    Note.warning(
                                            autoscaler.key(),
                                            autoscaler.uid(),
                                            warning.get().reason(),
                                            message,
                                            Tags.AUTOSCALER)));
        }
    }

    private Outcome submit(Resource autoscaler, Command command)
            throws InterruptedException, ExecutionException, TimeoutException {
        Origin origin =
                Origin.request(
                        "controller:" + Tags.AUTOSCALER,
                        "autoscale-" + autoscaler.key().name() + "-" + ledger.head());
        return ledger.submit(command, origin).get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            if (thread.getState() != Thread.State.NEW && !thread.join(CLOSE_TIMEOUT)) {
                LOG.warning("the autoscalers are still busy after " + CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
