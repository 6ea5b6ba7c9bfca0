package dev.shiplog.link;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.node.link.ClusterView;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What a node may see of the cluster, on the ledger of this process. Of Secrets, only those of type
 * {@code kubernetes.io/tls} are shown: a proxy needs their certificates, and nothing else is the
 * node's business outside of a pod's order.
 */
public final class LedgerClusterView implements ClusterView {
    private static final String TLS = "kubernetes.io/tls";

    private final Ledger ledger;
    private final SecretDocuments secrets;

    /**
     * @param secrets opens what is sealed
     */
    public LedgerClusterView(Ledger ledger, SecretDocuments secrets) {
        this.ledger = ledger;
        this.secrets = secrets;
    }

    @Override
    public Subscription follow(Set<GroupKind> kinds, Consumer<Update> listener) {
        ClusterState state = ledger.state();
        SortedMap<ResourceKey, Optional<Resource>> all = new TreeMap<>();
        for (GroupKind kind : kinds) {
            for (Resource resource : state.resources(kind)) {
                shown(resource).ifPresent(shown -> all.put(shown.key(), Optional.of(shown)));
            }
        }
        listener.accept(new Update(state.position(), true, all));
        Ledger.Subscription subscription =
                ledger.subscribe(
                        state.position(),
                        (after, events) -> {
                            SortedMap<ResourceKey, Optional<Resource>> changed =
                                    changed(after, events, kinds);
                            if (!changed.isEmpty()) {
                                listener.accept(new Update(after.position(), false, changed));
                            }
                        });
        return subscription::close;
    }

    private SortedMap<ResourceKey, Optional<Resource>> changed(
            ClusterState after, List<Recorded> events, Set<GroupKind> kinds) {
        SortedMap<ResourceKey, Optional<Resource>> changed = new TreeMap<>();
        for (Recorded recorded : events) {
            for (Tag tag : Tags.of(recorded.event())) {
                if (Tags.isResource(tag)) {
                    ResourceKey key = ResourceKey.parse(tag.value());
                    if (kinds.contains(key.kind())) {
                        changed.put(key, after.resource(key).flatMap(this::shown));
                    }
                }
            }
        }
        return changed;
    }

    private Optional<Resource> shown(Resource resource) {
        if (!resource.key().kind().equals(GroupKind.SECRET)) {
            return Optional.of(resource);
        }
        return resource.body().toNode().path("type").asText().equals(TLS)
                ? Optional.of(
                        resource.withBody(
                                secrets.openBody(resource.key(), resource.body()),
                                resource.version()))
                : Optional.empty();
    }
}
