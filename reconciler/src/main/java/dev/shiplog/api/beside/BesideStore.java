package dev.shiplog.api.beside;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps resources that live beside the log. Safe for many threads.
 *
 * <p>Invariants: every change has a version of its own, larger than all before it, also than those
 * before a restart, since versions begin at the clock's microseconds and no store changes more
 * often than that; an update that expects another version than the resource has is refused.
 */
public final class BesideStore {
    /** Which kinds are kept here and not in the log. */
    public static final Set<GroupKind> KINDS = Set.of(GroupKind.LEASE);

    /** How many resources there may be. */
    static final int MAX_RESOURCES = 10_000;

    /** How many changes are remembered for those who watch. */
    static final int MAX_CHANGES = 4_096;

    /** Where the leases of nodes are. */
    public static final String NODE_NAMESPACE = "kube-node-lease";

    /** How long a node counts as alive after it renewed its lease, in seconds. */
    public static final int NODE_LEASE_SECONDS = 40;

    private final Supplier<Instant> clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SortedMap<ResourceKey, Resource> resources = new TreeMap<>();
    private final Deque<Change> changes = new ArrayDeque<>();

    /** Versions up to this one are not remembered. */
    private long floor;

    private long version;
    private boolean closed;

    /** What became of a write. */
    public sealed interface Written {
        record Done(Resource resource) implements Written {}

        record Missing() implements Written {}

        /** There is one of that name. */
        record Exists() implements Written {}

        /** It has another version, or another identity, than the write expects. */
        record Conflict(Resource found) implements Written {}

        /** There are {@value #MAX_RESOURCES} already. */
        record Full() implements Written {}
    }

    /**
     * One change.
     *
     * @param before empty for a new resource
     * @param after the resource as it is; a deleted one as it last was, at the version of its end
     */
    record Change(Position version, Optional<Resource> before, Resource after, boolean deleted) {}

    /** What is there, and the version at which it is so. */
    record Listed(Position version, List<Resource> resources) {}

    public BesideStore(Supplier<Instant> clock) {
        this.clock = clock;
        Instant now = clock.get();
        this.version = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        this.floor = version;
    }

    public Optional<Resource> find(ResourceKey key) {
        lock.lock();
        try {
            return Optional.ofNullable(resources.get(key));
        } finally {
            lock.unlock();
        }
    }

    Listed list(GroupKind kind) {
        lock.lock();
        try {
            List<Resource> found = new ArrayList<>();
            for (Resource resource : resources.values()) {
                if (resource.key().kind().equals(kind)) {
                    found.add(resource);
                }
            }
            return new Listed(new Position(version), found);
        } finally {
            lock.unlock();
        }
    }

    /** Creates a resource; at most {@value #MAX_RESOURCES}. */
    public Written create(
            ResourceKey key,
            String apiVersion,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            Json body) {
        lock.lock();
        try {
            if (resources.containsKey(key)) {
                return new Written.Exists();
            }
            if (resources.size() >= MAX_RESOURCES) {
                return new Written.Full();
            }
            Metadata metadata =
                    new Metadata(
                            new Uid(UUID.randomUUID().toString()),
                            0,
                            clock.get(),
                            labels,
                            annotations,
                            List.of(),
                            List.of(),
                            Optional.empty());
            Resource fresh = new Resource(key, apiVersion, metadata, body, Json.EMPTY, next());
            resources.put(key, fresh);
            tell(new Change(fresh.version(), Optional.empty(), fresh, false));
            return new Written.Done(fresh);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives a resource a new content.
     *
     * @param uid refused if it has another identity
     * @param expected refused if it has another version; empty to write over any
     */
    public Written update(
            ResourceKey key,
            Optional<Uid> uid,
            Optional<Position> expected,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            Json body) {
        lock.lock();
        try {
            Resource before = resources.get(key);
            if (before == null) {
                return new Written.Missing();
            }
            if (uid.filter(wanted -> !wanted.equals(before.uid())).isPresent()
                    || expected.filter(wanted -> !wanted.equals(before.version())).isPresent()) {
                return new Written.Conflict(before);
            }
            Metadata metadata = before.metadata().withLabels(labels).withAnnotations(annotations);
            if (metadata.equals(before.metadata()) && body.equals(before.body())) {
                return new Written.Done(before);
            }
            Position at = next();
            Resource after = before.with(metadata, at).withBody(body, at);
            resources.put(key, after);
            tell(new Change(at, Optional.of(before), after, false));
            return new Written.Done(after);
        } finally {
            lock.unlock();
        }
    }

    /** Deletes a resource; the result is what it was. */
    public Written delete(ResourceKey key, Optional<Uid> uid, Optional<Position> expected) {
        lock.lock();
        try {
            Resource before = resources.get(key);
            if (before == null) {
                return new Written.Missing();
            }
            if (uid.filter(wanted -> !wanted.equals(before.uid())).isPresent()
                    || expected.filter(wanted -> !wanted.equals(before.version())).isPresent()) {
                return new Written.Conflict(before);
            }
            resources.remove(key);
            Position at = next();
            tell(new Change(at, Optional.of(before), before.with(before.metadata(), at), true));
            return new Written.Done(before);
        } finally {
            lock.unlock();
        }
    }

    /** A node lives: its lease in {@value #NODE_NAMESPACE} is made or renewed. */
    public void renew(String node) {
        ResourceKey key = new ResourceKey(GroupKind.LEASE, NODE_NAMESPACE, node);
        Json body =
                Json.parse(
                        "{\"spec\":{\"holderIdentity\":\""
                                + node
                                + "\",\"leaseDurationSeconds\":"
                                + NODE_LEASE_SECONDS
                                + ",\"renewTime\":\""
                                + micros(clock.get())
                                + "\"}}");
        Written updated =
                update(
                        key,
                        Optional.empty(),
                        Optional.empty(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        body);
        if (updated instanceof Written.Missing) {
            create(key, "coordination.k8s.io/v1", new TreeMap<>(), new TreeMap<>(), body);
        }
    }

    /** A time as MicroTime writes it: always six digits. */
    static String micros(Instant instant) {
        return "%s.%06dZ"
                .formatted(
                        instant.toString().substring(0, 19),
                        instant.get(ChronoField.MICRO_OF_SECOND));
    }

    /**
     * The changes after a version, once there are any; none if time runs out or the store closes.
     * Empty if that version is not remembered any more.
     */
    Optional<List<Change>> changesAfter(Position after, Duration patience)
            throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (version <= after.value() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (after.value() < floor) {
                return Optional.empty();
            }
            List<Change> found = new ArrayList<>();
            for (Change change : changes) {
                if (change.version().isAfter(after)) {
                    found.add(change);
                }
            }
            return Optional.of(found);
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what waits here. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Position next() {
        version++;
        return new Position(version);
    }

    private void tell(Change change) {
        changes.addLast(change);
        if (changes.size() > MAX_CHANGES) {
            floor = changes.removeFirst().version().value();
        }
        changed.signalAll();
    }

    /** How long a watcher waits at a time, so that it sees that its client has gone. */
    static final Duration GLANCE = Duration.ofMillis(TimeUnit.SECONDS.toMillis(1));
}
