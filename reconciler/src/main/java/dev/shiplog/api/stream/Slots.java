package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.api.StreamLimits;

import java.util.Map;
import java.util.TreeMap;

/** Counts sessions, so that nobody holds too many. */
final class Slots {
    private final StreamLimits limits;
    private final Map<String, Integer> byUser = new TreeMap<>();
    private int all;

    Slots(StreamLimits limits) {
        this.limits = limits;
    }

    /** One session's place; given back once. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @throws ApiFailure 429 if there are too many sessions
     */
    synchronized Slot take(Identity who) {
        int own = byUser.getOrDefault(who.name(), 0);
        if (own >= limits.sessionsPerIdentity()) {
            throw tooMany(
                    "user \""
                            + who.name()
                            + "\" has "
                            + own
                            + " sessions, as many as one may have");
        }
        if (all >= limits.sessions()) {
            throw tooMany("the server has " + all + " sessions, as many as it may have");
        }
        all++;
        byUser.put(who.name(), own + 1);
        return new Taken(who.name());
    }

    synchronized int taken() {
        return all;
    }

    private synchronized void give(String user) {
        all--;
        byUser.computeIfPresent(user, (_, count) -> count == 1 ? null : count - 1);
    }

    private static ApiFailure tooMany(String why) {
        return new ApiFailure(
                Status.of(
                        429,
                        "TooManyRequests",
                        why + ": end an exec, attach or port-forward, then try again"));
    }

    private final class Taken implements Slot {
        private final String user;
        private boolean given;

        Taken(String user) {
            this.user = user;
        }

        @Override
        public void close() {
            synchronized (Slots.this) {
                if (!given) {
                    given = true;
                    give(user);
                }
            }
        }
    }
}
