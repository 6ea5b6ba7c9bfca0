package dev.shiplog.ledger;

import dev.shiplog.decide.CountingIds;
import dev.shiplog.decide.Ids;
import dev.shiplog.resource.Uid;

/** Counting identities for several threads. */
final class SharedIds implements Ids {
    private final CountingIds ids = new CountingIds();

    @Override
    public synchronized Uid uid() {
        return ids.uid();
    }

    @Override
    public synchronized String suffix(int length) {
        return ids.suffix(length);
    }
}
