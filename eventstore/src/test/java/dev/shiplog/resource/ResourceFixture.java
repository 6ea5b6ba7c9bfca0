package dev.shiplog.resource;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Resources of {@code v1} as tests need them: made in 1970, without owners and annotations. */
public final class ResourceFixture {
    private ResourceFixture() {}

    /** One without labels, of position 1. */
    public static Resource of(ResourceKey key, Uid uid, Json body, Json status) {
        return of(key, uid, new TreeMap<>(), body, status, 1);
    }

    /**
     * @param version the position of the last event that changed it
     */
    public static Resource of(
            ResourceKey key,
            Uid uid,
            SortedMap<String, String> labels,
            Json body,
            Json status,
            long version) {
        return new Resource(
                key,
                "v1",
                new Metadata(
                        uid,
                        1,
                        Instant.EPOCH,
                        labels,
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                body,
                status,
                new Position(version));
    }
}
