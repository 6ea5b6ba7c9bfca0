package dev.shiplog.source;

import dev.shiplog.resource.SourceName;

/** A repository that is elsewhere, looked at from time to time. */
public interface FollowedSource {
    SourceName name();

    /**
     * Looks once: whether the branch has moved and, if so, takes its head as the truth or records
     * why not. Returns normally whatever the repository does; the ledger knows. One call at a time.
     *
     * @param because {@code poll} or {@code webhook}
     */
    Look look(String because);

    /** What came of a look. */
    sealed interface Look {
        /** The repository was read. */
        record Seen(Adoption adoption) implements Look {}

        /** It was not, or the ledger was not; nothing changed. To be tried again later. */
        record Failed(String reason, String message) implements Look {}
    }
}
