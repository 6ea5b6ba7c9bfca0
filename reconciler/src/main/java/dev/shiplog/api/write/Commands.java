package dev.shiplog.api.write;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.command.Command;
import dev.shiplog.decide.Decider;
import dev.shiplog.decide.Decision;
import dev.shiplog.decide.Ids;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Records what clients do to resources that Git does not declare, in their name. */
public final class Commands {
    /** How long a command may take to become durable. */
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Ids ids;
    private final Supplier<Instant> clock;

    public Commands(Ledger ledger, Ids ids, Supplier<Instant> clock) {
        this.ledger = ledger;
        this.ids = ids;
        this.clock = clock;
    }

    public ClusterState state() {
        return ledger.state();
    }

    public Instant now() {
        return clock.get();
    }

    String suffix() {
        return ids.suffix(GeneratedNames.SUFFIX);
    }

    /**
     * Records a command; with {@code dryRun} only decides it.
     *
     * @throws ApiFailure 504 if it takes too long, 500 if the log does not take it
     */
    public Outcome submit(Request request, Command command, boolean dryRun)
            throws InterruptedException {
        if (dryRun) {
            return switch (Decider.decide(ledger.state(), command, now(), ids)) {
                case Decision.Refused(var reason, var message) ->
                        new Outcome.Refused(reason, message);
                case Decision.Accepted _ -> new Outcome.Applied(List.of());
            };
        }
        try {
            return ledger.submit(
                            command,
                            Origin.request("user:" + request.identity().name(), request.id()))
                    .get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ApiFailure(Status.internal(String.valueOf(e.getCause())), e);
        } catch (TimeoutException e) {
            throw new ApiFailure(
                    Status.of(
                            504,
                            "Timeout",
                            "the change was not durable within "
                                    + SUBMIT_TIMEOUT.toSeconds()
                                    + " s; it may still happen"),
                    e);
        }
    }

    /**
     * A refusal as the failure that a client knows. One that says that nothing would change is
     * none.
     */
    public static void check(ServedResource served, String name, Outcome outcome) {
        if (!(outcome instanceof Outcome.Refused(var reason, var message))) {
            return;
        }
        switch (reason) {
            case UNCHANGED -> {
                // What was asked for is so.
            }
            case NOT_FOUND -> throw new ApiFailure(served.notFound(name));
            case ALREADY_EXISTS -> throw new ApiFailure(alreadyExists(served, name));
            case STALE ->
                    throw new ApiFailure(
                            Status.conflict(served.group(), served.plural(), name, message));
            case INVALID ->
                    throw new ApiFailure(
                            Status.invalid(
                                    Status.qualified(served.group(), served.kindName()),
                                    name,
                                    message,
                                    Status.details(served.group(), served.kindName(), name)));
            case FORBIDDEN ->
                    throw new ApiFailure(
                            Status.forbidden(served.group(), served.plural(), name, message));
        }
    }

    static Status alreadyExists(ServedResource served, String name) {
        Status conflict = Status.conflict(served.group(), served.plural(), name, "");
        return new Status(
                409,
                "AlreadyExists",
                Status.qualified(served.group(), served.plural())
                        + " \""
                        + name
                        + "\" already exists",
                conflict.details());
    }
}
