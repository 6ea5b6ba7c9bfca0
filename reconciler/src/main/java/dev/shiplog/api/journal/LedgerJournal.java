package dev.shiplog.api.journal;

import dev.shiplog.api.AccessJournal;
import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Request;
import dev.shiplog.api.SessionJournal;
import dev.shiplog.api.Status;
import dev.shiplog.command.AccessCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.SessionKind;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Writes refusals and sessions into the log. The first refusal of its kind is written within a
 * second, how often it came again at the end of its minute; that, a process that is killed forgets.
 */
public final class LedgerJournal implements AccessJournal, SessionJournal, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerJournal.class);

    /** The correlation of what no single request led to. */
    private static final String REFUSALS = "refusals";

    /** How often it is looked what is to be written: what of it a kill may lose. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** How long one record may take to become durable. */
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Supplier<Instant> clock;
    private final Refusals refusals = new Refusals();
    private final Duration look;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread writer;

    public LedgerJournal(Ledger ledger, Supplier<Instant> clock) {
        this(ledger, clock, LOOK);
    }

    LedgerJournal(Ledger ledger, Supplier<Instant> clock, Duration look) {
        this.look = look;
        this.ledger = ledger;
        this.clock = clock;
        this.writer = Thread.ofVirtual().name("api-refusals").start(this::write);
    }

    @Override
    public void refused(String who, String from, String verb, String what, String why) {
        refusals.note(clock.get(), who, from, verb, what, why);
    }

    private void write() {
        try {
            while (!closed.await(look.toMillis(), TimeUnit.MILLISECONDS)) {
                for (AccessCommand refusal : refusals.due(clock.get())) {
                    var _ = submit(refusal, REFUSALS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<dev.shiplog.ledger.Outcome> submit(
            AccessCommand command, String correlation) {
        return ledger.submit(command, origin(command, correlation))
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        LOG.warn("{} could not be recorded", command, failure);
                    }
                });
    }

    private static Origin origin(AccessCommand command, String correlation) {
        return Origin.request("user:" + command.who(), correlation);
    }

    @Override
    public Entry opened(
            Identity who,
            Request request,
            Kind kind,
            Resource pod,
            String container,
            List<String> command) {
        String session = UUID.randomUUID().toString();
        AccessCommand opened =
                new AccessCommand.OpenSession(
                        who.recorded(),
                        request.remote(),
                        session,
                        kind(kind),
                        pod.key(),
                        pod.uid(),
                        container,
                        command);
        try {
            ledger.submit(opened, origin(opened, request.id()))
                    .get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiFailure(Status.internal("the session could not be recorded"), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ApiFailure(
                    Status.internal("the session could not be recorded: " + e.getMessage()), e);
        }
        AtomicBoolean over = new AtomicBoolean();
        return outcome -> {
            if (over.compareAndSet(false, true)) {
                var _ =
                        submit(
                                new AccessCommand.CloseSession(
                                        who.recorded(),
                                        session,
                                        pod.key(),
                                        pod.uid(),
                                        words(outcome)),
                                request.id());
            }
        };
    }

    private static SessionKind kind(Kind kind) {
        return switch (kind) {
            case EXEC -> SessionKind.EXEC;
            case ATTACH -> SessionKind.ATTACH;
            case PORT_FORWARD -> SessionKind.PORT_FORWARD;
        };
    }

    private static String words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Exited(int code) -> "exit code " + code;
            case Outcome.Ended _ -> "over";
            case Outcome.Left _ -> "the client left";
            case Outcome.Failed(String why) -> "failed: " + why;
        };
    }

    /** Records what is counted still. */
    @Override
    public void close() {
        closed.countDown();
        try {
            writer.join(SUBMIT_TIMEOUT);
            for (AccessCommand.RecordRefusal refusal : refusals.all()) {
                submit(refusal, REFUSALS).get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the last refusals could not be recorded", e);
        }
    }
}
