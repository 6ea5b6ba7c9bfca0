package dev.shiplog.boot;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.network.ingress.ClusterIngress;
import dev.shiplog.node.network.ingress.ProxyKind;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What every node serves by following the cluster: names to its pods, and Ingresses to the outside.
 */
final class NodeServices implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NodeServices.class.getName());

    /** Ports that Ingresses are answered at: the first that is free, in the end any. */
    private static final List<Integer> HTTP_PORTS = List.of(80, 8080, 0);

    private static final List<Integer> HTTPS_PORTS = List.of(443, 8443, 0);

    private static final InetAddress ANY_ADDRESS = InetAddress.ofLiteral("0.0.0.0");

    private final NameServer names;
    private final ClusterIngress ingress;

    private NodeServices(NameServer names, ClusterIngress ingress) {
        this.names = names;
        this.ingress = ingress;
    }

    /**
     * What answers Ingresses, as was said.
     *
     * @throws IllegalArgumentException if that cannot be had here; the message says what to do
     */
    static ProxyKind proxy(Settings settings) {
        ProxyKind proxy = ProxyKind.of(settings.network().ingressProxy());
        proxy.objection()
                .ifPresent(reason -> {
                    throw new IllegalArgumentException(reason);
                });
        return proxy;
    }

    /**
     * Begins to follow and to serve.
     *
     * @param gateway the machine's address in the network of its pods, where there is one
     * @param names where pods ask for names besides
     * @param folder where the access log goes
     * @param proxy what answers Ingresses
     * @param told hears where Ingresses are answered; empty while there are none
     */
    static NodeServices start(
            ClusterView view,
            Optional<String> gateway,
            Set<String> names,
            Path folder,
            ProxyKind proxy,
            Consumer<Optional<ClusterIngress.Listening>> told) {
        NameServer server = new NameServer();
        gateway.ifPresent(address -> server.start(view, address, names));
        return new NodeServices(
                server,
                ClusterIngress.start(
                        view,
                        new ClusterIngress.Settings(
                                ANY_ADDRESS, HTTP_PORTS, HTTPS_PORTS, folder, proxy),
                        told));
    }

    @Override
    public void close() {
        ingress.close();
        try {
            names.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the DNS server did not close", e);
        }
    }
}
