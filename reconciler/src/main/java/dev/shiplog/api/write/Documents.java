package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Body;
import dev.shiplog.api.patch.FieldManager;
import dev.shiplog.api.patch.ManagedFields;
import dev.shiplog.api.served.Invalid;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.ObjectMeta;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Finding;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Schema;
import dev.shiplog.resource.schema.Shape;
import dev.shiplog.resource.schema.ShapeCheck;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From what a client sent to what it wants: one document is checked, completed and compared with
 * the live one. Pure: time and fresh names are parameters.
 */
final class Documents {
    private static final FieldPath METADATA = FieldPath.of("metadata");

    /** What only the cluster sets. */
    private static final List<String> SET_BY_THE_CLUSTER =
            List.of(
                    "uid",
                    "resourceVersion",
                    "generation",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "selfLink",
                    "managedFields");

    private final ServedResource served;
    private final Kind kind;
    private final WriteOptions options;
    private final Warnings warnings;

    /** Missing if no strategic merge patch made the document. */
    private JsonNode patch = JsonNodeFactory.instance.missingNode();

    /** The words of the last document that are out of their vocabulary. */
    private List<Finding> misspelt = List.of();

    Documents(ServedResource served, WriteOptions options, Warnings warnings) {
        this.served = served;
        this.kind = served.kind();
        this.options = options;
        this.warnings = warnings;
    }

    /**
     * The same, for a document that a patch made.
     *
     * @param patch is cited if the document has fields that are not known
     */
    Documents patchedBy(JsonNode patch) {
        Documents patched = new Documents(served, options, warnings);
        patched.patch = patch;
        return patched;
    }

    /**
     * What shall be created.
     *
     * @param body is left as it is
     * @param accounted whether {@code metadata.managedFields} is up to date already
     * @param suffix a fresh one for each name that is made
     */
    Wish create(
            Optional<String> namespace,
            Body body,
            boolean accounted,
            Supplier<String> suffix,
            Instant now) {
        ObjectNode document = body.document().deepCopy();
        List<String> unknown = admitShape(document);
        strict(body.duplicates(), unknown);
        ObjectNode metadata = metadata(document);
        place(metadata, namespace);
        if (!text(metadata, "resourceVersion").isEmpty()) {
            throw bad("resourceVersion should not be set on objects to be created");
        }
        String generateName = name(metadata, suffix);
        ObjectNode fields = account(metadata);
        metadata.remove(SET_BY_THE_CLUSTER);
        metadata.remove("generateName");
        document.remove("status");
        // What is recorded as an event has no words of its own in Git.
        boolean committed = shallBeDeclared(document);
        ObjectNode said = committed ? document.deepCopy() : document;
        complete(document, metadata.path("name").asText(), true);
        Json managed = accounted ? managed(fields) : accountFor(document, fields, now);
        ObjectNode kept = sealed(Optional.empty(), document);
        return wish(kept, generateName, managed, committed ? tidy(said, kept) : kept, committed);
    }

    /**
     * Whether Git shall declare a new resource. What has an owner lives and dies with it, and so is
     * no wish of its own; nor is what a tool notes for itself.
     */
    private boolean shallBeDeclared(ObjectNode document) {
        return kind.declarable()
                && document.path("metadata").path("ownerReferences").isEmpty()
                && !ToolRecords.holds(kind.groupKind(), document);
    }

    /** Of a new document, all is its client's. Nobody asks whose an Event is. */
    private Json accountFor(ObjectNode document, ObjectNode fields, Instant now) {
        if (kind.groupKind().equals(GroupKind.EVENT)) {
            return Json.EMPTY;
        }
        // Shares with the document what nobody changes.
        ObjectNode after = JsonNodeFactory.instance.objectNode();
        after.setAll(document);
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.setAll(metadata(document));
        metadata.setAll(fields);
        after.set("metadata", metadata);
        after.put("apiVersion", served.apiVersion());
        return managedFields(
                ManagedFields.afterUpdate(
                        Schema.of(served.model()),
                        JsonNodeFactory.instance.objectNode(),
                        after,
                        FieldManager.updating(options.fieldManager(), served.apiVersion(), ""),
                        now));
    }

