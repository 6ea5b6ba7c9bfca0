package dev.shiplog.node.network.plane;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceFixture;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A cluster that a test writes by hand. */
final class FakeView implements ClusterView {
    private final SortedMap<ResourceKey, Optional<Resource>> resources = new TreeMap<>();
    private final List<Consumer<Update>> listeners = new ArrayList<>();
    private final SortedMap<ResourceKey, Resource> held = new TreeMap<>();
    private boolean holding;
    private long position = 1;

    @Override
    public synchronized Subscription follow(Set<GroupKind> kinds, Consumer<Update> listener) {
        listeners.add(listener);
        SortedMap<ResourceKey, Optional<Resource>> seen = new TreeMap<>(resources);
        seen.keySet().removeIf(key -> !kinds.contains(key.kind()));
        listener.accept(new Update(new Position(position), true, seen));
        return () -> listeners.remove(listener);
    }

    void node(String name, String address, String range) {
        put(
                ResourceKey.node(new NodeName(name)),
                new TreeMap<>(),
                "{\"spec\":{\"podCIDR\":\"" + range + "\"}}",
                "{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"" + address + "\"}]}");
    }

    void service(String name, String spec, String status) {
        put(key(GroupKind.SERVICE, name), new TreeMap<>(), "{\"spec\":" + spec + "}", status);
    }

    /** Endpoints as {@code address@node}. */
    void endpoints(String service, int port, String protocol, String... endpoints) {
        List<String> all = new ArrayList<>();
        for (String endpoint : endpoints) {
            String[] parts = endpoint.split("@", -1);
            all.add(
                    "{\"addresses\":[\"%s\"],\"nodeName\":\"%s\",\"conditions\":{\"ready\":true}}"
                            .formatted(parts[0], parts[1]));
        }
        put(
                key(GroupKind.ENDPOINT_SLICE, service + "-1"),
                new TreeMap<>(Map.of("kubernetes.io/service-name", service)),
                "{\"addressType\":\"IPv4\",\"ports\":[{\"name\":\"\",\"port\":%d,\"protocol\":\"%s\"}],\"endpoints\":[%s]}"
                        .formatted(port, protocol, String.join(",", all)),
                "{}");
    }

    /** From now on nobody is told of what is put. */
    synchronized void hold() {
        holding = true;
    }

    /** Tells of everything that was put meanwhile, one by one. */
    synchronized void release() {
        holding = false;
        held.forEach((key, now) -> tell(key, Optional.of(now)));
        held.clear();
    }

    synchronized void remove(GroupKind kind, String name) {
        resources.remove(key(kind, name));
        tell(key(kind, name), Optional.empty());
    }

    private static ResourceKey key(GroupKind kind, String name) {
        return new ResourceKey(kind, "default", name);
    }

    private synchronized void put(
            ResourceKey key, SortedMap<String, String> labels, String body, String status) {
        Resource resource =
                ResourceFixture.of(
                        key,
                        new Uid("uid"),
                        labels,
                        Json.parse(body),
                        Json.parse(status),
                        position);
        resources.put(key, Optional.of(resource));
        if (holding) {
            held.put(key, resource);
        } else {
            tell(key, Optional.of(resource));
        }
    }

    private void tell(ResourceKey key, Optional<Resource> now) {
        position++;
        SortedMap<ResourceKey, Optional<Resource>> changed = new TreeMap<>();
        changed.put(key, now);
        for (Consumer<Update> listener : List.copyOf(listeners)) {
            listener.accept(new Update(new Position(position), false, changed));
        }
    }
}
