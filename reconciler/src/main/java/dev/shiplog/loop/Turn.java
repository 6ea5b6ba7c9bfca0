package dev.shiplog.loop;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.BatchController;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Verdict;
import dev.shiplog.decide.Decision;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.loop.WorkQueue.Item;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One look of one controller: reconcile on the newest state, submit, see what became of it. */
final class Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

    /** How long a command may take to be durable. */
    static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final WorkQueue queue;
    private final DueTimes dueTimes;
    private final Supplier<Instant> clock;
    private final Runnable woken;
    private final Room room;
    private final Backoff backoff = new Backoff();

    /**
     * @param woken called after a key was put into the queue from a due time
     */
    Turn(
            Ledger ledger,
            WorkQueue queue,
            DueTimes dueTimes,
            Supplier<Instant> clock,
            Runnable woken,
            Room room) {
        this.ledger = ledger;
        this.queue = queue;
        this.dueTimes = dueTimes;
        this.clock = clock;
        this.woken = woken;
        this.room = room;
    }

    /** Works on an item; gives the position of the last event that followed. Never throws. */
    Position run(Item item) {
        Controller controller = item.controller();
        try {
            Verdict verdict = reconcile(item);
            Position last = Position.ORIGIN;
            Origin origin = item.trigger().followedBy(controller.actor());
            for (Command command : verdict.commands()) {
                Optional<Command> instead = withheld(command);
                if (instead.isPresent()) {
                    Outcome _ = submit(instead.get(), origin);
                    retry(item);
                    return last;
                }
                switch (submit(command, origin)) {
                    case Outcome.Applied(List<Recorded> events) ->
                            last = events.getLast().position();
                    case Outcome.Refused(var reason, var message) -> {
                        if (reason != Decision.Reason.UNCHANGED) {
                            LOG.debug(
                                    "{} {}: {}: {}",
                                    controller.name(),
                                    item.keyList(),
                                    reason,
                                    message);
                            retry(item);
                            return last;
                        }
                    }
                }
            }
            item.keys().keySet().forEach(key -> backoff.succeeded(controller.name(), key));
            verdict.lookAgain().ifPresent(time -> lookAgain(item, "due", time));
            return last;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Position.ORIGIN;
        } catch (RuntimeException | ExecutionException | TimeoutException e) {
            LOG.error(
                    "{} failed on {}; it will be tried again",
                    controller.name(),
                    item.keyList(),
                    e);
            retry(item);
            return Position.ORIGIN;
        }
    }

    /** What is said instead of creating pods for which there is no room. */
    private Optional<Command> withheld(Command command) {
        return command instanceof ResourceCommand.CreateDependents create
                        && create.dependents().stream()
                                .anyMatch(dependent -> dependent.kind().equals(GroupKind.POD))
                ? room.lacking()
                        .map(why ->
                                new ResourceCommand.WithholdDependents(
                                        create.controller(),
                                        create.owner(),
                                        create.ownerUid(),
                                        why))
                : Optional.empty();
    }

    private Verdict reconcile(Item item) {
        return item.controller() instanceof BatchController batch
                ? batch.reconcile(ledger.state(), item.keyList(), clock.get())
                : item.controller()
                        .reconcile(ledger.state(), item.keyList().getFirst(), clock.get());
    }

    private Outcome submit(Command command, Origin origin)
            throws InterruptedException, ExecutionException, TimeoutException {
        return ledger.submit(command, origin).get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What was refused was computed from a state that is over, or stands against a rule. */
    private void retry(Item item) {
        Duration wait =
                item.keys().keySet().stream()
                        .map(key -> backoff.failed(item.controller().name(), key))
                        .max(Duration::compareTo)
                        .orElse(Backoff.FIRST);
        lookAgain(item, "retry", clock.get().plus(wait));
    }

    private void lookAgain(Item item, String why, Instant time) {
        ResourceKey first = item.keyList().getFirst();
        dueTimes.at(
                item.controller().name() + " " + why + " " + first,
                time,
                () -> {
                    item.keys()
                            .forEach((key, trigger) -> queue.add(item.controller(), key, trigger));
                    woken.run();
                });
    }
}
