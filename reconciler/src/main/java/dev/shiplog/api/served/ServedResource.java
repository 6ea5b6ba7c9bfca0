package dev.shiplog.api.served;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.secret.SecretDocuments;

import java.util.Optional;

/** One kind under one API version. */
public final class ServedResource {
    private final Kind kind;
    private final String apiVersion;
    private final Rendering rendering;
    private final Optional<SecretDocuments> secrets;

    ServedResource(Kind kind, String apiVersion, Rendering rendering) {
        this(kind, apiVersion, rendering, Optional.empty());
    }

    /**
     * @param secrets what seals the kind's documents, if it holds what nobody should read
     */
    ServedResource(
            Kind kind, String apiVersion, Rendering rendering, Optional<SecretDocuments> secrets) {
        this.kind = kind;
        this.apiVersion = apiVersion;
        this.rendering = rendering;
        this.secrets = secrets;
    }

    /**
     * A complete document as it is kept: the values of a Secret sealed, those that did not change
     * with the text that they have.
     *
     * @param live what is kept now; empty for a new resource
     * @throws IllegalArgumentException if a value cannot be sealed; the message does not show it
     */
    public ObjectNode sealed(Optional<Resource> live, ObjectNode document) {
        return secrets.map(
                        seal -> seal.seal(live.map(kept -> kept.document().toObject()), document))
                .orElse(document);
    }

    /** Whether documents of this kind are not kept as they are shown. */
    public boolean secret() {
        return secrets.isPresent();
    }

    public Kind kind() {
        return kind;
    }

    /** Such as {@code v1} or {@code apps/v1beta2}. */
    public String apiVersion() {
        return apiVersion;
    }

    /** The group of {@link #apiVersion()}; empty for the core group. */
    public String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** The version without the group. */
    public String version() {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    public String plural() {
        return kind.plural();
    }

    /** The name of the kind, such as {@code Pod}. */
    public String kindName() {
        return kind.groupKind().kind();
    }

    /** Whether this is the group under which clients should know the kind. */
    public boolean preferredGroup() {
        return group().equals(kind.groupKind().group());
    }

    /** The resource as this API version writes it. */
    public Json document(Resource resource) {
        return rendering.document(resource);
    }

    /** The same, but not kept for the next who asks: for who reads thousands. */
    public Json passing(Resource resource) {
        return !secret() && resource.apiVersion().equals(apiVersion)
                ? resource.passing()
                : rendering.document(resource);
    }

    /**
     * Brings a document that is written in this API version to one that the kind's rules
     * understand; in place.
     */
    public void store(ObjectNode document) {
        if (apiVersion.equals(EventsView.API_VERSION)) {
            EventsView.store(document);
        }
    }

    /** The class of the Kubernetes model that its documents bind to in this API version. */
    public Class<?> model() {
        return kind.rules().model(apiVersion, kind.model());
    }

    public ResourceKey key(Optional<String> namespace, String name) {
        return new ResourceKey(
                kind.groupKind(), kind.namespaced() ? namespace.orElse("") : "", name);
    }

    public Status notFound(String name) {
        return Status.notFound(group(), plural(), name);
    }

    @Override
    public String toString() {
        return apiVersion + " " + plural();
    }
}
