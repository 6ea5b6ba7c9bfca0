package dev.shiplog.state;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.SourceName;

import java.util.Optional;

/**
 * A Git source and where it stands.
 *
 * @param served whether the cluster serves the repository itself
 * @param applied the commit that is the truth now; empty before the first
 * @param held a newer commit that could not become the truth; empty when the newest one did
 * @param failure why the source cannot be read; empty while it can
 */
public record SourceState(
        SourceName name,
        String url,
        String branch,
        String path,
        boolean served,
        Optional<Applied> applied,
        Optional<Held> held,
        Optional<String> failure) {

    /**
     * @param at the position of the event that made the commit the truth
     */
    public record Applied(CommitId commit, CommitInfo info, Position at) {}

    /** A commit and why it is held. */
    public record Held(CommitId commit, String reason, String message) {}

    SourceState withApplied(Applied value) {
        return new SourceState(
                name, url, branch, path, served, Optional.of(value), Optional.empty(), failure);
    }

    SourceState withHeld(Held value) {
        return new SourceState(
                name, url, branch, path, served, applied, Optional.of(value), failure);
    }

    SourceState withFailure(Optional<String> value) {
        return new SourceState(name, url, branch, path, served, applied, held, value);
    }
}
