package dev.shiplog.api.beside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.patch.Patches;
import dev.shiplog.api.read.Lists;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;
import dev.shiplog.api.table.Writer;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.schema.Finding;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Schema;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers requests about what lives beside the log, as the rest of the API does. */
public final class BesideRequests {
    private static final int MAX_BODY_BYTES = 256 * 1024;

    /** How often a patch is tried again when others write in between. */
    private static final int MAX_TRIES = 5;

    private static final int MAX_WATCHERS = 1_000;
    private static final Duration DEFAULT_WATCH = Duration.ofMinutes(30);
    private static final Duration MAX_WATCH = Duration.ofHours(24);
    private static final Duration BOOKMARK_PERIOD = Duration.ofMinutes(1);

    private final BesideStore store;
    private final Supplier<ClusterState> state;
    private final Supplier<Instant> clock;
    private final WriteGuard guard;
    private final AtomicInteger watchers = new AtomicInteger();

    /**
     * @param state says which namespaces there are
     * @param guard looks at what is written, whoever may write it
     */
    public BesideRequests(
            BesideStore store,
            Supplier<ClusterState> state,
            Supplier<Instant> clock,
            WriteGuard guard) {
        this.guard = guard;
        this.store = store;
        this.state = state;
        this.clock = clock;
    }

    /** Whether requests about a kind are answered here. */
    public static boolean answers(ServedResource served) {
        return BesideStore.KINDS.contains(served.kind().groupKind());
    }

    /**
     * Answers a request that was authorised.
     *
     * @param name empty for all of the kind
     */
    public Reply answer(
            Request request,
            ServedResource served,
            String verb,
            Optional<String> namespace,
            String name)
            throws IOException {
        return switch (verb) {
            case "get" -> shown(request, served, 200, found(served, namespace, name));
            case "list" -> list(request, served, namespace);
            case "watch" -> watch(request, served, namespace);
            case "create" -> create(request, served, namespace.orElse(""));
            case "update" -> update(request, served, served.key(namespace, name));
            case "patch" -> patch(request, served, served.key(namespace, name));
            case "delete" -> delete(request, served, served.key(namespace, name));
            default ->
                    throw new ApiFailure(
                            Status.of(
                                    405,
                                    "MethodNotAllowed",
                                    "the server does not allow this method on the requested resource"));
        };
    }

    private Resource found(ServedResource served, Optional<String> namespace, String name) {
        return store.find(served.key(namespace, name))
                .orElseThrow(() -> new ApiFailure(served.notFound(name)));
    }

    private Reply list(Request request, ServedResource served, Optional<String> namespace) {
        Selection selection = Selection.of(served, namespace, request.query());
        BesideStore.Listed listed = store.list(served.kind().groupKind());
        List<Resource> selected = listed.resources().stream().filter(selection::matches).toList();
        Writer writer = new Writer(served, Format.of(request), clock.get());
        return Reply.json(200, writer.list(selected, Writer.Page.complete(listed.version())));
    }

    private Reply create(Request request, ServedResource served, String namespace)
            throws IOException {
        ObjectNode document = body(request);
        JsonNode metadata = document.path("metadata");
        if (metadata.path("name").asText().isEmpty()
                && !metadata.path("generateName").asText().isEmpty()) {
            document.withObjectProperty("metadata")
                    .put(
                            "name",
                            metadata.path("generateName").asText()
                                    + Long.toString(clock.get().toEpochMilli(), 36));
        }
        Wish wish = wish(served, namespace, "", document);
        if (state.get().resource(ResourceKey.namespace(namespace)).isEmpty()) {
            throw new ApiFailure(Status.notFound("", "namespaces", namespace));
        }
        look(request, served, "create", Optional.empty(), wish);
        if (dryRun(request)) {
            return shown(request, served, 201, wish.resource(clock.get()));
        }
        return switch (store.create(
                wish.key(), wish.apiVersion(), wish.labels(), wish.annotations(), wish.body())) {
            case BesideStore.Written.Done(Resource made) -> shown(request, served, 201, made);
            case BesideStore.Written.Full _ ->
                    throw new ApiFailure(
                            Status.of(
                                    429,
                                    "TooManyRequests",
                                    "expected at most "
                                            + BesideStore.MAX_RESOURCES
                                            + " "
                                            + served.plural()
                                            + "; delete some"));
            case BesideStore.Written.Exists _,
                    BesideStore.Written.Missing _,
                    BesideStore.Written.Conflict _ ->
                    throw new ApiFailure(
                            Status.of(
                                    409,
                                    "AlreadyExists",
                                    Status.qualified(served.group(), served.plural())
                                            + " \""
                                            + wish.key().name()
                                            + "\" already exists"));
        };
    }

