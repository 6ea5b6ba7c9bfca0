package dev.shiplog.api.beside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.api.served.Invalid;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.schema.Findings;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A client's document of a resource beside the log, defaulted and found to be valid. */
record BesideDocument(
        ResourceKey key,
        String apiVersion,
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        Json body) {
    /**
     * Takes a document in.
     *
     * @param name what it must be called; empty if that is the document's choice
     * @throws ApiFailure 400 if it is of another kind, namespace or name, 422 if it is not valid
     */
    static BesideDocument of(
            ServedResource served, String namespace, String name, ObjectNode document) {
        String apiVersion = served.apiVersion();
        if (!document.path("apiVersion").asText(apiVersion).equals(apiVersion)
                || !document.path("kind").asText(served.kindName()).equals(served.kindName())) {
            throw new ApiFailure(
                    Status.badRequest(
                            "expected "
                                    + apiVersion
                                    + " "
                                    + served.kindName()
                                    + ", found "
                                    + document.path("apiVersion").asText()
                                    + " "
                                    + document.path("kind").asText()));
        }
        document.put("apiVersion", apiVersion).put("kind", served.kindName());
        String named = document.path("metadata").path("namespace").asText();
        if (!named.isEmpty() && !named.equals(namespace)) {
            throw new ApiFailure(
                    Status.badRequest(
                            "the namespace of the provided object does not match the namespace sent"
                                    + " on the request"));
        }
        if (!name.isEmpty() && !document.path("metadata").path("name").asText(name).equals(name)) {
            throw new ApiFailure(
                    Status.badRequest(
                            "the name of the object ("
                                    + document.path("metadata").path("name").asText()
                                    + ") does not match the name on the URL ("
                                    + name
                                    + ")"));
        }
        Findings findings = new Findings();
        Admission.admit(served.kind(), document, namespace, findings);
        if (findings.hasErrors()) {
            throw Invalid.failure(
                    served, document.path("metadata").path("name").asText(), findings.errors());
        }
        JsonNode metadata = document.path("metadata");
        ObjectNode body = document.deepCopy();
        body.remove(List.of("apiVersion", "kind", "metadata", "status"));
        return new BesideDocument(
                served.key(Optional.of(namespace), metadata.path("name").asText()),
                served.kind().storageVersion(),
                texts(metadata.path("labels")),
                texts(metadata.path("annotations")),
                Json.of(body));
    }

    /** As it would replace what is there. */
    Resource over(Resource before) {
        return before.with(
                        before.metadata().withLabels(labels).withAnnotations(annotations),
                        before.version())
                .withBody(body, before.version());
    }

    /** As it would be, were it made now. */
    Resource resource(Instant now) {
        BesideStore nowhere = new BesideStore(() -> now);
        return nowhere.create(key, apiVersion, labels, annotations, body)
                        instanceof BesideStore.Written.Done(Resource made)
                ? made
                : unreachable();
    }

    private static Resource unreachable() {
        throw new IllegalStateException("an empty store takes anything in");
    }

    private static SortedMap<String, String> texts(JsonNode map) {
        SortedMap<String, String> texts = new TreeMap<>();
        map.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    /** Which life of the resource a document is about, if it says. */
    static Optional<Uid> uid(ObjectNode document) {
        return Optional.of(document.path("metadata").path("uid").asText())
                .filter(uid -> !uid.isEmpty())
                .map(Uid::new);
    }

    /** Which version of the resource a document was made from, if it says. */
    static Optional<Position> version(ObjectNode document) {
        return position(document.path("metadata").path("resourceVersion").asText());
    }

    /**
     * A version as clients write it; none for the empty text.
     *
     * @throws ApiFailure 400 if it is none of ours
     */
    static Optional<Position> position(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Position(Long.parseLong(text)));
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("Invalid value: \"" + text + "\": resourceVersion"), e);
        }
    }
}
