package dev.shiplog.resource;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.lang.ref.SoftReference;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * One resource at one version: an immutable document in three parts (metadata, body, status), so
 * that a change of status costs the status and not the document.
 *
 * <p>Invariant: the same parts render to the same bytes. The bytes and one typed view are computed
 * on first use and kept; two threads that race compute equal values.
 */
public final class Resource {
    private final ResourceKey key;
    private final String apiVersion;
    private final Metadata metadata;
    private final Json body;
    private final Json status;
    private final Position version;

    /** As large as everything else here: given back before memory runs out, and made again. */
    private volatile @Nullable SoftReference<Json> document;

    /** Ten times as large as the bytes: given back before memory runs out, and made again. */
    private volatile @Nullable SoftReference<Object> typed;

    /**
     * @param apiVersion the storage version, such as {@code v1} or {@code apps/v1}
     * @param body every top-level member beside apiVersion, kind, metadata and status: {@code
     *     spec}, {@code data}, …
     * @param status the value of {@code status}; {@code {}} while there is none
     * @param version the position of the last event that changed this resource: its {@code
     *     resourceVersion}
     */
    public Resource(
            ResourceKey key,
            String apiVersion,
            Metadata metadata,
            Json body,
            Json status,
            Position version) {
        this.key = key;
        this.apiVersion = apiVersion;
        this.metadata = metadata;
        this.body = body;
        this.status = status;
        this.version = version;
    }

    public ResourceKey key() {
        return key;
    }

    public String apiVersion() {
        return apiVersion;
    }

    public Metadata metadata() {
        return metadata;
    }

    public Json body() {
        return body;
    }

    public Json status() {
        return status;
    }

    public Position version() {
        return version;
    }

    public Uid uid() {
        return metadata.uid();
    }

    public Resource with(Metadata value, Position at) {
        return new Resource(key, apiVersion, value, body, status, at);
    }

    public Resource withBody(Json value, Position at) {
        return new Resource(key, apiVersion, metadata, value, status, at);
    }

    public Resource withStatus(Json value, Position at) {
        return new Resource(key, apiVersion, metadata, body, value, at);
    }

    /** The whole document as the API serves it. */
    public Json document() {
        SoftReference<Json> kept = document;
        Json value = kept == null ? null : kept.get();
        if (value == null) {
            value = Json.of(render());
            document = new SoftReference<>(value);
        }
        return value;
    }

    /** The same, but not kept for the next who asks: for who reads thousands. */
    public Json passing() {
        SoftReference<Json> kept = document;
        Json value = kept == null ? null : kept.get();
        return value == null ? Json.of(render()) : value;
    }

    /**
     * The document bound to a type of the Kubernetes model, such as {@code Pod}, but for {@code
     * managedFields}. The view is shared: read it, never set anything on it.
     */
    public <T> T as(Class<T> type) {
        SoftReference<Object> kept = typed;
        Object value = kept == null ? null : kept.get();
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        T made = document().as(type);
        typed = new SoftReference<>(made);
        return made;
    }

    private ObjectNode render() {
        ObjectNode root = body.toObject();
        root.put("apiVersion", apiVersion);
        root.put("kind", key.kind().kind());
        ObjectNode meta = root.putObject("metadata");
        meta.put("name", key.name());
        if (!metadata.generateName().isEmpty()) {
            meta.put("generateName", metadata.generateName());
        }
        if (!key.namespace().isEmpty()) {
            meta.put("namespace", key.namespace());
        }
        meta.put("uid", metadata.uid().value());
        meta.put("resourceVersion", version.toString());
        if (metadata.generation() > 0 && key.kind().hasGeneration()) {
            meta.put("generation", metadata.generation());
        }
        meta.put(
                "creationTimestamp", metadata.created().truncatedTo(ChronoUnit.SECONDS).toString());
        if (!metadata.labels().isEmpty()) {
            metadata.labels().forEach(meta.putObject("labels")::put);
        }
        if (!metadata.annotations().isEmpty()) {
            metadata.annotations().forEach(meta.putObject("annotations")::put);
        }
        if (!metadata.owners().isEmpty()) {
            ArrayNode owners = meta.putArray("ownerReferences");
            metadata.owners().forEach(owner -> owners.add(owner.toNode()));
        }
        if (!metadata.finalizers().isEmpty()) {
            metadata.finalizers().forEach(meta.putArray("finalizers")::add);
        }
        metadata.deletion()
                .ifPresent(deletion -> {
                    meta.put(
                            "deletionTimestamp",
                            deletion.deadline().truncatedTo(ChronoUnit.SECONDS).toString());
                    meta.put("deletionGracePeriodSeconds", deletion.graceSeconds());
                });
        if (!metadata.managedFields().isEmpty()) {
            meta.set("managedFields", metadata.managedFields().toNode());
        }
        if (!status.isEmpty()) {
            root.set("status", status.toNode());
        }
        return root;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resource that
                && key.equals(that.key)
                && version.equals(that.version)
                && apiVersion.equals(that.apiVersion)
                && metadata.equals(that.metadata)
                && body.equals(that.body)
                && status.equals(that.status);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, version);
    }

    @Override
    public String toString() {
        return key + "@" + version;
    }
}
