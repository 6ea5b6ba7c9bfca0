package dev.shiplog.state;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which pods bear a label, and which Services and owners of pods choose by one: a change of a pod
 * costs what those cost that choose it, not what its namespace holds. Immutable.
 *
 * @param pods by namespace and label
 * @param choosers by namespace, kind and the first label that their selector wants; those that want
 *     no certain label are under {@link #ANY_LABEL}
 */
record LabelIndex(
        TreePMap<String, TreePSet<ResourceKey>> pods,
        TreePMap<String, TreePSet<ResourceKey>> choosers) {
    static final LabelIndex EMPTY = new LabelIndex(TreePMap.empty(), TreePMap.empty());

    /** The kinds that choose by {@code spec.selector}: Services, and those that manage pods. */
    private static final Set<GroupKind> CHOOSERS =
            new TreeSet<>(
                    List.of(
                            GroupKind.SERVICE,
                            GroupKind.REPLICATION_CONTROLLER,
                            GroupKind.REPLICA_SET,
                            GroupKind.DEPLOYMENT,
                            GroupKind.DAEMON_SET));

    /** No label has an empty key. */
    private static final SortedMap<String, String> ANY_LABEL = new TreeMap<>(Map.of("", ""));

    /** The index after a resource came, changed or went. */
    LabelIndex with(@Nullable Resource before, @Nullable Resource after) {
        Resource one = after == null ? before : after;
        if (one == null) {
            return this;
        }
        GroupKind kind = one.key().kind();
        if (kind.equals(GroupKind.POD)) {
            SortedMap<String, String> was = before == null ? NONE : before.metadata().labels();
            SortedMap<String, String> is = after == null ? NONE : after.metadata().labels();
            return was.equals(is)
                    ? this
                    : new LabelIndex(changed(pods, one.key(), was, is), choosers);
        }
        boolean sameBody = before != null && after != null && before.body().equals(after.body());
        if (CHOOSERS.contains(kind) && !sameBody) {
            SortedMap<String, String> was = before == null ? NONE : wanted(before);
            SortedMap<String, String> is = after == null ? NONE : wanted(after);
            return was.equals(is)
                    ? this
                    : new LabelIndex(pods, changed(choosers, one.key(), was, is));
        }
        return this;
    }

    private static final SortedMap<String, String> NONE = new TreeMap<>();

    private static TreePMap<String, TreePSet<ResourceKey>> changed(
            TreePMap<String, TreePSet<ResourceKey>> index,
            ResourceKey key,
            SortedMap<String, String> was,
            SortedMap<String, String> is) {
        TreePMap<String, TreePSet<ResourceKey>> result = index;
        for (Map.Entry<String, String> label : was.entrySet()) {
            if (!label.getValue().equals(is.get(label.getKey()))) {
                String place = place(key, label);
                TreePSet<ResourceKey> rest =
                        result.getOrDefault(place, TreePSet.empty()).minus(key);
                result = rest.isEmpty() ? result.minus(place) : result.plus(place, rest);
            }
        }
        for (Map.Entry<String, String> label : is.entrySet()) {
            if (!label.getValue().equals(was.get(label.getKey()))) {
                result = Indexes.with(result, place(key, label), key);
            }
        }
        return result;
    }

    private static String place(ResourceKey key, Map.Entry<String, String> label) {
        return place(key.kind(), key.namespace(), label);
    }

    private static String place(GroupKind kind, String namespace, Map.Entry<String, String> label) {
        return namespace + ' ' + kind.kind() + ' ' + label.getKey() + ' ' + label.getValue();
    }

    /** One label that whatever is chosen must bear; none for what chooses nothing by itself. */
    private static SortedMap<String, String> wanted(Resource chooser) {
        JsonNode spec = chooser.body().toNode().path("spec");
        JsonNode selector = spec.path("selector");
        if (chooser.key().kind().equals(GroupKind.SERVICE)) {
            return spec.path("type").asText().equals("ExternalName") ? NONE : first(selector);
        }
        SortedMap<String, String> first =
                first(
                        chooser.key().kind().equals(GroupKind.REPLICATION_CONTROLLER)
                                ? selector
                                : selector.path("matchLabels"));
        return first.isEmpty() ? ANY_LABEL : first;
    }

    private static SortedMap<String, String> first(JsonNode labels) {
        SortedMap<String, String> all = new TreeMap<>();
        labels.properties().forEach(label -> all.put(label.getKey(), label.getValue().asText()));
        return all.isEmpty()
                ? NONE
                : new TreeMap<>(Map.of(all.firstKey(), all.firstEntry().getValue()));
    }

    /** The pods that bear a label of a namespace's, of those asked for the one that fewest bear. */
    Collection<ResourceKey> fewest(String namespace, Map<String, String> labels) {
        TreePSet<ResourceKey> fewest = null;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            TreePSet<ResourceKey> bearing =
                    pods.getOrDefault(place(GroupKind.POD, namespace, label), TreePSet.empty());
            if (fewest == null || bearing.size() < fewest.size()) {
                fewest = bearing;
            }
        }
        return fewest == null ? TreePSet.empty() : fewest;
    }

    /** Those of a kind that may choose what bears these labels, in key order. */
    Collection<ResourceKey> choosing(GroupKind kind, String namespace, Map<String, String> labels) {
        TreeSet<ResourceKey> found = new TreeSet<>();
        for (SortedMap<String, String> wanted : List.of(new TreeMap<>(labels), ANY_LABEL)) {
            for (Map.Entry<String, String> label : wanted.entrySet()) {
                found.addAll(
                        choosers.getOrDefault(place(kind, namespace, label), TreePSet.empty()));
            }
        }
        return found;
    }
}
