package dev.shiplog.api.read;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;
import dev.shiplog.api.table.Writer;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Answers get and list. */
public final class Lists {

    /** As for any answer: below this, zipping costs more than it saves. */
    private static final int GZIP_FROM_BYTES = 128 * 1024;

    /** A list of more resources is written as it is read: it is long enough to be worth it. */
    static final int MAX_HELD = 2_000;

    private static final int BUFFER_BYTES = 64 << 10;

    private final Revisions revisions;
    private final Supplier<Instant> clock;
    private final KeptLists kept = new KeptLists();

    public Lists(Revisions revisions, Supplier<Instant> clock) {
        this.revisions = revisions;
        this.clock = clock;
    }

    /** One resource, at the newest revision. */
    public Reply get(
            Request request, ServedResource served, Optional<String> namespace, String name) {
        ClusterState state =
                version(request.query()).map(revisions::notOlderThan).orElseGet(revisions::newest);
        Resource resource =
                state.resource(served.key(namespace, name))
                        .orElseThrow(() -> new ApiFailure(served.notFound(name)));
        return Reply.json(200, new Writer(served, Format.of(request), clock.get()).one(resource));
    }

    /** Those that are selected, whole or page by page, at the revision that is asked for. */
    public Reply list(Request request, ServedResource served, Optional<String> namespace) {
        Query query = request.query();
        Selection selection = Selection.of(served, namespace, query);
        long limit = query.number("limit").orElse(0);
        if (limit < 0) {
            throw new ApiFailure(Status.badRequest("limit: expected 0 or more, found " + limit));
        }
        Optional<ContinueToken> from = query.first("continue").map(ContinueToken::parse);
        ClusterState state =
                from.isPresent() ? revisions.at(from.get().revision()) : state(query, limit);
        Format format = Format.of(request);
        // A table tells ages, which change by themselves; a Secret is opened for each reader anew;
        // a page has its state kept for the next one.
        if (format.shape() == Format.Shape.TABLE
                || served.secret()
                || limit > 0
                || from.isPresent()) {
            return answer(cut(served, selection, state, from, limit), served, format);
        }
        KeptLists.Kept list =
                kept.of(
                        new KeptLists.Asked(
                                state.position(), served.toString(), namespace, query, format));
        Optional<byte[]> known = list.known();
        byte[] plain;
        if (known.isPresent()) {
            plain = known.get();
        } else {
            Cut cut = cut(served, selection, state, from, limit);
            if (cut.resources().size() > MAX_HELD) {
                return answer(cut, served, format);
            }
            Writer writer = new Writer(served, format, clock.get());
            plain = list.plain(() -> writer.list(cut.resources(), cut.page()));
        }
        return plain.length >= GZIP_FROM_BYTES && takesGzip(request)
                ? zipped(list.zipped(plain))
                : Reply.json(200, plain);
    }

    /** A short list at once; a long one piece by piece, so that no list takes all memory. */
    private Reply answer(Cut cut, ServedResource served, Format format) {
        Writer writer = new Writer(served, format, clock.get());
        return cut.resources().size() > MAX_HELD
                ? Reply.stream(
                        200,
                        "application/json",
                        stream -> {
                            OutputStream out = new BufferedOutputStream(stream.out(), BUFFER_BYTES);
                            writer.list(cut.resources(), cut.page(), out);
                            out.flush();
                        })
                : Reply.json(200, writer.list(cut.resources(), cut.page()));
    }

    private static boolean takesGzip(Request request) {
        return request.header("Accept-Encoding")
                .filter(value -> value.contains("gzip"))
                .isPresent();
    }

    private static Reply zipped(byte[] body) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Content-Encoding", "gzip");
        headers.put("Vary", "Accept-Encoding");
        return new Reply.Whole(200, headers, body);
    }

    /** What a reply holds. */
    private record Cut(List<Resource> resources, Writer.Page page) {}

    private Cut cut(
            ServedResource served,
            Selection selection,
            ClusterState state,
            Optional<ContinueToken> from,
            long limit) {
        List<Resource> found = new ArrayList<>();
        long remaining = 0;
        for (Resource resource : Candidates.of(state, served, selection)) {
            if (from.isPresent() && !after(resource, from.get())) {
                continue;
            }
            if (!selection.matches(resource)) {
                continue;
            }
            if (limit > 0 && found.size() == limit) {
                remaining++;
            } else {
                found.add(resource);
            }
        }
        return new Cut(found, page(state, found, remaining, selection));
    }

    private Writer.Page page(
            ClusterState state, List<Resource> found, long remaining, Selection selection) {
        if (remaining == 0) {
            return Writer.Page.complete(state.position());
        }
        revisions.keep(state);
        Resource last = found.getLast();
        return new Writer.Page(
                state.position(),
                Optional.of(
                        new ContinueToken(
                                        state.position(), last.key().namespace(), last.key().name())
                                .text()),
                selection.everything() ? OptionalLong.of(remaining) : OptionalLong.empty());
    }

    /** As the table "resourceVersion and resourceVersionMatch" of the Kubernetes API concepts. */
    private ClusterState state(Query query, long limit) {
        Optional<Position> version = version(query);
        String match = query.first("resourceVersionMatch").orElse("");
        if (!match.isEmpty() && query.first("resourceVersion").isEmpty()) {
            throw new ApiFailure(
                    invalid(
                            "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        }
        return switch (match) {
            case "Exact" ->
                    revisions.at(
                            version.orElseThrow(() ->
                                    new ApiFailure(
                                            invalid(
                                                    "resourceVersionMatch \"Exact\" is"
                                                            + " forbidden for"
                                                            + " resourceVersion"
                                                            + " \"0\""))));
            case "NotOlderThan" ->
                    version.map(revisions::notOlderThan).orElseGet(revisions::newest);
            case "" ->
                    version.map(position ->
                                    limit > 0
                                            ? revisions.at(position)
                                            : revisions.notOlderThan(position))
                            .orElseGet(revisions::newest);
            default ->
                    throw new ApiFailure(
                            invalid(
                                    "resourceVersionMatch: expected Exact or NotOlderThan, found \""
                                            + match
                                            + "\""));
        };
    }

    /**
     * The version that a request names; empty if it names none, or 0, which means any.
     *
     * @throws ApiFailure 400 if it is not a number
     */
    public static Optional<Position> version(Query query) {
        Optional<String> text = query.first("resourceVersion");
        if (text.isEmpty() || text.get().equals("0")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Position(Long.parseLong(text.get())));
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("Invalid value: \"" + text.get() + "\": resourceVersion"), e);
        }
    }

    private static boolean after(Resource resource, ContinueToken token) {
        int namespaces = resource.key().namespace().compareTo(token.namespace());
        return namespaces > 0
                || (namespaces == 0 && resource.key().name().compareTo(token.name()) > 0);
    }

    private static Status invalid(String message) {
        return Status.invalid("ListOptions.meta.k8s.io", "", message);
    }
}
