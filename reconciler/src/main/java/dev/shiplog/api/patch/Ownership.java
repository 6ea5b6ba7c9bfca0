package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who owns which fields of a document: {@code metadata.managedFields}, taken apart. Mutable; made
 * for one request.
 *
 * <p>Fields owned under another API version count as they are written, since the versions of a kind
 * share their fields.
 */
final class Ownership {
    /** The most entries of managers that update; older ones are joined. */
    static final int MAX_UPDATE_ENTRIES = 10;

    private static final String ANCIENT = "ancient-changes";

    private final Map<Owner, Fields> entries = new LinkedHashMap<>();

    /** A manager as an entry names it. The version of one that applies is no part of who it is. */
    record Owner(String name, boolean applies, String apiVersion, String subresource) {
        static Owner of(FieldManager manager) {
            return new Owner(
                    manager.name(),
                    manager.applies(),
                    manager.applies() ? "" : manager.apiVersion(),
                    manager.subresource());
        }

        /** As Kubernetes names it in a conflict. */
        String words() {
            String words = "\"" + name + "\"";
            if (!subresource.isEmpty()) {
                words += " with subresource \"" + subresource + "\"";
            }
            return applies ? words : words + " using " + apiVersion;
        }
    }

    /**
     * @param apiVersion in which the fields are named
     * @param time when they last changed; empty if an entry says nothing
     */
    record Fields(FieldSet set, String apiVersion, Optional<Instant> time) {
        Fields with(FieldSet other) {
            return new Fields(other, apiVersion, time);
        }
    }

    private Ownership() {}

    /**
     * What the metadata of a document says.
     *
     * @throws IllegalArgumentException if an entry is malformed
     */
    static Ownership of(ObjectNode document) {
        Ownership ownership = new Ownership();
        for (JsonNode entry : document.path("metadata").path("managedFields")) {
            String operation = entry.path("operation").asText();
            String apiVersion = entry.path("apiVersion").asText();
            if (!operation.equals(FieldManager.APPLY) && !operation.equals(FieldManager.UPDATE)) {
                throw new IllegalArgumentException("operation must be `Apply` or `Update`");
            }
            if (apiVersion.isEmpty()) {
                throw new IllegalArgumentException("apiVersion must not be empty");
            }
            if (!entry.path("fieldsType").asText().equals("FieldsV1")) {
                throw new IllegalArgumentException(
                        "invalid fieldsType " + entry.path("fieldsType"));
            }
            FieldManager manager =
                    new FieldManager(
                            entry.path("manager").asText(),
                            operation,
                            apiVersion,
                            entry.path("subresource").asText());
            ownership.put(
                    Owner.of(manager),
                    new Fields(FieldSet.parse(entry.path("fieldsV1")), apiVersion, time(entry)));
        }
        return ownership;
    }

    private static Optional<Instant> time(JsonNode entry) {
        String text = entry.path("time").asText();
        return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Map<Owner, Fields> entries() {
        return entries;
    }

    FieldSet of(Owner owner) {
        Fields fields = entries.get(owner);
        return fields == null ? FieldSet.EMPTY : fields.set();
    }

    /** An owner of nothing has no entry. */
    void put(Owner owner, Fields fields) {
        if (fields.set().isEmpty()) {
            entries.remove(owner);
        } else {
            entries.put(owner, fields);
        }
    }

    /** Everything that anybody owns. */
    FieldSet all() {
        return entries.values().stream().map(Fields::set).reduce(FieldSet.EMPTY, FieldSet::union);
    }

    /** Takes paths from all but one. */
    void take(FieldSet paths, Owner spared) {
        for (Owner owner : List.copyOf(entries.keySet())) {
            if (!owner.equals(spared)) {
                Fields fields = fields(owner);
                put(owner, fields.with(fields.set().minus(paths)));
            }
        }
    }

    /** Joins the oldest entries of managers that update, version by version, until few remain. */
    void cap() {
        List<Owner> updaters = new ArrayList<>();
        entries.keySet().stream().filter(owner -> !owner.applies()).forEach(updaters::add);
        updaters.sort(
                Comparator.comparingLong((Owner owner) -> seconds(owner))
                        .thenComparing(Owner::name));
        int left = updaters.size();
        Map<String, Owner> firsts = new LinkedHashMap<>();
        for (Owner owner : updaters) {
            if (left <= MAX_UPDATE_ENTRIES) {
                return;
            }
            Fields fields = fields(owner);
            Owner first = firsts.putIfAbsent(fields.apiVersion(), owner);
            if (first == null) {
                continue;
            }
            Owner bucket = new Owner(ANCIENT, false, fields.apiVersion(), "");
            FieldSet joined = of(bucket);
            if (!first.equals(bucket) && entries.containsKey(first)) {
                joined = joined.union(of(first));
                entries.remove(first);
            }
            entries.remove(owner);
            entries.put(bucket, fields.with(joined.union(fields.set())));
            left--;
        }
    }

    private Fields fields(Owner owner) {
        return entries.getOrDefault(owner, new Fields(FieldSet.EMPTY, "", Optional.empty()));
    }

    private long seconds(Owner owner) {
        return fields(owner).time().map(Instant::getEpochSecond).orElse(0L);
    }

    /** Writes the entries into the metadata of a document, or removes them if there are none. */
    void writeTo(ObjectNode document) {
        if (entries.isEmpty()) {
            if (document.get("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        entries.entrySet().stream()
                .sorted(
                        Comparator.comparing((Map.Entry<Owner, Fields> entry) ->
                                        !entry.getKey().applies())
                                .thenComparingLong(entry -> seconds(entry.getKey()))
                                .thenComparing(entry -> entry.getKey().name())
                                .thenComparing(entry -> entry.getValue().apiVersion())
                                .thenComparing(entry -> entry.getKey().subresource()))
                .forEach(entry -> list.add(written(entry.getKey(), entry.getValue())));
        document.withObjectProperty("metadata").set("managedFields", list);
    }

    private static ObjectNode written(Owner owner, Fields fields) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("manager", owner.name());
        entry.put("operation", owner.applies() ? FieldManager.APPLY : FieldManager.UPDATE);
        entry.put("apiVersion", fields.apiVersion());
        fields.time()
                .ifPresent(
                        time -> entry.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString()));
        entry.put("fieldsType", "FieldsV1");
        entry.set("fieldsV1", fields.set().toJson());
        if (!owner.subresource().isEmpty()) {
            entry.put("subresource", owner.subresource());
        }
        return entry;
    }
}
