package dev.shiplog.decide;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.PodRanges;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.ServiceAddresses;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Gives a node its range of addresses for pods, once and for its life. */
final class PodRange {
    private PodRange() {}

    /**
     * A node's body with a range in it.
     *
     * @param wish the range that the node would rather have, as its machine has it already; empty
     *     for none
     * @return as it was if it has one, or if all are given away
     */
    static Json give(ClusterState state, Json body, String wish, NodeName node) {
        ResourceKey key = ResourceKey.node(node);
        PodRanges cluster = PodRanges.of(state.resource(ServiceRanges.KEY));
        String held = ServiceAddresses.podRange(body);
        if (cluster.holds(held) && free(state, held, key)) {
            return fill(body, held);
        }
        Optional<String> given =
                Stream.concat(
                                Stream.of(wish).filter(cluster::holds),
                                IntStream.range(0, PodRanges.COUNT).mapToObj(cluster::range))
                        .filter(range -> free(state, range, key))
                        .findFirst();
        return given.map(range -> fill(body, range)).orElse(body);
    }

    private static boolean free(ClusterState state, String range, ResourceKey node) {
        return state.addressHolder(range).filter(holder -> !holder.equals(node)).isEmpty();
    }

    private static Json fill(Json body, String range) {
        ObjectNode root = body.toObject();
        ObjectNode spec = root.withObject("/spec");
        spec.put("podCIDR", range);
        spec.putArray("podCIDRs").add(range);
        return Json.of(root);
    }
}
