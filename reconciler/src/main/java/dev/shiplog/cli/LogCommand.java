package dev.shiplog.cli;

import dev.shiplog.audit.Moment;
import dev.shiplog.audit.Trail;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.History;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code shiplog log}: who did what, when and why. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Show what happened: who, what, when, why, from which commit. Oldest first.")
final class LogCommand extends AuditCommand {
    @Parameters(
            arity = "0..2",
            paramLabel = "OBJECT",
            description = "Only about this object, such as pod/web-1 or pod web-1.")
    private List<String> object = List.of();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "The object's namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--actor",
            description = "Only by an actor whose name contains this, such as git: or controller:.")
    private @Nullable String actor;

    @Option(
            names = "--commit",
            description = "Only in consequence of a commit; its first digits are enough.")
    private @Nullable String commit;

    @Option(
            names = "--since",
            description = "Only from this time on: a time, or an age such as 30m.")
    private @Nullable String since;

    @Option(names = "--until", description = "Only up to this time: a time, or an age.")
    private @Nullable String until;

    @Option(
            names = {"-a", "--all"},
            description =
                    "Also status changes, node reports and acknowledgements, which say how and not why.")
    private boolean all;

    @Option(
            names = {"--limit"},
            defaultValue = "200",
            description = "At most so many, the newest (default: ${DEFAULT-VALUE}).")
    private int limit = 200;

    @Override
    int answer(History history, Moment moments, PrintWriter out) {
        if (limit < 1) {
            throw wrong("expected --limit of at least 1, found " + limit);
        }
        Trail.Question question =
                new Trail.Question(
                        object.isEmpty() ? Optional.empty() : Optional.of(about(object, namespace)),
                        Optional.ofNullable(actor),
                        Optional.ofNullable(commit).map(text -> text.toLowerCase(Locale.ROOT)),
                        time(moments, since),
                        time(moments, until),
                        all ? Trail.Telling.EVERYTHING : Trail.Telling.STORY);
        // One more than is told, to know whether there is more.
        List<Recorded> found =
                new Trail(history).newest(question, Math.min(limit, Integer.MAX_VALUE - 1) + 1);
        List<Recorded> events = found.subList(Math.max(0, found.size() - limit), found.size());
        if (events.size() < found.size()) {
            note("Only the newest " + limit + " are shown; --limit N shows more.");
        }
        for (Recorded event : events) {
            out.println(json() ? EventJson.of(event).toString() : EventLine.of(event));
        }
        if (events.isEmpty() && !json()) {
            out.println(
                    "Nothing in the log fits ("
                            + history.head()
                            + " events)"
                            + hint(history)
                            + ".");
        }
        return 0;
    }

    private String hint(History history) {
        Optional<Tag> about =
                object.isEmpty() ? Optional.empty() : Optional.of(about(object, namespace));
        return about.filter(Tags::isResource).isPresent()
                ? elsewhere(history.stateAt(history.head()), object(object, namespace))
                : "";
    }

    private static Optional<Instant> time(Moment moments, @Nullable String text) {
        return Optional.ofNullable(text)
                .map(value ->
                        moments.time(value)
                                .orElseThrow(() ->
                                        new IllegalArgumentException(
                                                "expected a time such as 2026-11-23T14:05:00Z or an age such as 30m, found \""
                                                        + value
                                                        + "\"")));
    }
}
