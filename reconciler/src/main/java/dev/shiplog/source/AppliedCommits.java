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

/** Which commit was the truth when, as the log has it. */
public final class AppliedCommits {
    /** Events read at a time. */
    private static final int BATCH = 1_000;

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
        Optional<CommitId> found = Optional.empty();
        Position after = Position.ORIGIN;
        while (true) {
            List<Recorded> batch = history.read(after, Optional.of(Tags.source(source)), BATCH);
            for (Recorded event : batch) {
                if (event.event() instanceof CommitApplied applied && !event.time().isAfter(time)) {
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
