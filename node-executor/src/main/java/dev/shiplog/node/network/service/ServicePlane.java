package dev.shiplog.node.network.service;

import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;

/** What leads clients on this node to Services. Not for several threads at a time. */
public interface ServicePlane extends AutoCloseable {
    /** A Service and who stands behind it. */
    record Known(Resource service, Collection<Resource> slices) {}

    /**
     * Takes Services as they are now.
     *
     * @param changed each with what is known of it; empty if it is gone
     */
    void take(SortedMap<ResourceKey, Optional<Known>> changed) throws IOException;

    /** Makes all of it anew, in place of whatever is there. */
    void load() throws IOException;

    /** Whether it is as it was left. */
    boolean sound();

    /** Tidies, and tries again what nobody changed but did not work, such as a port taken. */
    void retry() throws IOException;

    /** What it is made of, where it is put back after somebody changed it. */
    String part();

    /** What load balancers may ask this node, by port. */
    SortedMap<Integer, HealthCheck> healthChecks();

    /** Ends what ends with this program. */
    @Override
    void close();
}