    private Reply update(Request request, ServedResource served, ResourceKey key)
            throws IOException {
        ObjectNode document = body(request);
        Optional<Uid> uid = uid(document);
        Optional<Position> expected = version(document);
        Wish wish = wish(served, key.namespace(), key.name(), document);
        look(request, served, "update", store.find(key), wish);
        if (dryRun(request)) {
            Resource before = found(served, Optional.of(key.namespace()), key.name());
            return shown(request, served, 200, wish.over(before));
        }
        return written(
                request,
                served,
                key,
                store.update(key, uid, expected, wish.labels(), wish.annotations(), wish.body()));
    }

    /** Whoever may write may still not write this. */
    private void look(
            Request request,
            ServedResource served,
            String verb,
            Optional<Resource> before,
            Wish wish) {
        guard.objection(
                        request.identity(),
                        new WriteGuard.Write(
                                verb,
                                served.kind(),
                                wish.key(),
                                "",
                                before.map(Resource::document),
                                Optional.of(wish.resource(clock.get()).document())))
                .ifPresent(status -> {
                    throw new ApiFailure(status);
                });
    }

    /**
     * The three patches of RFC 6902, RFC 7386 and Kubernetes; nobody applies what lives so short.
     */
    private Reply patch(Request request, ServedResource served, ResourceKey key)
            throws IOException {
        PatchType type =
                PatchType.withoutApply(request.header("Content-Type").orElse(""), served.plural());
        byte[] patch = request.body(MAX_BODY_BYTES);
        BesideStore.Written last = new BesideStore.Written.Missing();
        for (int i = 0; i < MAX_TRIES; i++) {
            Resource before = found(served, Optional.of(key.namespace()), key.name());
            ObjectNode document =
                    Patches.apply(
                            type,
                            before.document().toObject(),
                            patch,
                            Schema.of(served.kind().model()));
            Position expected = version(document).orElse(before.version());
            Uid uid = uid(document).orElse(before.uid());
            Wish wish = wish(served, key.namespace(), key.name(), document);
            look(request, served, "patch", Optional.of(before), wish);
            if (dryRun(request)) {
                return shown(request, served, 200, wish.over(before));
            }
            last =
                    store.update(
                            key,
                            Optional.of(uid),
                            Optional.of(expected),
                            wish.labels(),
                            wish.annotations(),
                            wish.body());
            boolean overtaken =
                    last instanceof BesideStore.Written.Conflict
                            && expected.equals(before.version())
                            && uid.equals(before.uid());
            if (!overtaken) {
                break;
            }
        }
        return written(request, served, key, last);
    }

    private Reply delete(Request request, ServedResource served, ResourceKey key)
            throws IOException {
        ObjectNode options = Bodies.options(request);
        JsonNode preconditions = options.path("preconditions");
        if (dryRun(request)) {
            found(served, Optional.of(key.namespace()), key.name());
        } else {
            BesideStore.Written deleted =
                    store.delete(
                            key,
                            Optional.of(preconditions.path("uid").asText())
                                    .filter(uid -> !uid.isEmpty())
                                    .map(Uid::new),
                            position(preconditions.path("resourceVersion").asText()));
            if (!(deleted instanceof BesideStore.Written.Done)) {
                return written(request, served, key, deleted);
            }
        }
        return Reply.json(
                200,
                Json.parse(
                                "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\"}")
                        .bytes());
    }

