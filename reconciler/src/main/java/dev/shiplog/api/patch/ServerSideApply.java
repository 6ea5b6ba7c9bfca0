package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.schema.Schema;

import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Server-side apply: a manager says the fields that it wants, and owns them from then on. What it
 * wanted last time and does not want now goes, unless somebody else owns it. What others own with
 * another value is a conflict, unless forced.
 *
 * <p>The rules are those of Kubernetes; the fields of {@code managedFields} are FieldsV1.
 */
public final class ServerSideApply {
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    private final Schema schema;
    private final String apiVersion;
    private final FieldManager manager;
    private final Ownership.Owner owner;
    private final Instant now;

    private ServerSideApply(Schema schema, String apiVersion, FieldManager manager, Instant now) {
        this.schema = schema;
        this.apiVersion = apiVersion;
        this.manager = manager;
        this.owner = Ownership.Owner.of(manager);
        this.now = now;
    }

    /**
     * The live document with the configuration applied and new {@code metadata.managedFields}.
     * Neither checked nor defaulted; neither input is changed. Applying the same again changes
     * nothing, not even a time.
     *
     * @param apiVersion the version of the request's path, in which the documents are written
     * @param live the live document; empty if there is none and it is to be created
     * @param configuration what the manager wants, and nothing else
     * @param manager with the operation {@link FieldManager#APPLY}
     * @param force whether to take what others own
     * @throws ApiFailure 400 if the configuration cannot be applied, 409 if others own what it
     *     would change
     */
    public static ObjectNode apply(
            Schema schema,
            String apiVersion,
            Optional<ObjectNode> live,
            ObjectNode configuration,
            FieldManager manager,
            boolean force,
            Instant now) {
        check(schema, apiVersion, configuration);
        ObjectNode wanted = (ObjectNode) withoutNulls(configuration);
        Reset.filter(wanted, manager.subresource());
        return new ServerSideApply(schema, apiVersion, manager, now).apply(live, wanted, force);
    }

    private static void check(Schema schema, String apiVersion, ObjectNode configuration) {
        String version = configuration.path("apiVersion").asText();
        if (!version.equals(apiVersion)) {
            throw bad(
                    "Incorrect version specified in apply patch. Specified patch version: "
                            + version
                            + ", expected: "
                            + apiVersion);
        }
        JsonNode metadata = configuration.path("metadata");
        if (!metadata.isMissingNode() && !metadata.isNull() && !metadata.isObject()) {
            throw bad(
                    "failed to create typed patch object: .metadata: expected map, got "
                            + metadata);
        }
        if (!metadata.path("managedFields").isMissingNode()
                && !metadata.path("managedFields").isNull()) {
            throw bad("metadata.managedFields must be nil");
        }
        TypedCheck.problems(configuration, schema)
                .ifPresent(problems -> {
                    throw bad(
                            "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
                                    .formatted(
                                            metadata.path("namespace").asText(),
                                            metadata.path("name").asText(),
                                            apiVersion,
                                            configuration.path("kind").asText(),
                                            problems));
                });
    }

    private ObjectNode apply(Optional<ObjectNode> live, ObjectNode wanted, boolean force) {
        ObjectNode before =
                live.map(ManagedFields::bare).orElseGet(JsonNodeFactory.instance::objectNode);
        Ownership ownership = ManagedFields.parse(live.orElse(before));
        boolean first = ownership.isEmpty();
        if (first) {
            ManagedFields.update(
                    ownership,
                    schema,
                    JsonNodeFactory.instance.objectNode(),
                    before,
                    FieldManager.updating(BEFORE_FIRST_APPLY, apiVersion, manager.subresource()),
                    now);
        }
        Ownership.Fields last = ownership.entries().get(owner);
        FieldSet lastSet = ownership.of(owner);
        FieldSet set = Reset.filter(OwnedFields.of(wanted, schema), manager.subresource());
        ownership.put(owner, new Ownership.Fields(set, apiVersion, Optional.of(now)));

        ObjectNode merged = (ObjectNode) Merge.of(before, wanted, schema);
        ObjectNode result = prune(merged, wanted, lastSet, ownership);
        Comparison comparison =
                Reset.filter(Comparison.of(before, result, schema), manager.subresource());
        refuseConflicts(ownership, comparison, before, force);
        if (manager.name().equals(LastApplied.MANAGER)) {
            LastApplied.follow(result, wanted);
        }

        ownership.take(comparison.changed().union(comparison.removed()), owner);
        FieldSet owned = Reset.owned(ownership.of(owner));
        Optional<Instant> time = Optional.of(now);
        if (last != null
                && last.set().equals(owned)
                && last.apiVersion().equals(apiVersion)
                && Nodes.same(before, result)) {
            time = last.time();
        }
        ownership.put(owner, new Ownership.Fields(owned, apiVersion, time));
        ownership.writeTo(result);
        return result;
    }

    /** Takes out what this manager wanted last time, does not want now, and nobody else owns. */
    private ObjectNode prune(
            ObjectNode merged, ObjectNode wanted, FieldSet last, Ownership ownership) {
        if (last.isEmpty()) {
            return merged;
        }
        FieldSet lastNamed = last.withNamedFields(schema);
        FieldSet all = fields(merged);
        FieldSet kept = fields(Merge.without(merged, lastNamed, schema));
        FieldSet owned = ownership.all().withNamedFields(schema);
        ObjectNode pruned = Merge.without(merged, all.minus(kept.union(owned)), schema);
        ObjectNode result =
                Merge.without(merged, all.minus(fields(pruned)).intersection(lastNamed), schema);
        // A mapping that the configuration wants empty is still wanted.
        return (ObjectNode) Merge.of(result, wanted, schema);
    }

    private FieldSet fields(ObjectNode document) {
        return OwnedFields.of(document, schema).withNamedFields(schema);
    }

    private void refuseConflicts(
            Ownership ownership, Comparison comparison, ObjectNode live, boolean force) {
        if (force) {
            return;
        }
        Conflicts conflicts = new Conflicts();
        ownership
                .entries()
                .forEach((other, fields) -> {
                    if (!other.equals(owner)) {
                        conflicts.add(other, fields.set().intersection(comparison.changed()));
                    }
                });
        if (!conflicts.isEmpty() && manager.name().equals(LastApplied.MANAGER)) {
            conflicts.allow(LastApplied.fields(live, apiVersion, schema));
        }
        if (!conflicts.isEmpty()) {
            throw new ApiFailure(conflicts.status());
        }
    }

    private static JsonNode withoutNulls(JsonNode value) {
        JsonNode copy = value.deepCopy();
        dropNulls(copy);
        return copy;
    }

    private static void dropNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            Iterator<Map.Entry<String, JsonNode>> members = object.properties().iterator();
            while (members.hasNext()) {
                JsonNode inner = members.next().getValue();
                if (inner.isNull()) {
                    members.remove();
                } else {
                    dropNulls(inner);
                }
            }
        } else if (value instanceof ArrayNode list) {
            list.forEach(ServerSideApply::dropNulls);
        }
    }

    private static ApiFailure bad(String message) {
        return new ApiFailure(Status.badRequest(message));
    }
}
