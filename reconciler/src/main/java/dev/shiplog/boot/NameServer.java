package dev.shiplog.boot;

import dev.shiplog.node.agent.MachineResolver;
import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.network.dns.ClusterDns;
import dev.shiplog.node.plan.NodeNames;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The DNS server of this process's node. It starts beside everything else: what it is made of takes
 * longer to load than a cluster to start, and who asks for a name asks again.
 */
final class NameServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NameServer.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private Optional<ClusterDns> server = Optional.empty();
    private boolean closed;

    /** The machine's address in the network of its pods; empty where there is no such network. */
    static Optional<String> gateway(PodRuntime runtime) {
        try {
            return runtime.gateway();
        } catch (RuntimeFailure failure) {
            LOG.log(
                    Level.WARNING,
                    "pods will find no names of the cluster: {0}",
                    failure.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Where pods look names up.
     *
     * @param server the address of the cluster's name server; none where pods have no network of
     *     the cluster, and are left to what the machine uses
     */
    static NodeNames names(Optional<String> server) {
        return new NodeNames(server.map(List::of).orElse(List.of()), MachineResolver.read());
    }

    /**
     * Begins to answer soon.
     *
     * @param ourselves other addresses that lead here
     */
    void start(ClusterView view, String address, Set<String> ourselves) {
        Thread.ofVirtual().name("dns-start").start(() -> open(view, address, ourselves));
    }

    private void open(ClusterView view, String address, Set<String> ourselves) {
        InetSocketAddress where =
                new InetSocketAddress(InetAddress.ofLiteral(address), ClusterDns.PORT);
        lock.lock();
        try {
            if (!closed) {
                server = Optional.of(ClusterDns.start(view, where, ourselves));
                LOG.log(
                        Level.INFO,
                        "the cluster''s names are answered at {0}, port {1}",
                        new Object[] {address, String.valueOf(ClusterDns.PORT)});
            }
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "pods find no names: expected to listen on {0}, found: {1}; see which program"
                            + " does with: ss -lnup sport = :53",
                    new Object[] {address + ":" + ClusterDns.PORT, e.getMessage()});
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            if (server.isPresent()) {
                server.get().close();
            }
        } finally {
            lock.unlock();
        }
    }
}
