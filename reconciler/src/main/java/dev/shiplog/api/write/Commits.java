package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.command.SourceCommand.Removal;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.source.Author;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.SourceLedger;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes commits of what clients write to resources that Git declares. */
public final class Commits {
    /** How long a commit may take to become durable. */
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(60);

    /** How many digits of a commit's id are told. */
    private static final int SHORT_ID = 10;

    /** What is said of a place in a file. */
    private static final Pattern PLACED = Pattern.compile("(\\S+:\\d+:\\d+): (.+)", Pattern.DOTALL);

    /** What admission says of an object, at its place in a file. */
    private static final Pattern FORBIDDEN =
            Pattern.compile(
                    "(\\S+:\\d+: )?(?<kind>[A-Za-z]+)(\\.\\S+)?/(\\S+/)?(?<name>\\S+) is forbidden:"
                            + " (?<why>.+)");

    /** Where mail to a user goes who has no address: nowhere. */
    private static final String DOMAIN = "@shiplog.local";

    private final Declarations declarations;

    public Commits(Declarations declarations) {
        this.declarations = declarations;
    }

    /** What became of an edit that was not refused. */
    public sealed interface Committed {
        /** It is the truth, or would be, or was before. */
        record Done() implements Committed {}

        /** It was computed from what is not declared so any more. */
        record Stale() implements Committed {}

        /**
         * It waits on a branch of its own until somebody merges it.
         *
         * @param told what the client must know, since it looks as if it were done
         */
        record Waiting(String told) implements Committed {
            /**
             * The answer to a deletion that waits. It tells no uid: a client that knows which life
             * it asked to end would wait until that is gone.
             */
            public Reply reply(ServedResource served, String name) {
                Warnings warnings = new Warnings();
                warnings.add(told);
                return warnings.on(
                        Status.success(202, Status.details(served.group(), served.plural(), name)));
            }
        }
    }

    /**
     * Commits what shall be declared, or declared differently.
     *
     * @throws ApiFailure if it may not be, or cannot be
     */
    Committed put(
            Request request,
            ServedResource served,
            ResourceKey key,
            String subject,
            Change.Put change,
            List<SourceCommand.Books> books,
            boolean dryRun)
            throws InterruptedException {
        return commit(
                request,
                served,
                key.name(),
                CommitMessage.of(subject, request, List.of()),
                List.of(change),
                books,
                dryRun);
    }

    /**
     * Commits that resources are not declared any more.
     *
     * @param content what goes with them: the content of a namespace
     * @throws ApiFailure if that may not be, or cannot be
     */
    public Committed remove(
            Request request,
            ServedResource served,
            List<ResourceKey> keys,
            Collection<ResourceKey> content,
            Removal removal,
            boolean dryRun)
            throws InterruptedException {
        String subject =
                keys.isEmpty()
                        ? CommitMessage.removedAll(served.kind(), content)
                        : content.isEmpty()
                                ? CommitMessage.removedAll(served.kind(), keys)
                                : CommitMessage.removedWithContent(keys.getFirst(), content.size());
        List<Change> changes = new ArrayList<>();
        keys.forEach(key -> changes.add(new Change.Remove(key)));
        content.forEach(key -> changes.add(new Change.Remove(key)));
        return commit(
                request,
                served,
                keys.size() == 1 ? keys.getFirst().name() : "",
                CommitMessage.of(
                        subject,
                        request,
                        CommitMessage.removalTrailers(removal, changes.size() > 1)),
                changes,
                List.of(),
                dryRun);
    }

