package dev.shiplog.node.network.dns;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.link.ClusterView.Update;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The DNS server of a node. It answers from what the node follows of the cluster, so a change is
 * visible as soon as it is told, and asks the machine's name servers for the rest.
 */
public final class ClusterDns implements AutoCloseable {
    /** Where name servers are asked. */
    public static final int PORT = 53;

    private final Responder responder;
    private final DnsServer server;
    private final ClusterView.Subscription subscription;
    private final ReentrantLock updating = new ReentrantLock();

    private ClusterDns(Responder responder, DnsServer server, ClusterView view) {
        this.responder = responder;
        this.server = server;
        this.subscription = view.follow(ClusterZone.KINDS, this::update);
    }

    /**
     * Starts to answer.
     *
     * @param address where to listen, over UDP and TCP; port 0 for any that is free
     * @param ourselves other addresses that lead to it, so that it never asks itself
     * @throws IOException if the address is taken, or not this machine's
     */
    public static ClusterDns start(
            ClusterView view, InetSocketAddress address, Set<String> ourselves) throws IOException {
        Set<String> own = new TreeSet<>(ourselves);
        own.add(address.getAddress().getHostAddress());
        return start(view, address, new MachineNames(MachineNames.FILE, own, System::nanoTime));
    }

    static ClusterDns start(
            ClusterView view, InetSocketAddress address, Supplier<List<InetSocketAddress>> others)
            throws IOException {
        Responder responder = new Responder(new Upstream(others, System::nanoTime));
        return new ClusterDns(responder, DnsServer.listen(address, responder), view);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    private void update(Update update) {
        updating.lock();
        try {
            responder.serve(responder.zone().with(update));
        } finally {
            updating.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        subscription.close();
        server.close();
    }
}
