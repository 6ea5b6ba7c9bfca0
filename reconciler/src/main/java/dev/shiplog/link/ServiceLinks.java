package dev.shiplog.link;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The variables by which containers of one node's pods find Services, kept until a Service of the
 * namespace changes: a pod is told of them with each order, and orders are more than changes.
 *
 * <p>Invariant: who asks with a state has been told of every Service that changed before it. Not
 * for several threads at a time.
 */
final class ServiceLinks {
    /** Of what is kept, under which stands what pods without links find. */
    private static final String NO_LINKS = "";

    private final Map<String, SortedMap<String, String>> kept = new TreeMap<>();

    /** Those that a pod's containers find. */
    SortedMap<String, String> of(ClusterState state, Resource pod) {
        boolean links = pod.body().toNode().path("spec").path("enableServiceLinks").asBoolean(true);
        return kept.computeIfAbsent(
                links ? pod.key().namespace() : NO_LINKS, _ -> ServiceVariables.of(state, pod));
    }

    void forget() {
        kept.clear();
    }

    /** Some resources are others now. */
    void changed(Collection<ResourceKey> keys) {
        for (ResourceKey key : keys) {
            if (key.equals(ServiceVariables.API)) {
                kept.clear();
            } else if (key.kind().equals(GroupKind.SERVICE)) {
                kept.remove(key.namespace());
            }
        }
    }
}
