package dev.shiplog.source;

import dev.shiplog.decide.Ids;
import dev.shiplog.resource.Uid;

import java.util.UUID;

/** Identities for a decision that is only looked at: they count up and are never recorded. */
final class PreviewIds implements Ids {
    private long next = 1;

    @Override
    public Uid uid() {
        return new Uid(new UUID(0, next++).toString());
    }

    @Override
    public String suffix(int length) {
        return "x".repeat(length);
    }
}
