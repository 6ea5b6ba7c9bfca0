package dev.shiplog.state;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which pods bear a label, and which Services choose by one: a change of a pod costs what the
 * Services cost that choose it, not what its namespace holds. Immutable.
 *
 * @param pods by namespace and label
 * @param services by namespace and the first label of their selector
 */
record LabelIndex(
        TreePMap<String, TreePSet<ResourceKey>> pods,
        TreePMap<String, TreePSet<ResourceKey>> services) {
    static final LabelIndex EMPTY = new LabelIndex(TreePMap.empty(), TreePMap.empty());

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
                    : new LabelIndex(changed(pods, one.key(), was, is), services);
        }
        if (kind.equals(GroupKind.SERVICE)) {
            SortedMap<String, String> was = before == null ? NONE : first(selector(before));
            SortedMap<String, String> is = after == null ? NONE : first(selector(after));
            return was.equals(is)
                    ? this
                    : new LabelIndex(pods, changed(services, one.key(), was, is));
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
                String place = place(key.namespace(), label);
                TreePSet<ResourceKey> rest =
                        result.getOrDefault(place, TreePSet.empty()).minus(key);
                result = rest.isEmpty() ? result.minus(place) : result.plus(place, rest);
            }
        }
        for (Map.Entry<String, String> label : is.entrySet()) {
            if (!label.getValue().equals(was.get(label.getKey()))) {
                result = Indexes.with(result, place(key.namespace(), label), key);
            }
        }
        return result;
    }

    private static String place(String namespace, Map.Entry<String, String> label) {
        return namespace + ' ' + label.getKey() + ' ' + label.getValue();
    }

    /** What a Service chooses pods by; empty if it chooses none by itself. */
    private static SortedMap<String, String> selector(Resource service) {
        SortedMap<String, String> selector = new TreeMap<>();
        JsonNode spec = service.body().toNode().path("spec");
        if (!spec.path("type").asText().equals("ExternalName")) {
            spec.path("selector")
                    .properties()
                    .forEach(label -> selector.put(label.getKey(), label.getValue().asText()));
        }
        return selector;
    }

    private static SortedMap<String, String> first(SortedMap<String, String> labels) {
        return labels.isEmpty()
                ? labels
                : new TreeMap<>(Map.of(labels.firstKey(), labels.firstEntry().getValue()));
    }

    /** The pods that bear a label of a namespace's, of those asked for the one that fewest bear. */
    Collection<ResourceKey> fewest(String namespace, Map<String, String> labels) {
        TreePSet<ResourceKey> fewest = null;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            TreePSet<ResourceKey> bearing =
                    pods.getOrDefault(place(namespace, label), TreePSet.empty());
            if (fewest == null || bearing.size() < fewest.size()) {
                fewest = bearing;
            }
        }
        return fewest == null ? TreePSet.empty() : fewest;
    }

    /** The Services whose selector begins with one of these labels, in key order. */
    Collection<ResourceKey> beginning(String namespace, Map<String, String> labels) {
        TreeSet<ResourceKey> found = new TreeSet<>();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            found.addAll(services.getOrDefault(place(namespace, label), TreePSet.empty()));
        }
        return found;
    }
}
