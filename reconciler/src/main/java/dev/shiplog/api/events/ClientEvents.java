package dev.shiplog.api.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.patch.Patches;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.schema.Schema;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Takes in Events that clients post, in both of their groups. What says the same about the same
 * object is one Event with a count, whatever name its sender gave it; so an Event is found by its
 * sender's name only as long as that name is remembered, and a patch of a forgotten one is answered
 * by 404, upon which client-go posts it anew.
 */
public final class ClientEvents {
    /** How many names of posted Events are remembered. */
    static final int MAX_NAMES = 4_096;

    /** As Kubernetes' limit of one message. */
    static final int MAX_MESSAGE = 1_024;

    /** How many bytes of posted Events are remembered. */
    static final int MAX_REMEMBERED = 8 << 20;

    /** Where Events about what has no namespace stand. */
    private static final Set<String> CLUSTER_WIDE = Set.of("default", "kube-system");

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Supplier<Instant> clock;
    private final SpamFilter filter = new SpamFilter();
    private final Map<String, Json> posted = new LinkedHashMap<>(16, 0.75f, true);
    private long remembered;

    public ClientEvents(Ledger ledger, Supplier<Instant> clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Whether a write of a kind is answered here. */
    public static boolean answers(ServedResource served, String verb) {
        return served.kind().groupKind().equals(GroupKind.EVENT)
                && (verb.equals("create") || verb.equals("patch") || verb.equals("update"));
    }

    /** Answers a write that was authorised. */
    public Reply answer(
            Request request, ServedResource served, String verb, String namespace, String name)
            throws IOException, InterruptedException {
        if (namespace.isEmpty()) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        if (verb.equals("create")) {
            ObjectNode document = sound(Bodies.read(request, MAX_BODY_BYTES).document());
            return answered(201, served, record(request, served, namespace, document), document);
        }
        ObjectNode before = remembered(served, namespace, name);
        ObjectNode after =
                verb.equals("patch")
                        ? patched(request, served, before)
                        : Bodies.read(request, MAX_BODY_BYTES).document();
        after.set("metadata", before.path("metadata"));
        return answered(200, served, record(request, served, namespace, sound(after)), after);
    }

    private static ObjectNode patched(Request request, ServedResource served, ObjectNode before)
            throws IOException {
        PatchType type =
                PatchType.withoutApply(request.header("Content-Type").orElse(""), "an Event");
        return Patches.apply(
                type, before, request.body(MAX_BODY_BYTES), Schema.of(served.kind().model()));
    }

    private static ObjectNode sound(ObjectNode event) {
        JsonNode metadata = event.path("metadata");
        if (!metadata.isMissingNode() && !metadata.isObject()) {
            throw new ApiFailure(
                    Status.badRequest("expected an object in metadata, found " + metadata));
        }
        return event;
    }

    /**
     * Answers with the Event that the log's view has made of it, under the name that it is found
     * by, so that a client that counts it up afterwards names that one.
     */
    private Reply answered(int code, ServedResource served, Position noted, ObjectNode document) {
        Optional<Resource> event =
                ledger.state().resources(served.kind().groupKind()).stream()
                        .filter(resource -> resource.version().equals(noted))
                        .findFirst();
        if (event.isEmpty()) {
            return shown(code, document);
        }
        ResourceKey key = event.get().key();
        // Under the name that the client chose as well: some go on using it.
        remember(key.namespace(), document);
        document.withObjectProperty("metadata")
                .put("name", key.name())
                .put("namespace", key.namespace());
        remember(key.namespace(), document);
        return Reply.json(code, served.document(event.get()).bytes());
    }

    private Position record(
            Request request, ServedResource served, String namespace, ObjectNode event)
            throws InterruptedException {
        boolean core = served.group().isEmpty();
        JsonNode about = event.path(core ? "involvedObject" : "regarding");
        JsonNode source = event.path(core ? "source" : "deprecatedSource");
        String component =
                first(
                        source.path("component"),
                        event.path(core ? "reportingComponent" : "reportingController"));
        String kind = about.path("kind").asText();
        String name = about.path("name").asText();
        if (kind.isEmpty() || name.isEmpty() || event.path("reason").asText().isEmpty()) {
            throw new ApiFailure(
                    Status.invalid(
                            "Event",
                            event.path("metadata").path("name").asText(),
                            "expected a kind and a name in "
                                    + (core ? "involvedObject" : "regarding")
                                    + ", and a reason"));
        }
        String in = about.path("namespace").asText();
        // What has no namespace is spoken of where only the cluster's own parts may speak.
        boolean elsewhere =
                in.isEmpty() ? !CLUSTER_WIDE.contains(namespace) : !in.equals(namespace);
        if (elsewhere) {
            throw new ApiFailure(
                    Status.invalid(
                            "Event",
                            event.path("metadata").path("name").asText(),
                            "involvedObject.namespace: Invalid value: \""
                                    + in
                                    + "\": does not match event.namespace"));
        }
        String version = about.path("apiVersion").asText();
        int slash = version.indexOf('/');
        ResourceKey key =
                new ResourceKey(
                        new GroupKind(slash < 0 ? "" : version.substring(0, slash), kind),
                        in,
                        name);
        if (!canBeFound(key)) {
            throw new ApiFailure(
                    Status.invalid(
                            "Event",
                            event.path("metadata").path("name").asText(),
                            (core ? "involvedObject" : "regarding")
                                    + ": Invalid value: \""
                                    + key
                                    + "\": expected a kind, a namespace and a name as objects"
                                    + " have them"));
        }
        if (!filter.pass(component + " " + key, clock.get())) {
            throw new ApiFailure(
                    Status.of(
                            429,
                            "TooManyRequests",
                            component
                                    + " posts too many Events about "
                                    + key
                                    + ": expected at most "
                                    + SpamFilter.BURST
                                    + " at once and one every "
                                    + SpamFilter.REFILL_SECONDS
                                    + " s"));
        }
        String message = event.path(core ? "message" : "note").asText();
        return submit(
                request,
                new Note(
                        key,
                        uid(about, key),
                        event.path("type").asText().equals("Warning"),
                        event.path("reason").asText(),
                        message.length() > MAX_MESSAGE
                                ? message.substring(0, MAX_MESSAGE)
                                : message,
                        component.isEmpty() ? request.identity().name() : component,
                        source.path("host").asText()));
    }

    /** Whether the log can tell from a key's text what it is of: names have no slashes in them. */
    private static boolean canBeFound(ResourceKey key) {
        try {
            return ResourceKey.parse(key.toString()).equals(key);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private Uid uid(JsonNode about, ResourceKey key) {
        String uid = about.path("uid").asText();
        return uid.isEmpty()
                ? ledger.state()
                        .resource(key)
                        .map(resource -> resource.uid())
                        .orElseGet(() -> new Uid(key.toString()))
                : new Uid(uid);
    }

    private Position submit(Request request, Note note) throws InterruptedException {
        try {
            Outcome outcome =
                    ledger.submit(
                                    new ResourceCommand.AddNote(note),
                                    Origin.request(
                                            "user:" + request.identity().name(), request.id()))
                            .get(SUBMIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return switch (outcome) {
                case Outcome.Applied applied -> applied.events().getLast().position();
                case Outcome.Refused refused ->
                        throw new ApiFailure(Status.internal(refused.message()));
            };
        } catch (ExecutionException | TimeoutException e) {
            throw new ApiFailure(Status.internal("the Event was not recorded: " + e), e);
        }
    }

    private void remember(String namespace, ObjectNode event) {
        String name = event.path("metadata").path("name").asText();
        if (name.isEmpty()) {
            return;
        }
        Json kept = Json.of(event);
        synchronized (posted) {
            forget(posted.put(namespace + "/" + name, kept));
            remembered += kept.bytes().length;
            Iterator<Json> oldest = posted.values().iterator();
            while (posted.size() > MAX_NAMES || remembered > MAX_REMEMBERED) {
                Json gone = oldest.next();
                oldest.remove();
                forget(gone);
            }
        }
    }

    private void forget(@Nullable Json event) {
        remembered -= event == null ? 0 : event.bytes().length;
    }

    private ObjectNode remembered(ServedResource served, String namespace, String name) {
        synchronized (posted) {
            return Optional.ofNullable(posted.get(namespace + "/" + name))
                    .map(Json::toObject)
                    .orElseThrow(() -> new ApiFailure(served.notFound(name)));
        }
    }

    private Reply shown(int code, ObjectNode event) {
        ObjectNode metadata = event.withObjectProperty("metadata");
        metadata.put("resourceVersion", ledger.state().position().toString());
        if (!metadata.has("creationTimestamp") || metadata.path("creationTimestamp").isNull()) {
            metadata.put("creationTimestamp", clock.get().toString().replaceFirst("\\..*", "Z"));
        }
        if (!metadata.has("uid")) {
            metadata.put("uid", metadata.path("name").asText());
        }
        return Reply.json(code, Json.of(event).bytes());
    }

    private static String first(JsonNode one, JsonNode other) {
        return one.asText().isEmpty() ? other.asText() : one.asText();
    }
}