    /**
     * The status that a live resource shall have.
     *
     * @param after as in {@link #update}
     */
    Json status(Resource live, ObjectNode after, List<String> duplicates) {
        strict(duplicates, admitShape(after));
        same(live, metadata(after));
        return after.path("status") instanceof ObjectNode status
                ? Json.of(Tidied.withoutNulls(status))
                : Json.EMPTY;
    }

    /**
     * The debugging containers that a live pod shall have, complete.
     *
     * @param after as in {@link #update}
     */
    JsonNode ephemeralContainers(Resource live, ObjectNode after, List<String> duplicates) {
        strict(duplicates, admitShape(after));
        same(live, metadata(after));
        ObjectNode complete = Tidied.withoutNulls(after);
        kind.rules().setDefaults(complete);
        Findings findings = new Findings();
        EphemeralRules.validate(live.body().toNode().path("spec"), complete.path("spec"), findings);
        if (findings.hasErrors()) {
            throw Invalid.failure(served, live.key().name(), findings.errors());
        }
        return complete.path("spec").path("ephemeralContainers");
    }

    /**
     * What a live resource shall become.
     *
     * @param after the whole document that the client sent, or that its patch made of the live one;
     *     changed on the way
     * @param accounted whether {@code metadata.managedFields} is up to date already
     */
    Wish update(
            Resource live,
            ObjectNode after,
            List<String> duplicates,
            boolean accounted,
            String subresource,
            Instant now) {
        List<String> unknown = admitShape(after);
        strict(duplicates, unknown);
        ObjectNode metadata = metadata(after);
        same(live, metadata);
        ObjectNode fields = account(metadata);
        metadata.remove(SET_BY_THE_CLUSTER);
        metadata.remove("generateName");
        after.remove("status");
        if (live.key().kind().equals(GroupKind.POD)
                && after.path("spec") instanceof ObjectNode spec) {
            // They have a subresource of their own.
            spec.remove("ephemeralContainers");
        }
        kind.rules().keep(live.document().toObject(), after);
        boolean touched = !body(after).equals(withoutEphemeral(live));
        complete(after, live.key().name(), touched);
        ObjectNode kept = sealed(Optional.of(live), after);
        Json body = touched ? withEphemeral(live, body(kept)) : live.body();
        compare(live, kept, touched);
        Wish complete =
                wish(kept, live.metadata().generateName(), managed(fields), kept, false)
                        .withBody(body);
        return accounted ? complete : accountFor(live, complete, subresource, now);
    }

    /** The wish with an account of what its client changed. */
    private Wish accountFor(Resource live, Wish wish, String subresource, Instant now) {
        ObjectNode before = served.document(live).toObject();
        ObjectNode after = served.document(wish.over(live)).toObject();
        Json fields =
                managedFields(
                        ManagedFields.afterUpdate(
                                Schema.of(kind.model()),
                                before,
                                after,
                                FieldManager.updating(
                                        options.fieldManager(), served.apiVersion(), subresource),
                                now));
        return wish.withManagedFields(fields);
    }

    // ---- the shape ----

    /** Takes unknown fields out, and refuses what is of another type than it should be. */
    private List<String> admitShape(ObjectNode document) {
        identify(document);
        served.store(document);
        Shape.Fields shape = Shape.of(served.model());
        List<String> unknown = UnknownFields.prune(document, shape);
        Findings findings = new Findings();
        if (!ShapeCheck.check(document, shape, findings)) {
            throw bad(
                    cannotBeHandled()
                            + findings.errors().stream()
                                    .map(Finding::message)
                                    .collect(Collectors.joining("; ")));
        }
        misspelt = findings.errors();
        return unknown;
    }

    private void identify(ObjectNode document) {
        String apiVersion = text(document, "apiVersion");
        String name = text(document, "kind");
        if (!name.isEmpty() && !name.equals(served.kindName())) {
            throw bad(
                    "%s in version \"%s\" cannot be handled as a %s: expected kind %s, found %s"
                            .formatted(
                                    name,
                                    apiVersion.substring(apiVersion.indexOf('/') + 1),
                                    served.kindName(),
                                    served.kindName(),
                                    name));
        }
        if (!apiVersion.isEmpty() && !apiVersion.equals(served.apiVersion())) {
            throw bad(
                    "the API version in the data (%s) does not match the expected API version (%s)"
                            .formatted(apiVersion, served.apiVersion()));
        }
        document.put("apiVersion", served.apiVersion());
        document.put("kind", served.kindName());
    }