    private Committed commit(
            Request request,
            ServedResource served,
            String name,
            String message,
            List<Change> changes,
            List<SourceCommand.Books> books,
            boolean dryRun)
            throws InterruptedException {
        Identity who = request.identity();
        Edit edit = new Edit(author(who), new Pusher(who.name()), message, changes, dryRun, books);
        return switch (await(edit)) {
            case Result.Written _, Result.Unchanged _ -> new Committed.Done();
            case Result.Stale _ -> new Committed.Stale();
            case Result.Refused(String why) ->
                    throw new ApiFailure(
                            Status.forbidden(served.group(), served.plural(), name, why));
            case Result.Rejected(String reason, List<String> objections) ->
                    throw rejected(served, name, reason, objections);
            case Result.Proposed(var branch, var commit) ->
                    new Committed.Waiting(
                            "nothing has changed yet: commit %s waits on branch %s to be merged"
                                    .formatted(commit.value().substring(0, SHORT_ID), branch));
        };
    }

    private Result await(Edit edit) throws InterruptedException {
        try {
            return declarations.write(edit).get(COMMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new ApiFailure(Status.internal(notMade(e.getCause())), e);
        } catch (TimeoutException e) {
            throw new ApiFailure(
                    Status.of(
                            504,
                            "Timeout",
                            "the commit was not durable within "
                                    + COMMIT_TIMEOUT.toSeconds()
                                    + " s; it may still come: look at the repository's log"),
                    e);
        }
    }

    /** The world's fault in its own words; ours with its name, to be reported. */
    private static String notMade(@Nullable Throwable failure) {
        if (failure instanceof SourceLedger.NotRecorded) {
            return "it is not known whether the commit is made: " + failure.getMessage();
        }
        if (!(failure instanceof IOException)) {
            return String.valueOf(failure);
        }
        String text = "the commit was not made: " + failure.getMessage();
        return text.contains("No space left on device")
                ? text + ": make room on the disk that holds the cluster's files, and try again"
                : text;
    }

    private static ApiFailure rejected(
            ServedResource served, String name, String reason, List<String> objections) {
        String why = String.join("; ", objections);
        Optional<String> notAdmitted = notAdmitted(served, name, objections);
        if (notAdmitted.isPresent()) {
            return new ApiFailure(
                    Status.forbidden(served.group(), served.plural(), name, notAdmitted.get()));
        }
        if (reason.equals("Forbidden") || reason.equals("TooManyDeletions")) {
            return new ApiFailure(Status.forbidden(served.group(), served.plural(), name, why));
        }
        if (reason.equals("Held")) {
            // Nothing is wrong with what was asked for; kubectl would say so if it were Invalid.
            return new ApiFailure(Status.of(503, "ServiceUnavailable", why));
        }
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.put("name", name);
        if (!served.group().isEmpty()) {
            details.put("group", served.group());
        }
        details.put("kind", served.kindName());
        ArrayNode causes = details.putArray("causes");
        objections.forEach(objection -> cause(causes.addObject(), reason, objection));
        return new ApiFailure(
                Status.invalid(
                        Status.qualified(served.group(), served.kindName()),
                        name,
                        why,
                        Json.of(details)));
    }

    /** kubectl prints the field and the message, with a colon between. */
    private static void cause(ObjectNode cause, String reason, String objection) {
        Matcher placed = PLACED.matcher(objection);
        cause.put("reason", reason);
        cause.put("message", placed.matches() ? placed.group(2) : objection);
        cause.put("field", placed.matches() ? placed.group(1) : "commit");
    }

    /**
     * Why the object's namespace does not take it in, if nothing else speaks against the commit: a
     * quota, a range of limits, a level of security. Nothing is wrong with the object then, and
     * clients tell the two apart.
     */
    private static Optional<String> notAdmitted(
            ServedResource served, String name, List<String> objections) {
        List<String> reasons = new ArrayList<>();
        for (String objection : objections) {
            Matcher forbidden = FORBIDDEN.matcher(objection);
            if (!forbidden.matches()
                    || !forbidden.group("kind").equals(served.kindName())
                    || !forbidden.group("name").equals(name)) {
                return Optional.empty();
            }
            reasons.add(forbidden.group("why"));
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
    }

    /** A user whose name is an address has it already. */
    static Author author(Identity who) {
        String name = who.name();
        return new Author(
                name,
                name.contains("@") ? name : name.replaceAll("[^A-Za-z0-9._+-]", "-") + DOMAIN);
    }
}
