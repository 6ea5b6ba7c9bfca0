package dev.shiplog.source;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Position;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes back to an earlier commit by going forward: a new commit that has the files of the earlier
 * one. Nothing is taken out of the history, and the rollback is checked and applied as a push is.
 */
public final class Rollback {
    /** Undone commits that the message lists; the rest are counted. */
    private static final int MAX_LISTED = 50;

    private static final int SHORT_ID = 10;

    private final CommitHistory history;
    private final AppliedCommits applied;

    public Rollback(CommitHistory history, AppliedCommits applied) {
        this.history = history;
        this.applied = applied;
    }

    /**
     * What is wished for.
     *
     * @param target a position of the log, or a time such as {@code 2026-11-23T12:00:00Z}: the
     *     commit that was the truth then; or a revision of Git
     * @param author whom the new commit is by
     * @param pusher who brings it in
     * @param why for the commit's message; may be empty
     * @param allowDelete whether the rollback may delete most of the source's objects
     */
    public record Wish(
            String target, Author author, Pusher pusher, String why, boolean allowDelete) {
        public Wish(String target, Author author, boolean allowDelete) {
            this(target, author, new Pusher(author.name()), "", allowDelete);
        }
    }

    /** What becomes of the wish. */
    public sealed interface Result {
        /**
         * It would be done, or is.
         *
         * @param commit the new commit
         * @param target whose files it has
         * @param undone what came after the target, newest first
         * @param position of the last event that followed; empty if it is only a plan
         */
        record RolledBack(
                CommitId commit,
                CommitId target,
                List<CommitId> undone,
                Plan plan,
                Optional<Position> position)
                implements Result {
            public RolledBack {
                undone = List.copyOf(undone);
            }
        }

        /** It cannot be done; nothing changed. */
        record Rejected(List<String> objections) implements Result {
            public Rejected {
                objections = List.copyOf(objections);
            }
        }
    }

    /** Says what a rollback would do. Moves nothing. */
    public Result plan(Wish wish) throws IOException {
        return switch (prepare(wish)) {
            case Refused(var why) -> new Result.Rejected(List.of(why));
            case Prepared p ->
                    switch (history.examine(p.commit(), wish.pusher())) {
                        case Examination.Ready ready -> p.result(ready.plan(), Optional.empty());
                        case Examination.Objected(var _, var objections) ->
                                new Result.Rejected(objections);
                        case Examination.Current _ ->
                                new Result.Rejected(List.of("there is nothing to undo"));
                    };
        };
    }

    /** Rolls back. */
    public Result apply(Wish wish) throws IOException, SourceLedger.NotRecorded {
        return switch (prepare(wish)) {
            case Refused(var why) -> new Result.Rejected(List.of(why));
            case Prepared p ->
                    switch (history.land(p.head(), p.commit(), wish.pusher())) {
                        case CommitHistory.Landing.Landed(var position, var plan) ->
                                p.result(plan, Optional.of(position));
                        case CommitHistory.Landing.Rejected(var objections) ->
                                new Result.Rejected(objections);
                    };
        };
    }

    private sealed interface Preparation {}

    private record Refused(String why) implements Preparation {}

    private record Prepared(CommitId head, CommitId commit, CommitId target, List<CommitId> undone)
            implements Preparation {
        Result result(Plan plan, Optional<Position> position) {
            return new Result.RolledBack(commit, target, undone, plan, position);
        }
    }

    private Preparation prepare(Wish wish) throws IOException {
        Optional<CommitId> head = history.head();
        Optional<CommitId> target = target(wish.target());
        if (head.isEmpty()) {
            return new Refused("there is no commit yet, and so nothing to go back to");
        }
        if (target.isEmpty()) {
            return new Refused(
                    "expected a commit, a tag, an age such as 10m, a time such as 2026-11-23T12:00:00Z, or a"
                            + " position, at which a commit was applied, found \""
                            + wish.target()
                            + "\"; what is older than the first applied commit cannot be gone back to");
        }
        if (!history.contains(head.get(), target.get())) {
            return new Refused(
                    "expected a commit of the branch's history, found "
                            + shortened(target.get())
                            + " of another branch");
        }
        if (history.sameFiles(head.get(), target.get())) {
            return new Refused(
                    "the newest commit has the files of "
                            + shortened(target.get())
                            + " already: there is nothing to undo");
        }
        List<CommitId> undone = history.between(target.get(), head.get());
        CommitId commit =
                history.write(
                        head.get(),
                        target.get(),
                        wish.author(),
                        message(target.get(), undone, wish));
        return new Prepared(head.get(), commit, target.get(), undone);
    }

    /**
     * The commit that a user means: by time or position if it can be read as one, by Git's rules
     * otherwise.
     */
    private Optional<CommitId> target(String text) throws IOException {
        Optional<Instant> time = time(text);
        if (time.isPresent()) {
            return applied.at(time.get());
        }
        Optional<Position> position = applied.position(text);
        return position.isPresent() ? applied.at(position.get()) : history.resolve(text);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private String message(CommitId target, List<CommitId> undone, Wish wish) throws IOException {
        List<String> lines = new ArrayList<>();
        for (CommitId commit : undone.subList(0, Math.min(undone.size(), MAX_LISTED))) {
            CommitInfo info = history.info(commit);
            lines.add(
                    "- "
                            + shortened(commit)
                            + " "
                            + info.subject()
                            + " ("
                            + info.authorName()
                            + ")");
        }
        if (undone.size() > MAX_LISTED) {
            lines.add("- and " + (undone.size() - MAX_LISTED) + " more");
        }
        return "Roll back to "
                + shortened(target)
                + " ("
                + history.info(target).subject()
                + ")\n\n"
                + (wish.why().isBlank() ? "" : wish.why().strip() + "\n\n")
                + "This undoes:\n"
                + String.join("\n", lines)
                + "\n"
                + (wish.allowDelete() ? "\n" + Trailers.ALLOW_DELETE + ": true\n" : "");
    }

    private static String shortened(CommitId commit) {
        return commit.value().substring(0, SHORT_ID);
    }
}
