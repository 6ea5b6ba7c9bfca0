package dev.shiplog.cli;

import dev.shiplog.audit.Moment;
import dev.shiplog.audit.Trail;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.FurtherCauses;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.History;
import dev.shiplog.resource.Position;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code shiplog why}: the chain of causes, back to the commit and its author. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description =
                "Show why something is as it is: the chain of causes back to the commit and its author.")
final class WhyCommand extends AuditCommand {
    private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

    @Parameters(
            arity = "1..2",
            paramLabel = "OBJECT",
            description = "An object such as pod/web-1 or pod web-1, or the position of an event.")
    private List<String> object = List.of();

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "The object's namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Override
    int answer(History history, Moment moments, PrintWriter out) {
        Trail trail = new Trail(history);
        Recorded newest = start(trail, history);
        List<Recorded> chain = trail.causes(newest);
        if (json()) {
            chain.forEach(event -> out.println(EventJson.of(event)));
            return 0;
        }
        String indent = "";
        String because = "";
        for (Recorded event : chain) {
            out.println(indent + because + EventLine.of(event).strip());
            indent += "  ";
            because = "because ";
            FurtherCauses further = event.origin().further();
            for (Position position : further.named()) {
                out.println(indent + "because " + EventLine.of(trail.at(position)).strip());
            }
            if (further.unnamed() > 0) {
                out.println(indent + "because of " + further.unnamed() + " more events like these");
            }
            because = further.isEmpty() ? because : "and because ";
        }
        if (chain.getLast().event() instanceof SourceEvent.CommitApplied commit) {
            out.println();
            out.println("commit " + commit.commit());
            out.println(
                    "Author: "
                            + commit.info().authorName()
                            + " <"
                            + commit.info().authorEmail()
                            + ">, "
                            + commit.info().authoredAt());
            commit.info().message().strip().lines().forEach(line -> out.println("    " + line));
        }
        return 0;
    }

    /**
     * The newest event that says why the object is so; its reports and status changes only say how,
     * and that somebody looked into it is no reason.
     */
    private Recorded start(Trail trail, History history) {
        if (object.size() == 1 && POSITION.matcher(object.getFirst()).matches()) {
            return trail.at(new Position(Long.parseLong(object.getFirst())));
        }
        Tag about = about(object, namespace);
        for (Trail.Telling telling : Trail.Telling.values()) {
            List<Recorded> found =
                    trail.newest(
                            new Trail.Question(
                                    Optional.of(about),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    telling),
                            1);
            if (!found.isEmpty()) {
                return found.getFirst();
            }
        }
        throw new CommandFailure(
                "the log knows nothing of "
                        + about.value()
                        + (Tags.isResource(about)
                                ? elsewhere(
                                        history.stateAt(history.head()), object(object, namespace))
                                : ""));
    }
}
