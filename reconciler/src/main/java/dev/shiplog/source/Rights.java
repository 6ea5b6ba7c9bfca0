package dev.shiplog.source;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import java.util.List;
import java.util.Optional;

/** What a pusher may declare. Never blocks. */
public interface Rights {
    /** Everything: for those who were asked already, and for the cluster itself. */
    Rights ALL = _ -> List.of();

    /** What speaks against a change, one line each; nothing, if it is allowed. */
    List<String> objections(Change change);

    /**
     * What a commit does to one object.
     *
     * @param verb {@code create}, {@code update} or {@code delete}
     * @param before the whole document as it is, without what only the cluster sets; empty for a
     *     create
     * @param after the whole document as the commit declares it; empty for a delete
     */
    record Change(String verb, ResourceKey key, Optional<Json> before, Optional<Json> after) {}
}
