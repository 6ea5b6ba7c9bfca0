package dev.shiplog.node.network.service;

import dev.shiplog.node.network.Subnet;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Chooses among those behind a way in, in turns. For several threads. */
final class Choice {
    private final Subnet pods;
    private final AtomicInteger turn = new AtomicInteger();

    /** By client; the one that came least lately is forgotten. */
    private final Map<String, Kept> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
                    return size() > RelayLimits.STICKY;
                }
            };

    private volatile Behind behind = Behind.NOBODY;

    /**
     * @param until in {@link System#nanoTime()}
     */
    private record Kept(Target target, long until) {}

    /**
     * @param pods the range of this node's pods
     */
    Choice(Subnet pods) {
        this.pods = pods;
    }

    /** From now on these are behind it; a client that was led to one of them stays with it. */
    void lead(Behind now) {
        behind = now;
    }

    /** Whom to try for a client, in this order; empty if it is to be refused. */
    List<Target> of(InetAddress client) {
        Behind now = behind;
        String address = client.getHostAddress();
        boolean inside = inside(client);
        if (!inside && !admits(now, address)) {
            return List.of();
        }
        List<Target> all = inside ? now.inside() : now.outside();
        if (all.isEmpty()) {
            return List.of();
        }
        List<Target> order = new ArrayList<>(all.size());
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        order.addAll(all.subList(first, all.size()));
        order.addAll(all.subList(0, first));
        if (now.stickySeconds() > 0) {
            stick(address, now.stickySeconds(), order);
        }
        return order.subList(0, Math.min(order.size(), RelayLimits.TRIES));
    }

    /** Whether one is behind it still. */
    boolean leads(Target target) {
        Behind now = behind;
        return now.inside().contains(target) || now.outside().contains(target);
    }

    private synchronized void stick(String client, int seconds, List<Target> order) {
        long now = System.nanoTime();
        Kept before = kept.get(client);
        if (before != null && before.until - now > 0 && order.remove(before.target)) {
            order.addFirst(before.target);
        }
        kept.put(client, new Kept(order.getFirst(), now + TimeUnit.SECONDS.toNanos(seconds)));
    }

    private static boolean admits(Behind behind, String client) {
        return behind.admitted().isEmpty()
                || behind.admitted().stream().anyMatch(range -> within(client, range));
    }

    private static boolean within(String address, String range) {
        Subnet subnet = Subnet.parse(range.contains("/") ? range : range + "/32");
        return subnet.overlaps(Subnet.number(address), -1);
    }

    private boolean inside(InetAddress client) {
        if (client.isLoopbackAddress()
                || pods.overlaps(Subnet.number(client.getHostAddress()), -1)) {
            return true;
        }
        try {
            return NetworkInterface.getByInetAddress(client) != null;
        } catch (SocketException _) {
            return false;
        }
    }
}
