package dev.shiplog.state;

import dev.shiplog.event.OwnersCodec;
import dev.shiplog.event.WorkCodec;
import dev.shiplog.journal.HashChain;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonStream;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A state to and from canonical bytes: one JSON object with every map in key order, the indexes
 * left out, for they follow from the maps.
 *
 * <p>Invariant: two states have the same bytes exactly when they are the same. So the hash of the
 * bytes stands for the state, in snapshots and in proofs.
 */
public final class StateCodec {
    /** The version of the shape. A snapshot of another version is not used. */
    public static final int FORMAT = 3;

    private StateCodec() {}

    /** SHA-256 of the canonical bytes; 32 bytes. */
    public static byte[] stateHash(ClusterState state) {
        MessageDigest sum = HashChain.sha256();
        write(state, (bytes, length) -> sum.update(bytes, 0, length));
        return sum.digest();
    }

    public static byte[] encode(ClusterState state) {
        JsonWriter out = new JsonWriter();
        write(state, out);
        return out.bytes();
    }

    /** The same bytes, piece by piece: of a large state they may be more than there is memory. */
    public static void write(ClusterState state, JsonWriter.Sink sink) {
        JsonWriter out = new JsonWriter(sink);
        write(state, out);
        out.flush();
    }

    private static void write(ClusterState state, JsonWriter out) {
        out.begin().beginList("declared");
        state.declared.forEach((key, entry) -> write(key, entry, out));
        out.endList().beginList("notes");
        state.notes.forEach((position, age) ->
                out.begin()
                        .text("key", age.key().toString())
                        .text("lastSeen", age.lastSeen().toString())
                        .number("position", position.value())
                        .end());
        out.endList().beginList("ordered");
        state.ordered.forEach((pod, order) -> {
            out.begin()
                    .text("node", order.node().value())
                    .text("pod", pod.value())
                    .number("position", order.id().value())
                    .begin("work");
            WorkCodec.write(order.work(), out);
            out.end().end();
        });
        out.endList().number("position", state.position.value()).beginList("resources");
        state.resources.forEach((_, resource) -> ResourceCodec.write(resource, out));
        out.endList().beginList("sentNotes");
        state.sentNotes.forEach((node, sent) ->
                out.begin()
                        .text("life", sent.life())
                        .text("node", node.value())
                        .texts("notes", sent.notes().stream().map(String::valueOf).toList())
                        .number("report", sent.report())
                        .end());
        out.endList().beginList("sources");
        state.sources.forEach((_, source) -> write(source, out));
        out.endList().beginList("work");
        state.work.forEach((node, orders) -> write(node, orders, out));
        out.endList().end();
    }

    /**
     * @throws IllegalArgumentException if the bytes are not such a document
     */
    public static ClusterState decode(byte[] bytes) {
        return read(JsonStream.of(bytes));
    }

    /**
     * Reads what {@link #write} gave.
     *
     * @throws IllegalArgumentException if the bytes are not such a document
     */
    public static ClusterState read(JsonStream.Source bytes) {
        JsonStream in = new JsonStream(bytes);
        TreePMap<ResourceKey, Declared> declared = TreePMap.empty();
        for (JsonMembers entry : in.list("declared")) {
            declared = declared.plus(key(entry), declared(entry));
        }
        TreePMap<Position, NoteAge> notes = TreePMap.empty();
        for (JsonMembers note : in.list("notes")) {
            notes =
                    notes.plus(
                            new Position(note.number("position")),
                            new NoteAge(key(note), Instant.parse(note.text("lastSeen"))));
        }
        TreePMap<Uid, Ordered> ordered = TreePMap.empty();
        for (JsonMembers entry : in.list("ordered")) {
            ordered =
                    ordered.plus(
                            new Uid(entry.text("pod")),
                            new Ordered(
                                    new Position(entry.number("position")),
                                    new NodeName(entry.text("node")),
                                    WorkCodec.read(entry.members("work"))));
        }
        Position position = new Position(in.number("position"));
        TreePMap<ResourceKey, Resource> resources = TreePMap.empty();
        for (JsonMembers entry : in.list("resources")) {
            Resource resource = ResourceCodec.read(entry);
            resources = resources.plus(resource.key(), resource);
        }
        TreePMap<NodeName, SentNotes> sentNotes = TreePMap.empty();
        for (JsonMembers entry : in.list("sentNotes")) {
            List<Integer> places = entry.texts("notes").stream().map(Integer::valueOf).toList();
            sentNotes =
                    sentNotes.plus(
                            new NodeName(entry.text("node")),
                            new SentNotes(
                                    entry.text("life"),
                                    entry.number("report"),
                                    TreePSet.from(places)));
        }
        TreePMap<SourceName, SourceState> sources = TreePMap.empty();
        for (JsonMembers entry : in.list("sources")) {
            SourceState source = source(entry);
            sources = sources.plus(source.name(), source);
        }
        TreePMap<NodeName, TreePMap<Position, Work>> work = TreePMap.empty();
        for (JsonMembers entry : in.list("work")) {
            work = work.plus(new NodeName(entry.text("node")), orders(entry));
        }
        in.end();
        return Indexes.complete(
                position, resources, declared, sources, work, ordered, notes, sentNotes);
    }

