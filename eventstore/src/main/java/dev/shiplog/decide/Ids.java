package dev.shiplog.decide;

import dev.shiplog.resource.Uid;

/** Where fresh identities come from: random in production, seeded in tests. */
public interface Ids {
    /** A new UUID. */
    Uid uid();

    /** {@code length} characters of the alphabet that Kubernetes uses for generated names. */
    String suffix(int length);
}
