package dev.shiplog.api.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final Duration SUBMIT_TIMEOUT = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Supplier<Instant> clock;
    private final SpamFilter filter = new SpamFilter();
    private final Map<String, ObjectNode> posted =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, ObjectNode> eldest) {
                    return size() > MAX_NAMES;
                }
            };

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
        ObjectNode document = body(request);
        if (verb.equals("create")) {
            return answered(201, served, record(request, served, namespace, document), document);
        }
        ObjectNode merged = remembered(served, namespace, name);
        document.remove("metadata");
        merged.setAll(document);
        return answered(200, served, record(request, served, namespace, merged), merged);
    }

    /**
     * Answers with the Event that the log's view has made of it, under the name that it is found
     * by, so that a client that counts it up afterwards names that one.
     */
    private Reply answered(
            int code, ServedResource served, Position noted, ObjectNode document) {
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
                    Status.of(
                            422,
                            "Invalid",
                            "Event \""
                                    + event.path("metadata").path("name").asText()
                                    + "\" is invalid: expected a kind and a name in "
                                    + (core ? "involvedObject" : "regarding")
                                    + ", and a reason"));
        }
        String in = about.path("namespace").asText();
        if (!in.isEmpty() && !in.equals(namespace)) {
            throw new ApiFailure(
                    Status.of(
                            422,
                            "Invalid",
                            "Event \""
                                    + event.path("metadata").path("name").asText()
                                    + "\" is invalid: involvedObject.namespace: Invalid value: \""
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
        if (!name.isEmpty()) {
            synchronized (posted) {
                posted.put(namespace + "/" + name, event.deepCopy());
            }
        }
    }

    private ObjectNode remembered(ServedResource served, String namespace, String name) {
        synchronized (posted) {
            return Optional.ofNullable(posted.get(namespace + "/" + name))
                    .map(ObjectNode::deepCopy)
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

    private static ObjectNode body(Request request) throws IOException {
        try {
            return Json.parse(new String(request.body(MAX_BODY_BYTES), StandardCharsets.UTF_8))
                    .toObject();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ApiFailure(
                    Status.badRequest("expected a JSON object in the body: " + e.getMessage()), e);
        }
    }

    private static String first(JsonNode one, JsonNode other) {
        return one.asText().isEmpty() ? other.asText() : one.asText();
    }
}
