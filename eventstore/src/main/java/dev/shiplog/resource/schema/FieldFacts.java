package dev.shiplog.resource.schema;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/**
 * What Kubernetes' API says of a field beyond its type.
 *
 * @param listType how server-side apply merges a list
 * @param keys what tells the items of a {@link ListType#MAP} apart, in the order of the API;
 *     otherwise empty
 * @param atomic whether a mapping is replaced as a whole
 * @param merges whether a strategic merge patch merges a list instead of replacing it
 * @param mergeKey the member by which it does; empty for a list of scalars
 * @param retainsKeys whether clients send {@code $retainKeys} for it
 * @param replaces whether a strategic merge patch replaces a mapping as a whole
 */
public record FieldFacts(
        ListType listType,
        List<Key> keys,
        boolean atomic,
        boolean merges,
        Optional<String> mergeKey,
        boolean retainsKeys,
        boolean replaces) {
    /** How server-side apply merges a list. */
    public enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /**
     * @param fallback the value of an item without this member
     */
    public record Key(String name, Optional<JsonNode> fallback) {}

    /** What holds where nothing is said. */
    static final FieldFacts PLAIN =
            new FieldFacts(
                    ListType.ATOMIC, List.of(), false, false, Optional.empty(), false, false);

    public FieldFacts {
        keys = List.copyOf(keys);
    }

    FieldFacts withAtomic() {
        return new FieldFacts(listType, keys, true, merges, mergeKey, retainsKeys, replaces);
    }

    /** These facts and one more, as the table writes it. */
    FieldFacts with(String fact) {
        int open = fact.indexOf('(');
        String word = open < 0 ? fact : fact.substring(0, open);
        String in = open < 0 ? "" : fact.substring(open + 1, fact.length() - 1);
        return switch (word) {
            case "atomic" -> withAtomic();
            case "set" ->
                    new FieldFacts(
                            ListType.SET, keys, atomic, merges, mergeKey, retainsKeys, replaces);
            case "map" ->
                    new FieldFacts(
                            ListType.MAP,
                            Facts.keys(in),
                            atomic,
                            merges,
                            mergeKey,
                            retainsKeys,
                            replaces);
            case "merge" ->
                    new FieldFacts(
                            listType,
                            keys,
                            atomic,
                            true,
                            in.isEmpty() ? Optional.empty() : Optional.of(in),
                            retainsKeys,
                            replaces);
            case "retainKeys" ->
                    new FieldFacts(listType, keys, atomic, merges, mergeKey, true, replaces);
            case "replace" ->
                    new FieldFacts(listType, keys, atomic, merges, mergeKey, retainsKeys, true);
            default ->
                    throw new IllegalStateException(
                            "expected a fact of the schema table, found " + fact);
        };
    }
}