    private Reply written(
            Request request, ServedResource served, ResourceKey key, BesideStore.Written written) {
        return switch (written) {
            case BesideStore.Written.Done(Resource done) -> shown(request, served, 200, done);
            case BesideStore.Written.Missing _ -> throw new ApiFailure(served.notFound(key.name()));
            case BesideStore.Written.Conflict _,
                    BesideStore.Written.Exists _,
                    BesideStore.Written.Full _ ->
                    throw new ApiFailure(
                            Status.conflict(
                                    served.group(),
                                    served.plural(),
                                    key.name(),
                                    "the object has been modified; please apply your changes to the"
                                            + " latest version and try again"));
        };
    }

    private Reply shown(Request request, ServedResource served, int code, Resource resource) {
        return Reply.json(code, new Writer(served, Format.of(request), clock.get()).one(resource));
    }

    /** A document that was taken in. */
    private record Wish(
            ResourceKey key,
            String apiVersion,
            SortedMap<String, String> labels,
            SortedMap<String, String> annotations,
            Json body) {
        Resource over(Resource before) {
            return before.with(
                            before.metadata().withLabels(labels).withAnnotations(annotations),
                            before.version())
                    .withBody(body, before.version());
        }

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
    }

    private static Wish wish(
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
            throw new ApiFailure(
                    Status.of(
                            422,
                            "Invalid",
                            "%s \"%s\" is invalid: %s"
                                    .formatted(
                                            served.group().isEmpty()
                                                    ? served.kindName()
                                                    : served.kindName() + "." + served.group(),
                                            document.path("metadata").path("name").asText(),
                                            findings.errors().stream()
                                                    .map(Finding::message)
                                                    .collect(Collectors.joining(", ")))));
        }
        JsonNode metadata = document.path("metadata");
        ObjectNode body = document.deepCopy();
        body.remove(List.of("apiVersion", "kind", "metadata", "status"));
        return new Wish(
                served.key(Optional.of(namespace), metadata.path("name").asText()),
                served.kind().storageVersion(),
                texts(metadata.path("labels")),
                texts(metadata.path("annotations")),
                Json.of(body));
    }

    private static SortedMap<String, String> texts(JsonNode map) {
        SortedMap<String, String> texts = new TreeMap<>();
        map.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static ObjectNode body(Request request) throws IOException {
        return Bodies.read(request, MAX_BODY_BYTES).document();
    }

    private static boolean dryRun(Request request) {
        return request.query().first("dryRun").filter("All"::equals).isPresent();
    }

    private static Optional<Uid> uid(ObjectNode document) {
        return Optional.of(document.path("metadata").path("uid").asText())
                .filter(uid -> !uid.isEmpty())
                .map(Uid::new);
    }

    private static Optional<Position> version(ObjectNode document) {
        return position(document.path("metadata").path("resourceVersion").asText());
    }

    private static Optional<Position> position(String text) {
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

    private Reply watch(Request request, ServedResource served, Optional<String> namespace) {
        Selection selection = Selection.of(served, namespace, request.query());
        Format format = Format.of(request);
        Optional<Position> from = Lists.version(request.query());
        boolean initial = request.query().flag("sendInitialEvents");
        boolean bookmarks = request.query().flag("allowWatchBookmarks");
        long seconds = request.query().number("timeoutSeconds").orElse(0);
        Duration timeout =
                seconds <= 0
                        ? DEFAULT_WATCH
                        : Duration.ofSeconds(Math.min(seconds, MAX_WATCH.toSeconds()));
        return Reply.stream(
                200,
                "application/json",
                stream -> {
                    if (watchers.incrementAndGet() > MAX_WATCHERS) {
                        watchers.decrementAndGet();
                        throw new ApiFailure(
                                Status.of(
                                        429,
                                        "TooManyRequests",
                                        "expected at most "
                                                + MAX_WATCHERS
                                                + " watches at once; try again later"));
                    }
                    AtomicBoolean gone = new AtomicBoolean();
                    stream.whenGone(() -> gone.set(true));
                    try {
                        new Watching(served, selection, format, stream.out(), gone, bookmarks)
                                .run(from, initial, timeout);
                    } finally {
                        watchers.decrementAndGet();
                    }
                });
    }

    /** One watch under way. */
    private final class Watching {
        private final ServedResource served;
        private final Selection selection;
        private final Format format;
        private final OutputStream out;
        private final AtomicBoolean gone;
        private final boolean bookmarks;

        Watching(
                ServedResource served,
                Selection selection,
                Format format,
                OutputStream out,
                AtomicBoolean gone,
                boolean bookmarks) {
            this.served = served;
            this.selection = selection;
            this.format = format;
            this.out = out;
            this.gone = gone;
            this.bookmarks = bookmarks;
        }

        void run(Optional<Position> from, boolean initial, Duration timeout)
                throws IOException, InterruptedException {
            // The headers need a byte to go along; before a JSON value a blank means nothing.
            out.write(' ');
            long deadline = System.nanoTime() + timeout.toNanos();
            Position position = from.isPresent() && !initial ? from.get() : begin(initial);
            out.flush();
            long bookmarkAt = System.nanoTime() + BOOKMARK_PERIOD.toNanos();
            while (!gone.get() && !store.closed() && System.nanoTime() < deadline) {
                Optional<List<BesideStore.Change>> changes =
                        store.changesAfter(position, BesideStore.GLANCE);
                if (changes.isEmpty()) {
                    Status old =
                            Status.expired(
                                    "too old resource version: the changes after "
                                            + position
                                            + " are not remembered; list again");
                    frame("ERROR", old.json().bytes());
                    return;
                }
                for (BesideStore.Change change : changes.get()) {
                    position = change.version();
                    tell(change);
                }
                if (bookmarks && System.nanoTime() > bookmarkAt) {
                    bookmark(position, false);
                    bookmarkAt = System.nanoTime() + BOOKMARK_PERIOD.toNanos();
                }
                out.flush();
            }
        }

        private Position begin(boolean initial) throws IOException {
            BesideStore.Listed listed = store.list(served.kind().groupKind());
            for (Resource resource : listed.resources()) {
                if (selection.matches(resource)) {
                    frame("ADDED", bytes(resource));
                }
            }
            if (initial && bookmarks) {
                bookmark(listed.version(), true);
            }
            return listed.version();
        }

        private void tell(BesideStore.Change change) throws IOException {
            if (!change.after().key().kind().equals(served.kind().groupKind())) {
                return;
            }
            boolean was = change.before().filter(selection::matches).isPresent();
            boolean is = !change.deleted() && selection.matches(change.after());
            if (is) {
                frame(was ? "MODIFIED" : "ADDED", bytes(change.after()));
            } else if (was) {
                frame("DELETED", bytes(change.after()));
            }
        }

        private byte[] bytes(Resource resource) {
            return new Writer(served, format, clock.get()).one(resource);
        }

        private void bookmark(Position position, boolean initialEnd) throws IOException {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.put("kind", served.kindName()).put("apiVersion", served.apiVersion());
            ObjectNode metadata = object.putObject("metadata");
            metadata.put("resourceVersion", position.toString());
            metadata.putNull("creationTimestamp");
            if (initialEnd) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            frame("BOOKMARK", Json.of(object).bytes());
        }

        private void frame(String type, byte[] object) throws IOException {
            out.write(
                    ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
            out.write(object);
            out.write(new byte[] {'}', '\n'});
        }
    }
}
