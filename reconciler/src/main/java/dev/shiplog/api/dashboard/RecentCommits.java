package dev.shiplog.api.dashboard;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.event.Tags;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.SourceName;
import dev.shiplog.state.SourceState;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The newest commits that became the truth. Reads each event of a source once. */
final class RecentCommits {
    static final int MOST = 20;
    private static final int PAGE_EVENTS = 500;

    /** A commit and when it became the truth. */
    record Applied(CommitApplied event, Position position, Instant at) {}

    private final Ledger ledger;
    private final Map<SourceName, Position> read =
            new TreeMap<>(Comparator.comparing(SourceName::value));
    private final Deque<Applied> newest = new ArrayDeque<>();

    RecentCommits(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The newest first. */
    synchronized List<Applied> now() {
        for (SourceState source : ledger.state().sources()) {
            follow(source.name());
        }
        return newest.stream()
                .sorted(
                        Comparator.comparingLong((Applied applied) -> applied.position().value())
                                .reversed())
                .toList();
    }

    private void follow(SourceName source) {
        List<Recorded> page;
        do {
            Position after = read.getOrDefault(source, Position.ORIGIN);
            page = ledger.read(after, Optional.of(Tags.source(source)), PAGE_EVENTS);
            for (Recorded event : page) {
                if (event.event() instanceof CommitApplied applied) {
                    newest.addLast(new Applied(applied, event.position(), event.time()));
                    if (newest.size() > MOST) {
                        newest.removeFirst();
                    }
                }
                read.put(source, event.position());
            }
        } while (page.size() == PAGE_EVENTS);
    }
}
