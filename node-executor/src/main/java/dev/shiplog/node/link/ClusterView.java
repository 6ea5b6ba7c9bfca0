package dev.shiplog.node.link;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The cluster's resources as a node may see them, besides its pods' orders: Services and what
 * stands behind them, the other Nodes, Ingresses. What forwards traffic and answers names on a node
 * follows these.
 */
public interface ClusterView {
    /**
     * Follows every resource of some kinds. The first update is whole; each later one is what
     * changed, or, after a lost connection, whole again. Updates come one at a time, in order; a
     * slow listener falls behind, and is then told of several changes at once.
     *
     * <p>A Secret comes with its values in the plain, in base64 as the API serves them. What is not
     * the node's business is left out of such a view.
     */
    Subscription follow(Set<GroupKind> kinds, Consumer<Update> listener);

    /**
     * What the followed resources are now.
     *
     * @param at the log's position that this is the state of
     * @param whole whether {@code resources} is everything there is, or only what changed
     * @param resources each as it is now; empty if it is gone, which a whole update never says
     */
    record Update(
            Position at, boolean whole, SortedMap<ResourceKey, Optional<Resource>> resources) {}

    /** Ends the updates. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
