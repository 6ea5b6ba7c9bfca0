package dev.shiplog.node.network.ingress;

import java.io.IOException;

/** What answers requests from outside as a configuration says. */
interface Proxy extends AutoCloseable {
    /**
     * From now on does as this says. To be called by one thread at a time.
     *
     * @throws IOException if it goes on as before; the message says why
     */
    void apply(ProxyConfig config) throws IOException;

    /** Where it answers. */
    ClusterIngress.Listening listening();

    /** Whether it answers at all; one that does not is closed, and another is started. */
    boolean alive();

    @Override
    void close();
}