    private void strict(List<String> duplicates, List<String> unknown) {
        List<String> complaints = new ArrayList<>();
        unknown.forEach(field -> complaints.add("unknown field \"" + field + "\""));
        duplicates.forEach(field -> complaints.add("duplicate field \"" + field + "\""));
        if (complaints.isEmpty()) {
            return;
        }
        switch (options.validation()) {
            case STRICT ->
                    throw strictly("strict decoding error: " + String.join(", ", complaints));
            case WARN -> complaints.forEach(warnings::add);
            case IGNORE -> {
                // Silently, as asked for.
            }
        }
    }

    /** Kubernetes cites the patch, if there was one, and then says nothing of the object. */
    private ApiFailure strictly(String message) {
        if (patch.isMissingNode()) {
            return bad(cannotBeHandled() + message);
        }
        Findings findings = new Findings();
        String cited = JsonNodeFactory.instance.textNode(GoText.of(patch)).toString();
        findings.invalid(FieldPath.of("patch"), cited, message);
        return Invalid.failure("", "", "", findings.errors());
    }

    private String cannotBeHandled() {
        return "%s in version \"%s\" cannot be handled as a %s: "
                .formatted(served.kindName(), served.version(), served.kindName());
    }

    // ---- the name ----

    private void place(ObjectNode metadata, Optional<String> namespace) {
        String said = text(metadata, "namespace");
        if (!kind.namespaced()) {
            return;
        }
        if (!said.isEmpty() && !said.equals(namespace.orElse(said))) {
            throw bad(
                    "the namespace of the provided object does not match the namespace sent on the"
                            + " request");
        }
        metadata.put("namespace", namespace.orElse(said));
    }

    /** Makes a name if only its beginning is given; gives that beginning, or nothing. */
    private String name(ObjectNode metadata, Supplier<String> suffix) {
        String generateName = text(metadata, "generateName");
        if (!text(metadata, "name").isEmpty()) {
            return generateName;
        }
        if (generateName.isEmpty()) {
            Findings findings = new Findings();
            findings.required(METADATA.child("name"), "name or generateName is required");
            throw Invalid.failure(served, "", findings.errors());
        }
        metadata.put("name", GeneratedNames.of(generateName, suffix.get()));
        return generateName;
    }

    private void same(Resource live, ObjectNode metadata) {
        ResourceKey key = live.key();
        String name = text(metadata, "name");
        if (!name.isEmpty() && !name.equals(key.name())) {
            throw bad(
                    "the name of the object (%s) does not match the name on the URL (%s)"
                            .formatted(name, key.name()));
        }
        metadata.put("name", key.name());
        place(
                metadata,
                key.namespace().isEmpty() ? Optional.empty() : Optional.of(key.namespace()));
        String uid = text(metadata, "uid");
        if (!uid.isEmpty() && !uid.equals(live.uid().value())) {
            throw conflict(
                    key.name(),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(uid, live.uid()));
        }
        String version = text(metadata, "resourceVersion");
        if (!version.isEmpty() && !version.equals(live.version().toString())) {
            throw conflict(key.name(), MODIFIED);
        }
    }

    /** What Kubernetes says of a write that comes too late. */
    static final String MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try"
                    + " again";

    private ApiFailure conflict(String name, String why) {
        return new ApiFailure(Status.conflict(served.group(), served.plural(), name, why));
    }

    // ---- the content ----

    /**
     * @param touched whether the client changed more than metadata; if not, only that is its fault
     */
    private void complete(ObjectNode document, String name, boolean touched) {
        Findings findings = new Findings();
        Admission.complete(kind, document, findings);
        List<Finding> errors =
                Stream.concat(misspelt.stream(), findings.errors().stream())
                        .filter(error -> touched || isMetadata(error.path()))
                        .collect(
                                Collectors.toMap(
                                        Finding::path,
                                        error -> error,
                                        (first, _) -> first,
                                        LinkedHashMap::new))
                        .values()
                        .stream()
                        .toList();
        if (!errors.isEmpty()) {
            throw Invalid.failure(served, name, errors);
        }
        if (touched) {
            findings.warnings().forEach(warning -> warnings.add(warning.message()));
        }
    }

    private static boolean isMetadata(FieldPath path) {
        return !path.isRoot() && path.steps().getFirst().equals("metadata");
    }

