package dev.shiplog.api.watch;

import dev.shiplog.event.Recorded;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What changed lately, by kind: one subscription to the ledger, however many watchers there are.
 * Watchers of a kind that nothing happens to are never woken.
 */
public final class ChangeLog implements AutoCloseable {
    /** How many changes of a kind are kept for its watchers. */
    static final int CAPACITY = 4096;

    private final Map<GroupKind, ChangeRing> rings = new ConcurrentHashMap<>();
    private final Ledger ledger;
    private final Ledger.Subscription subscription;
    private final Position begun;
    private final int capacity;

    /** Touched by the ledger's calls only, which come one at a time. */
    private ClusterState current;

    private volatile Position head;
    private volatile boolean closed;

    public ChangeLog(Ledger ledger) {
        this(ledger, CAPACITY);
    }

    ChangeLog(Ledger ledger, int capacity) {
        this.ledger = ledger;
        this.capacity = capacity;
        this.current = ledger.state();
        this.begun = current.position();
        this.head = begun;
        this.subscription = ledger.subscribe(begun, this::changed);
    }

    private synchronized void changed(ClusterState after, List<Recorded> events) {
        if (closed) {
            return;
        }
        Map<GroupKind, List<Change>> byKind = new TreeMap<>();
        for (Change change : Changes.between(current, after, events)) {
            byKind.computeIfAbsent(change.key().kind(), _ -> new ArrayList<>()).add(change);
        }
        byKind.forEach((kind, changes) -> of(kind).add(changes));
        current = after;
        // After the rings: whoever reads this position finds every change up to it.
        head = after.position();
    }

    ChangeRing of(GroupKind kind) {
        return rings.computeIfAbsent(kind, _ -> new ChangeRing(capacity, begun));
    }

    /** Every change up to here is in the rings. */
    Position head() {
        return head;
    }

    Ledger ledger() {
        return ledger;
    }

    boolean closed() {
        return closed;
    }

    /** Ends every watch. */
    @Override
    public void close() {
        closed = true;
        subscription.close();
        rings.values().forEach(ChangeRing::wake);
    }
}
