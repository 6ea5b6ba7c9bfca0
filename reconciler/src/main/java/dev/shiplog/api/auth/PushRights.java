package dev.shiplog.api.auth;

import dev.shiplog.api.AccessJournal;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Authorizer.Verdict;
import dev.shiplog.api.Identity;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.Rights;

import java.util.ArrayList;
import java.util.List;

/**
 * What somebody may declare by a commit: exactly what the same person may create, update and delete
 * through the API, in the words that kubectl would show.
 */
public final class PushRights implements Rights {
    private final Authorizer authorizer;
    private final WriteGuard guard;
    private final AccessJournal journal;
    private final Identity who;
    private final String from;

    private PushRights(
            Authorizer authorizer,
            WriteGuard guard,
            AccessJournal journal,
            Identity who,
            String from) {
        this.authorizer = authorizer;
        this.guard = guard;
        this.journal = journal;
        this.who = who;
        this.from = from;
    }

    /**
     * Somebody as a pusher.
     *
     * @param from the address that the push came from
     */
    public static Pusher pusher(
            Authorizer authorizer,
            WriteGuard guard,
            AccessJournal journal,
            Identity who,
            String from) {
        return new Pusher(who.name(), new PushRights(authorizer, guard, journal, who, from));
    }

    @Override
    public List<String> objections(Change change) {
        Kind kind =
                Kinds.of(change.key().kind())
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "expected a kind that is served, found " + change.key()));
        String name = change.verb().equals("create") ? "" : change.key().name();
        Action action =
                Action.on(
                        change.verb(),
                        kind.groupKind().group(),
                        kind.plural(),
                        change.key().namespace(),
                        name);
        List<String> objections = new ArrayList<>();
        if (authorizer.decide(who, action) instanceof Verdict.Denied denied) {
            Action named =
                    Action.on(
                            change.verb(),
                            kind.groupKind().group(),
                            kind.plural(),
                            change.key().namespace(),
                            change.key().name());
            objections.add(Authorizer.forbidden(who, named, denied.why()).message());
        } else {
            guard.objection(
                            who,
                            new WriteGuard.Write(
                                    change.verb(),
                                    kind,
                                    change.key(),
                                    "",
                                    change.before(),
                                    change.after()))
                    .ifPresent(status -> objections.add(status.message().replace("\n", " ")));
        }
        for (String objection : objections) {
            journal.refused(
                    who.recorded(), from, change.verb(), kind.plural(), "in a push: " + objection);
        }
        return objections;
    }
}
