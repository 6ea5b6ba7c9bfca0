package dev.shiplog.journal.axon;

import dev.shiplog.command.Command;
import dev.shiplog.decide.Decider;
import dev.shiplog.decide.Ids;
import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.JournalHistory;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Origins;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.ledger.StateFold;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import org.axonframework.common.configuration.AxonConfiguration;
import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.messaging.commandhandling.CommandBus;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandMessage;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The ledger over a journal, through Axon: every command goes over its command bus, every event
 * through its event store.
 */
public final class AxonLedger implements Ledger {
    /** How many commands may be on their way; the next {@link #submit} waits. */
    static final int MAX_PENDING_COMMANDS = 10_000;

    /** How long {@link #submit} waits for a place among them. */
    static final Duration PLACE_LIMIT = Duration.ofSeconds(60);

    /** How often a command is decided before its conflicts count as a fault. */
    static final int MAX_ATTEMPTS = 50;

    /** How long {@link #close} waits for commands on their way. */
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final Journal journal;
    private final StateFold fold;
    private final JournalHistory history;
    private final Origins origins;
    private final AxonConfiguration axon;
    private final CommandBus bus;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Turns turns = new Turns(executor);
    private final Semaphore places = new Semaphore(MAX_PENDING_COMMANDS);
    private volatile boolean closed;

    private AxonLedger(Journal journal, Supplier<Instant> clock, Ids ids) {
        this.journal = journal;
        fold = StateFold.open(journal, EventCodec.STANDARD);
        history = new JournalHistory(journal, EventCodec.STANDARD);
        origins = new Origins(history);
        LedgerMessages messages = new LedgerMessages(EventCodec.STANDARD);
        axon =
                AxonParts.start(
                        journal,
                        messages,
                        store ->
                                new CommandDecisions(
                                        store, messages, origins, fold::state, clock, ids));
        bus = axon.getComponent(CommandBus.class);
    }

    /**
     * Opens a ledger: folds the log up from its newest snapshot.
     *
     * @param journal closed with the ledger
     * @param clock what events are dated with
     */
    public static AxonLedger open(Journal journal, Supplier<Instant> clock, Ids ids) {
        try {
            return new AxonLedger(journal, clock, ids);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    @Override
    public ClusterState state() {
        return fold.state();
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command, Origin origin) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the ledger is closed"));
        }
        try {
            if (!places.tryAcquire(PLACE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException(
                                "expected fewer than "
                                        + MAX_PENDING_COMMANDS
                                        + " commands on their way within "
                                        + PLACE_LIMIT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
        Submission submission = new Submission(command, origin);
        submission.enter();
        return submission.outcome;
    }

    @Override
    public Subscription subscribe(Position after, Listener listener) {
        return fold.subscribe(after, listener);
    }

    @Override
    public Position head() {
        return journal.head();
    }

    @Override
    public List<Recorded> read(Position after, Optional<Tag> tag, int limit) {
        return history.read(after, tag, limit);
    }

    @Override
    public ClusterState stateAt(Position position) {
        return history.stateAt(position);
    }

    /** Waits for the commands on their way, keeps a snapshot, closes the journal. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (journal;
                fold;
                executor) {
            if (!places.tryAcquire(
                    MAX_PENDING_COMMANDS, CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
            axon.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One command on its way, perhaps more than once. */
    private final class Submission {
        private final Command command;
        private final Origin origin;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private int attempts;
        private Turns.@Nullable Turn turn;

        Submission(Command command, Origin origin) {
            this.command = command;
            this.origin = origin;
        }

        void enter() {
            turns.enter(
                    Decider.boundary(command),
                    Decider.shared(fold.state(), command),
                    this::begin);
        }

        private void begin(Turns.Turn given) {
            if (!Decider.shared(fold.state(), command).containsAll(given.shared())) {
                // What came before it asks to be alone with what it touches from now on.
                turns.leave(given);
                enter();
                return;
            }
            turn = given;
            attempt();
        }

        private void attempt() {
            attempts++;
            try {
                CompletableFuture<?> _ =
                        bus.dispatch(
                                        new GenericCommandMessage(
                                                AxonParts.type(command),
                                                command,
                                                LedgerMessages.metadata(origin)),
                                        null)
                                .whenComplete(this::settle);
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void settle(@Nullable CommandResultMessage result, @Nullable Throwable error) {
            try {
                answer(result, error);
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void answer(@Nullable CommandResultMessage result, @Nullable Throwable error) {
            if (error != null) {
                Throwable cause = unwrapped(error);
                if (cause instanceof AppendEventsTransactionRejectedException) {
                    again(journal.head(), cause);
                } else {
                    fail(cause);
                }
                return;
            }
            if (result == null || !(result.payload() instanceof Reply reply)) {
                fail(new IllegalStateException("the command handler gave no reply"));
                return;
            }
            switch (reply) {
                case Reply.Refused(var refusal) ->
                        finish(new Outcome.Refused(refusal.reason(), refusal.message()));
                case Reply.Behind(Position newest) ->
                        again(newest, new IllegalStateException("the state was behind"));
                case Reply.Published published -> applied(published.recorded());
            }
        }

        private void applied(List<Recorded> events) {
            origins.remember(events);
            CompletableFuture<?> _ =
                    fold.reached(events.getLast().position())
                            .whenComplete((_, error) -> {
                                if (error != null) {
                                    fail(unwrapped(error));
                                } else {
                                    finish(new Outcome.Applied(events));
                                }
                            });
        }

        /** Decides again once the state has caught up. */
        private void again(Position newest, Throwable reason) {
            if (attempts >= MAX_ATTEMPTS) {
                fail(
                        new IllegalStateException(
                                "expected a command to find its turn in "
                                        + MAX_ATTEMPTS
                                        + " attempts, found a conflict in each: "
                                        + command,
                                reason));
                return;
            }
            CompletableFuture<?> _ =
                    fold.reached(newest)
                            .whenCompleteAsync(
                                    (_, error) -> {
                                        if (error != null) {
                                            fail(unwrapped(error));
                                        } else {
                                            attempt();
                                        }
                                    },
                                    executor);
        }

        private void finish(Outcome value) {
            release();
            outcome.complete(value);
        }

        private void fail(Throwable reason) {
            release();
            outcome.completeExceptionally(reason);
        }

        private void release() {
            Turns.Turn mine = turn;
            if (mine != null) {
                turn = null;
                turns.leave(mine);
                places.release();
            }
        }

        private static Throwable unwrapped(Throwable error) {
            return error instanceof CompletionException && error.getCause() != null
                    ? error.getCause()
                    : error;
        }
    }
}
