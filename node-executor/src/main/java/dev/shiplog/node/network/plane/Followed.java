package dev.shiplog.node.network.plane;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.network.peer.Peer;
import dev.shiplog.node.network.peer.Peers;
import dev.shiplog.node.network.service.ServicePlane;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a node's network knows of the cluster. Not for several threads at a time. */
final class Followed {
    static final Set<GroupKind> KINDS =
            Set.of(GroupKind.NODE, GroupKind.SERVICE, GroupKind.ENDPOINT_SLICE);

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final SortedMap<ResourceKey, Resource> resources = new TreeMap<>();
    private final SortedMap<ResourceKey, Resource> nodes = new TreeMap<>();
    private final SortedMap<ResourceKey, SortedSet<ResourceKey>> slices = new TreeMap<>();

    /**
     * What an update touched.
     *
     * @param services whose forwarding may be another
     */
    record Touched(SortedSet<ResourceKey> services, boolean nodes) {}

    Touched take(ClusterView.Update update) {
        SortedMap<ResourceKey, Optional<Resource>> changed = new TreeMap<>(update.resources());
        if (update.whole()) {
            for (ResourceKey key : resources.keySet()) {
                changed.putIfAbsent(key, Optional.empty());
            }
        }
        SortedSet<ResourceKey> services = new TreeSet<>();
        boolean ofNodes = false;
        for (var entry : changed.entrySet()) {
            ResourceKey key = entry.getKey();
            if (key.kind().equals(GroupKind.NODE)) {
                ofNodes = true;
                entry.getValue()
                        .ifPresentOrElse(now -> nodes.put(key, now), () -> nodes.remove(key));
            }
            if (key.kind().equals(GroupKind.SERVICE)) {
                services.add(key);
            }
            Resource before = resources.remove(key);
            if (before != null && key.kind().equals(GroupKind.ENDPOINT_SLICE)) {
                SortedSet<ResourceKey> of = slicesOf(service(before));
                of.remove(key);
                services.add(service(before));
            }
            entry.getValue()
                    .ifPresent(now -> {
                        resources.put(key, now);
                        if (key.kind().equals(GroupKind.ENDPOINT_SLICE)) {
                            slicesOf(service(now)).add(key);
                            services.add(service(now));
                        }
                    });
        }
        return new Touched(services, ofNodes);
    }

    /** All Services. */
    SortedSet<ResourceKey> services() {
        SortedSet<ResourceKey> services = new TreeSet<>(resources.keySet());
        services.removeIf(key -> !key.kind().equals(GroupKind.SERVICE));
        return services;
    }

    /** What is known of Services; empty for those that are gone. */
    SortedMap<ResourceKey, Optional<ServicePlane.Known>> known(SortedSet<ResourceKey> services) {
        SortedMap<ResourceKey, Optional<ServicePlane.Known>> known = new TreeMap<>();
        for (ResourceKey key : services) {
            List<Resource> behind = new ArrayList<>();
            for (ResourceKey slice : slicesOf(key)) {
                Optional.ofNullable(resources.get(slice)).ifPresent(behind::add);
            }
            known.put(
                    key,
                    Optional.ofNullable(resources.get(key))
                            .map(service -> new ServicePlane.Known(service, behind)));
        }
        return known;
    }

    /** A node that has an address and a range for its pods. */
    Optional<Peer> node(NodeName name) {
        return Optional.ofNullable(resources.get(ResourceKey.node(name))).flatMap(Followed::peer);
    }

    /** The other nodes, by name. */
    SortedMap<String, Peer> others(NodeName own) {
        SortedMap<String, Peer> others = new TreeMap<>();
        for (Resource resource : nodes.values()) {
            if (!resource.key().name().equals(own.value())) {
                peer(resource).ifPresent(peer -> others.put(resource.key().name(), peer));
            }
        }
        return others;
    }

    /** The nodes that are ready, by name. */
    SortedSet<String> ready() {
        SortedSet<String> ready = new TreeSet<>();
        for (Resource resource : nodes.values()) {
            for (JsonNode condition : resource.status().toNode().path("conditions")) {
                if (condition.path("type").asText().equals("Ready")
                        && condition.path("status").asText().equals("True")) {
                    ready.add(resource.key().name());
                }
            }
        }
        return ready;
    }

    /** The addresses that nodes have of their own. */
    SortedSet<String> addresses() {
        SortedSet<String> addresses = new TreeSet<>();
        for (Resource resource : nodes.values()) {
            for (JsonNode address : resource.status().toNode().path("addresses")) {
                if (address.path("type").asText().endsWith("IP")) {
                    addresses.add(address.path("address").asText());
                }
            }
        }
        return addresses;
    }

    private static Optional<Peer> peer(Resource node) {
        String range = node.body().toNode().path("spec").path("podCIDR").asText();
        for (JsonNode address : node.status().toNode().path("addresses")) {
            if (address.path("type").asText().equals("InternalIP")) {
                return Peers.of(address.path("address").asText(), range);
            }
        }
        return Optional.empty();
    }

    private SortedSet<ResourceKey> slicesOf(ResourceKey service) {
        return slices.computeIfAbsent(service, _ -> new TreeSet<>());
    }

    private static ResourceKey service(Resource slice) {
        String name = slice.metadata().labels().getOrDefault(SERVICE_NAME, "");
        return new ResourceKey(GroupKind.SERVICE, slice.key().namespace(), name);
    }
}
