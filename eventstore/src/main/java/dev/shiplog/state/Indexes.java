package dev.shiplog.state;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Works the indexes out from the maps. */
final class Indexes {
    private Indexes() {}

    static ClusterState complete(
            Position position,
            TreePMap<ResourceKey, Resource> resources,
            TreePMap<ResourceKey, Declared> declared,
            TreePMap<SourceName, SourceState> sources,
            TreePMap<NodeName, TreePMap<Position, Work>> work,
            TreePMap<Uid, Ordered> ordered,
            TreePMap<Position, NoteAge> notes,
            TreePMap<NodeName, SentNotes> sentNotes) {
        TreePMap<Uid, TreePSet<ResourceKey>> dependents = TreePMap.empty();
        TreePMap<NodeName, TreePSet<ResourceKey>> podsByNode = TreePMap.empty();
        TreePMap<String, ResourceKey> addresses = TreePMap.empty();
        TreePSet<ResourceKey> uncontrolled = TreePSet.empty();
        LabelIndex labels = LabelIndex.EMPTY;
        for (Resource resource : resources.values()) {
            for (String held : ServiceAddresses.held(resource)) {
                addresses = addresses.plus(held, resource.key());
            }
            for (OwnerReference owner : resource.metadata().owners()) {
                dependents = with(dependents, owner.uid(), resource.key());
            }
            labels = labels.with(null, resource);
            if (isUncontrolled(resource)) {
                uncontrolled = uncontrolled.plus(resource.key());
            }
            if (resource.key().kind().equals(GroupKind.POD)) {
                NodeName node = PodConditions.nodeOf(resource.body()).orElse(null);
                podsByNode = node == null ? podsByNode : with(podsByNode, node, resource.key());
            }
        }
        TreePMap<SourceName, TreePSet<ResourceKey>> bySource = TreePMap.empty();
        for (ResourceKey key : declared.keySet()) {
            Declared entry = declared.get(key);
            bySource = entry == null ? bySource : with(bySource, entry.source(), key);
        }
        return new ClusterState(
                position,
                resources,
                declared,
                sources,
                work,
                ordered,
                notes,
                sentNotes,
                position,
                dependents,
                podsByNode,
                bySource,
                addresses,
                uncontrolled,
                labels);
    }

    /** Whether a resource belongs to those that a controller might adopt. */
    static boolean isUncontrolled(Resource resource) {
        return !resource.key().kind().equals(GroupKind.EVENT)
                && resource.metadata().controller().isEmpty();
    }

    static <K extends Comparable<? super K>> TreePMap<K, TreePSet<ResourceKey>> with(
            TreePMap<K, TreePSet<ResourceKey>> index, K key, ResourceKey value) {
        TreePSet<ResourceKey> keys = index.get(key);
        return index.plus(key, (keys == null ? TreePSet.<ResourceKey>empty() : keys).plus(value));
    }
}
