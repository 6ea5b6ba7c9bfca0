package dev.shiplog.api.auth.limit;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Rations requests by who asks: a bucket of tokens for each, and so many at once. Long streams
 * (watches, followed logs, sessions) are counted apart from the rest, and cost one token each like
 * everything. Thread-safe; never blocks.
 */
public final class RequestLimits {
    /**
     * What one client may do.
     *
     * @param perSecond requests a second, in the long run
     * @param burst requests at once after a rest
     * @param running requests under way at the same time
     * @param streams streams under way at the same time
     */
    public record Share(int perSecond, int burst, int running, int streams) {
        /** For a user who is known. */
        public static final Share KNOWN = new Share(500, 1_000, 100, 500);

        /** For an address that nobody is known at: enough for health checks. */
        public static final Share UNKNOWN = new Share(50, 200, 20, 0);
    }

    /** Clients that are remembered; those at rest are forgotten first. */
    static final int MAX_CLIENTS = 10_000;

    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private final Map<String, Client> clients = new LinkedHashMap<>(16, 0.75f, true);

    /** A request that may go on; to be given back when it is done. */
    public interface Permit extends AutoCloseable {
        /** Counts from now on as a stream; false, if there are too many. */
        boolean stream();

        @Override
        void close();
    }

    private static final class Client {
        private double tokens;
        private long at;
        private int running;
        private int streams;

        Client(double tokens, long at) {
            this.tokens = tokens;
            this.at = at;
        }
    }

    /**
     * @param nanoTime as {@link System#nanoTime()}
     */
    public RequestLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Lets a request in; empty if its client has had its share. */
    public synchronized Optional<Permit> admit(String name, Share share) {
        long now = nanoTime.getAsLong();
        Client client = clients.get(name);
        if (client == null) {
            forgetOne();
            client = new Client(share.burst(), now);
            clients.put(name, client);
        }
        double refill = (now - client.at) / NANOS * share.perSecond();
        client.tokens = Math.min(share.burst(), client.tokens + refill);
        client.at = now;
        if (client.tokens < 1 || client.running >= share.running()) {
            return Optional.empty();
        }
        client.tokens--;
        client.running++;
        return Optional.of(new Held(client, share));
    }

    /** How many clients are remembered. */
    synchronized int clients() {
        return clients.size();
    }

    /** Makes room: the client used least recently that has nothing under way. */
    private void forgetOne() {
        if (clients.size() < MAX_CLIENTS) {
            return;
        }
        Iterator<Client> oldest = clients.values().iterator();
        while (oldest.hasNext()) {
            Client client = oldest.next();
            if (client.running == 0 && client.streams == 0) {
                oldest.remove();
                return;
            }
        }
    }

    private final class Held implements Permit {
        private final Client client;
        private final Share share;
        private final AtomicBoolean closed = new AtomicBoolean();
        private boolean stream;

        Held(Client client, Share share) {
            this.client = client;
            this.share = share;
        }

        @Override
        public boolean stream() {
            synchronized (RequestLimits.this) {
                if (stream) {
                    return true;
                }
                if (client.streams >= share.streams()) {
                    return false;
                }
                stream = true;
                client.running--;
                client.streams++;
                return true;
            }
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                synchronized (RequestLimits.this) {
                    if (stream) {
                        client.streams--;
                    } else {
                        client.running--;
                    }
                }
            }
        }
    }
}
