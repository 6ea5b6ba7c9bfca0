package dev.shiplog.source;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.event.Tags;
import dev.shiplog.ledger.History;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.SourceName;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which commit was the truth when, as the log has it. */
public final class AppliedCommits {
    /** Events read at a time. */
    private static final int BATCH = 1_000;

    private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

    private final SourceName source;
    private final History history;

    public AppliedCommits(SourceName source, History history) {
        this.source = source;
        this.history = history;
    }

    /**
     * The commit that was the truth at a time.
     *
     * @return empty if none was applied until then
     */
    public Optional<CommitId> at(Instant time) {
        return last(event -> !event.time().isAfter(time));
    }

    /**
     * The commit that was the truth at a position.
     *
     * @return empty if none was applied until then
     */
    public Optional<CommitId> at(Position position) {
        return last(event -> !event.position().isAfter(position));
    }

    /** The position of the log that a text names; empty if it is something else. */
    Optional<Position> position(String text) {
        if (!POSITION.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(new Position(Long.parseLong(text)))
                .filter(position -> !position.isAfter(history.head()));
    }

    private Optional<CommitId> last(Predicate<Recorded> until) {
        Optional<CommitId> found = Optional.empty();
        Position after = Position.ORIGIN;
        while (true) {
            List<Recorded> batch = history.read(after, Optional.of(Tags.source(source)), BATCH);
            for (Recorded event : batch) {
                if (event.event() instanceof CommitApplied applied && until.test(event)) {
                    found = Optional.of(applied.commit());
                }
            }
            if (batch.isEmpty()) {
                return found;
            }
            after = batch.getLast().position();
        }
    }
}
