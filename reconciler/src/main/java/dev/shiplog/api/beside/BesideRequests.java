package dev.shiplog.api.beside;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.shiplog.api.watch.WatchSeats;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.schema.Schema;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Answers requests about what lives beside the log, as the rest of the API does. */
public final class BesideRequests {
    private static final int MAX_BODY_BYTES = 256 * 1024;

    /** How often a patch is tried again when others write in between. */
    private static final int MAX_TRIES = 5;

    private static final int MAX_WATCHERS = 1_000;
    private static final Duration DEFAULT_WATCH = Duration.ofMinutes(30);
    private static final Duration MAX_WATCH = Duration.ofHours(24);

    private final BesideStore store;
    private final Supplier<ClusterState> state;
    private final Supplier<Instant> clock;
    private final WriteGuard guard;
    private final WatchSeats seats = new WatchSeats(MAX_WATCHERS);

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
        // Who takes no answer that is served hears so before anything is written.
        Format _ = Format.of(request);
        return switch (verb) {
            case "get" -> shown(request, served, 200, found(served, namespace, name));
            case "list" -> list(request, served, namespace);
            case "watch" -> watch(request, served, namespace);
            case "create" -> create(request, served, namespace.orElse(""));
            case "update" -> update(request, served, served.key(namespace, name));
            case "patch" -> patch(request, served, served.key(namespace, name));
            case "delete" -> delete(request, served, served.key(namespace, name));
            default -> throw new ApiFailure(Status.methodNotAllowed());
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
        BesideDocument wish = BesideDocument.of(served, namespace, "", document);
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
        Optional<Uid> uid = BesideDocument.uid(document);
        Optional<Position> expected = BesideDocument.version(document);
        BesideDocument wish = BesideDocument.of(served, key.namespace(), key.name(), document);
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
            BesideDocument wish) {
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
            Position expected = BesideDocument.version(document).orElse(before.version());
            Uid uid = BesideDocument.uid(document).orElse(before.uid());
            BesideDocument wish = BesideDocument.of(served, key.namespace(), key.name(), document);
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
                            BesideDocument.position(
                                    preconditions.path("resourceVersion").asText()));
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

    private static ObjectNode body(Request request) throws IOException {
        return Bodies.read(request, MAX_BODY_BYTES).document();
    }

    private static boolean dryRun(Request request) {
        return request.query().first("dryRun").filter("All"::equals).isPresent();
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
                    AtomicBoolean gone = new AtomicBoolean();
                    stream.whenGone(() -> gone.set(true));
                    try (WatchSeats.Seat _ = seats.take()) {
                        new BesideWatch(
                                        store,
                                        clock,
                                        served,
                                        selection,
                                        format,
                                        stream.out(),
                                        gone,
                                        bookmarks)
                                .run(from, initial, timeout);
                    }
                });
    }
}