    private void compare(Resource live, ObjectNode after, boolean touched) {
        Findings findings = new Findings();
        if (touched) {
            kind.rules().validateUpdate(live.document().toObject(), after, findings);
        }
        if (live.metadata().deleting()) {
            List<String> added = new ArrayList<>(ObjectMeta.of(metadata(after)).finalizers());
            added.removeAll(live.metadata().finalizers());
            if (!added.isEmpty()) {
                findings.forbidden(
                        METADATA.child("finalizers"),
                        "no new finalizers can be added if the object is being deleted, found new"
                                + " finalizers []string{"
                                + added.stream()
                                        .map(text -> "\"" + text + "\"")
                                        .collect(Collectors.joining(", "))
                                + "}");
            }
        }
        if (findings.hasErrors()) {
            throw Invalid.failure(served, live.key().name(), findings.errors());
        }
    }

    /** From here on nothing holds a Secret's values in the plain. */
    private ObjectNode sealed(Optional<Resource> live, ObjectNode document) {
        try {
            return served.sealed(live, document);
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(Status.badRequest(cannotBeHandled() + e.getMessage()), e);
        }
    }

    /** What the client said, if that means the same when it is read again; else all of it. */
    private ObjectNode tidy(ObjectNode said, ObjectNode complete) {
        ObjectNode wanted = Tidied.withoutBookkeeping(complete);
        if (served.secret()) {
            return wanted;
        }
        ObjectNode tidied = Tidied.of(Tidied.withoutBookkeeping(said));
        ObjectNode read = tidied.deepCopy();
        Findings findings = new Findings();
        Admission.complete(kind, read, findings);
        boolean same =
                said.path("apiVersion").asText().equals(kind.storageVersion())
                        && !findings.hasErrors()
                        && Json.of(read).equals(Json.of(wanted));
        return same ? tidied : wanted;
    }

    private Wish wish(
            ObjectNode document,
            String generateName,
            Json managedFields,
            ObjectNode said,
            boolean toDeclare) {
        JsonNode metadata = document.path("metadata");
        ResourceKey key =
                new ResourceKey(
                        kind.groupKind(),
                        kind.namespaced() ? metadata.path("namespace").asText() : "",
                        metadata.path("name").asText());
        return new Wish(
                key,
                kind.storageVersion(),
                ObjectMeta.of(metadata),
                generateName,
                body(document),
                managedFields,
                said,
                toDeclare);
    }

    /** The account that a document brings with it, as a member of metadata or nothing. */
    private static ObjectNode account(ObjectNode metadata) {
        ObjectNode account = JsonNodeFactory.instance.objectNode();
        if (metadata.path("managedFields").isArray()) {
            account.set("managedFields", metadata.get("managedFields"));
        }
        return account;
    }

    private static Json managedFields(ObjectNode document) {
        return document.path("metadata") instanceof ObjectNode metadata
                ? managed(account(metadata))
                : Json.EMPTY;
    }

    private static Json managed(ObjectNode account) {
        JsonNode fields = account.path("managedFields");
        return fields.isEmpty() ? Json.EMPTY : Json.of(fields);
    }

    static Json body(ObjectNode document) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.setAll(document);
        body.remove(List.of("apiVersion", "kind", "metadata", "status"));
        return Json.of(body);
    }

    private static Json withoutEphemeral(Resource live) {
        if (!live.key().kind().equals(GroupKind.POD)) {
            return live.body();
        }
        ObjectNode body = live.body().toObject();
        body.withObject("/spec").remove("ephemeralContainers");
        return Json.of(body);
    }

    private static Json withEphemeral(Resource live, Json body) {
        JsonNode debuggers =
                live.key().kind().equals(GroupKind.POD)
                        ? live.body().toNode().path("spec").path("ephemeralContainers")
                        : JsonNodeFactory.instance.missingNode();
        if (debuggers.isMissingNode()) {
            return body;
        }
        ObjectNode with = body.toObject();
        with.withObject("/spec").set("ephemeralContainers", debuggers);
        return Json.of(with);
    }

    private static ObjectNode metadata(ObjectNode document) {
        return document.withObjectProperty("metadata");
    }

    private static String text(ObjectNode object, String name) {
        JsonNode value = object.path(name);
        return value.isTextual() ? value.textValue() : "";
    }

    private static ApiFailure bad(String message) {
        return new ApiFailure(Status.badRequest(message));
    }
}