    private static void write(ResourceKey key, Declared entry, JsonWriter out) {
        out.begin()
                .texts("annotations", entry.annotations())
                .text("apiVersion", entry.apiVersion())
                .json("body", entry.body());
        if (!entry.finalizers().isEmpty()) {
            out.texts("finalizers", entry.finalizers());
        }
        out.text("key", key.toString()).texts("labels", entry.labels());
        OwnersCodec.writeIfAny(entry.owners(), out);
        out.text("path", entry.path())
                .flag("realized", entry.realized())
                .text("source", entry.source().value())
                .end();
    }

    private static Declared declared(JsonMembers in) {
        return new Declared(
                new SourceName(in.text("source")),
                in.text("path"),
                in.text("apiVersion"),
                in.textMap("labels"),
                in.textMap("annotations"),
                OwnersCodec.readIfAny(in),
                in.has("finalizers") ? in.texts("finalizers") : List.of(),
                in.json("body"),
                in.flag("realized"));
    }

    private static void write(SourceState source, JsonWriter out) {
        out.begin();
        source.applied()
                .ifPresent(applied ->
                        out.begin("applied")
                                .number("at", applied.at().value())
                                .text("authorEmail", applied.info().authorEmail())
                                .text("authorName", applied.info().authorName())
                                .text("authoredAt", applied.info().authoredAt().toString())
                                .text("commit", applied.commit().value())
                                .text("message", applied.info().message())
                                .end());
        out.text("branch", source.branch());
        source.failure().ifPresent(failure -> out.text("failure", failure));
        source.held()
                .ifPresent(held ->
                        out.begin("held")
                                .text("commit", held.commit().value())
                                .text("message", held.message())
                                .text("reason", held.reason())
                                .end());
        out.text("name", source.name().value())
                .text("path", source.path())
                .flag("served", source.served())
                .text("url", source.url())
                .end();
    }

    private static SourceState source(JsonMembers in) {
        return new SourceState(
                new SourceName(in.text("name")),
                in.text("url"),
                in.text("branch"),
                in.text("path"),
                in.flag("served"),
                in.has("applied") ? Optional.of(applied(in.members("applied"))) : Optional.empty(),
                in.has("held") ? Optional.of(held(in.members("held"))) : Optional.empty(),
                in.has("failure") ? Optional.of(in.text("failure")) : Optional.empty());
    }

    private static SourceState.Applied applied(JsonMembers in) {
        CommitInfo info =
                new CommitInfo(
                        in.text("authorName"),
                        in.text("authorEmail"),
                        Instant.parse(in.text("authoredAt")),
                        in.text("message"));
        return new SourceState.Applied(
                new CommitId(in.text("commit")), info, new Position(in.number("at")));
    }

    private static SourceState.Held held(JsonMembers in) {
        return new SourceState.Held(
                new CommitId(in.text("commit")), in.text("reason"), in.text("message"));
    }

    private static void write(NodeName node, TreePMap<Position, Work> orders, JsonWriter out) {
        out.begin().text("node", node.value()).beginList("orders");
        orders.forEach((position, work) -> {
            out.begin().number("position", position.value()).begin("work");
            WorkCodec.write(work, out);
            out.end().end();
        });
        out.endList().end();
    }

    private static TreePMap<Position, Work> orders(JsonMembers in) {
        TreePMap<Position, Work> orders = TreePMap.empty();
        for (JsonMembers order : in.list("orders")) {
            orders =
                    orders.plus(
                            new Position(order.number("position")),
                            WorkCodec.read(order.members("work")));
        }
        return orders;
    }

    private static ResourceKey key(JsonMembers in) {
        return ResourceKey.parse(in.text("key"));
    }
}
