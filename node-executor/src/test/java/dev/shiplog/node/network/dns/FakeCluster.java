package dev.shiplog.node.network.dns;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceFixture;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A cluster's resources, written down by a test. */
public final class FakeCluster implements ClusterView {
    private final SortedMap<ResourceKey, Resource> resources = new TreeMap<>();
    private final List<Consumer<Update>> listeners = new ArrayList<>();
    private long position = 1;

    @Override
    public Subscription follow(Set<GroupKind> kinds, Consumer<Update> listener) {
        SortedMap<ResourceKey, Optional<Resource>> all = new TreeMap<>();
        resources.forEach((key, resource) -> {
            if (kinds.contains(key.kind())) {
                all.put(key, Optional.of(resource));
            }
        });
        listener.accept(new Update(new Position(position), true, all));
        Consumer<Update> filtered =
                update -> {
                    if (kinds.contains(update.resources().firstKey().kind())) {
                        listener.accept(update);
                    }
                };
        listeners.add(filtered);
        return () -> listeners.remove(filtered);
    }

    public FakeCluster namespace(String name) {
        return put(ResourceKey.namespace(name), new TreeMap<>(), "{}");
    }

    public FakeCluster service(String namespace, String name, String spec) {
        return put(
                new ResourceKey(GroupKind.SERVICE, namespace, name),
                new TreeMap<>(),
                "{\"spec\":" + spec + "}");
    }

    public FakeCluster slice(String namespace, String service, String name, String body) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("kubernetes.io/service-name", service);
        return put(new ResourceKey(GroupKind.ENDPOINT_SLICE, namespace, name), labels, body);
    }

    public FakeCluster put(ResourceKey key, SortedMap<String, String> labels, String body) {
        position++;
        Resource resource =
                ResourceFixture.of(
                        key, new Uid("uid-" + key), labels, Json.parse(body), Json.EMPTY, position);
        resources.put(key, resource);
        tell(key, Optional.of(resource));
        return this;
    }

    public FakeCluster remove(ResourceKey key) {
        position++;
        resources.remove(key);
        tell(key, Optional.empty());
        return this;
    }

    private void tell(ResourceKey key, Optional<Resource> resource) {
        SortedMap<ResourceKey, Optional<Resource>> changed = new TreeMap<>();
        changed.put(key, resource);
        listeners.forEach(
                listener -> listener.accept(new Update(new Position(position), false, changed)));
    }
}
