package dev.shiplog.link.remote;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.auth.node.NodeRules;
import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.link.ControlPlane;
import dev.shiplog.node.link.ControlPlane.Introduction;
import dev.shiplog.node.link.wire.LinkCodec;
import dev.shiplog.node.link.wire.LinkPaths;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers nodes on other machines: carries what they say to the {@link ControlPlane} of this
 * process, and what it says to them.
 *
 * <p>Invariants: a node speaks for itself alone, and of its own pods; it has one stream of orders,
 * the newest; a report that was recorded and not answered is not recorded again when it is
 * repeated. What is remembered here spares the work; that it holds across a restart is the log's
 * doing, where every note of a node has its id.
 */
public final class NodeLinks implements AutoCloseable {
    /** How often a stream says that it lives. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

    /** The longest report: {@code Reporter.MOST_PODS} pods and their notes. */
    private static final int BODY_BYTES = 64 << 20;

    /** What a node may follow; of Secrets the view shows what is a node's business. */
    private static final Set<String> SEEN =
            Set.of(
                    "ConfigMap",
                    "Endpoints",
                    "EndpointSlice.discovery.k8s.io",
                    "Ingress.networking.k8s.io",
                    "IngressClass.networking.k8s.io",
                    "Namespace",
                    "Node",
                    "Pod",
                    "Secret",
                    "Service");

    private final ControlPlane controlPlane;
    private final ClusterView view;
    private final Supplier<ClusterState> state;
    private final WriteGuard guard;
    private final InstantSource clock;
    private final Map<NodeName, NodeStream> streams = new ConcurrentHashMap<>();
    private final Map<NodeName, Recorded> recorded = new ConcurrentHashMap<>();
    private final RemoteSessions sessions = new RemoteSessions(this::stream);
    private volatile boolean closed;

    /** The newest report of a node that was recorded. */
    private record Recorded(String session, long number) {}

    /**
     * @param guard looks at what nodes say of themselves
     */
    public NodeLinks(
            ControlPlane controlPlane,
            ClusterView view,
            Supplier<ClusterState> state,
            WriteGuard guard,
            InstantSource clock) {
        this.clock = clock;
        this.controlPlane = controlPlane;
        this.view = view;
        this.state = state;
        this.guard = guard;
    }

    /** Where nodes are answered. */
    public Route route() {
        return new Route("*", LinkPaths.NODES, this::answer);
    }

    /** Sessions with the pods of the nodes that are connected here. */
    public RemoteSessions sessions() {
        return sessions;
    }

    /** The stream to a node that is connected. */
    private Optional<NodeStream> stream(NodeName node) {
        return Optional.ofNullable(streams.get(node)).filter(NodeStream::live);
    }

    private Reply answer(Request request) throws IOException, InterruptedException {
        String[] parts = request.rawPath().substring(LinkPaths.NODES.length()).split("/", -1);
        if (parts.length < 3) {
            throw new ApiFailure(Status.noSuchPath());
        }
        NodeName node = itself(request.identity(), parts[1]);
        return switch (request.method() + " " + parts[2]) {
            case "POST " + LinkPaths.CONNECT ->
                    connect(node, request.identity(), said(request, LinkCodec::hello));
            case "POST " + LinkPaths.INTRODUCE -> {
                Introduction introduction = said(request, LinkCodec::introduction);
                look(node, request.identity(), introduction);
                controlPlane.introduce(introduction);
                yield done();
            }
            case "POST " + LinkPaths.REPORT -> report(node, said(request, LinkCodec::report));
            case "POST " + LinkPaths.RENEW -> {
                controlPlane.renew(node);
                yield done();
            }
            case "POST " + LinkPaths.TOKEN -> token(node, said(request, LinkCodec::tokenAsked));
            case "GET " + LinkPaths.SESSIONS ->
                    sessions.callBack(node, parts.length > 3 ? parts[3] : "");
            case "GET " + LinkPaths.VIEW -> follow(request.identity(), request.query());
            default -> throw new ApiFailure(Status.noSuchPath());
        };
    }

    /** What a node said; one that speaks another language is told so. */
    private static <T> T said(Request request, Function<byte[], T> codec) throws IOException {
        byte[] body = request.body(BODY_BYTES);
        try {
            return codec.apply(body);
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("this is no message of a node: " + e.getMessage()), e);
        }
    }

    private static Reply done() {
        return Reply.json(200, Json.EMPTY.bytes());
    }

    /** Whoever asks must be the node that the path names. */
    private static NodeName itself(Identity who, String name) {
        return NodeRules.node(who)
                .filter(node -> node.value().equals(name))
                .orElseThrow(() ->
                        new ApiFailure(
                                Status.of(
                                        403,
                                        "Forbidden",
                                        "expected the certificate of system:node:"
                                                + name
                                                + ", found that of "
                                                + who.name())));
    }

    // ---- orders ----

    private Reply connect(NodeName node, Identity who, LinkCodec.Hello hello) {
        look(node, who, hello.introduction());
        return Reply.stream(
                200,
                "application/x-ndjson",
                out -> {
                    NodeStream stream = new NodeStream(out.out());
                    out.whenGone(stream::end);
                    NodeStream before = streams.put(node, stream);
                    if (before != null) {
                        before.end();
                    }
                    // The first line is the yes, however long the orders take.
                    stream.write(new byte[0]);
                    try (ControlPlane.Connection _ =
                            controlPlane.connect(
                                    hello::introduction,
                                    hello::running,
                                    order -> stream.send(new LinkCodec.Down.Ordered(order)))) {
                        if (!closed) {
                            stream.keepAlive(KEEP_ALIVE, () -> holds(who));
                        }
                    } finally {
                        stream.end();
                        streams.remove(node, stream);
                    }
                });
    }

    /** Whether a node may say this of itself. */
    private void look(NodeName node, Identity who, Introduction introduction) {
        if (!introduction.node().equals(node)) {
            throw new ApiFailure(
                    Status.of(
                            403,
                            "Forbidden",
                            "expected node "
                                    + node
                                    + " to introduce itself, found "
                                    + introduction.node()));
        }
        ResourceKey key = ResourceKey.node(node);
        Optional<Resource> before = state.get().resource(key);
        guard.objection(
                        who,
                        new WriteGuard.Write(
                                before.isPresent() ? "update" : "create",
                                Kinds.of(GroupKind.NODE).orElseThrow(),
                                key,
                                "",
                                before.map(Resource::document),
                                Optional.of(document(introduction, before))))
                .ifPresent(objection -> {
                    throw new ApiFailure(objection);
                });
    }

    /** The Node as it would be: what people said of it stays. */
    private static Json document(Introduction introduction, Optional<Resource> before) {
        var document =
                before.map(node -> node.document().toObject())
                        .orElseGet(() -> introduction.body().toObject());
        introduction
                .labels()
                .forEach(document.withObjectProperty("metadata").withObjectProperty("labels")::put);
        return Json.of(document);
    }

    // ---- reports ----

    private Reply report(NodeName node, LinkCodec.Report report) {
        Recorded last = recorded.get(node);
        if (last != null
                && last.session().equals(report.session())
                && last.number() >= report.number()) {
            return done();
        }
        ClusterState now = state.get();
        for (PodReport pod : report.pods()) {
            own(now, node, pod.pod(), pod.uid());
        }
        List<Note> notes =
                report.notes().stream()
                        .map(note -> {
                            own(now, node, note.about(), note.uid());
                            return note.on(node);
                        })
                        .toList();
        controlPlane.report(node, report.pods(), report.acknowledged(), notes);
        recorded.put(node, new Recorded(report.session(), report.number()));
        return done();
    }

    /** A token says who a pod is: only the node that runs the pod gets it. */
    private Reply token(NodeName node, LinkCodec.TokenAsked asked) {
        own(state.get(), node, asked.pod(), asked.uid());
        return Reply.json(
                200,
                LinkCodec.tokenReply(
                        controlPlane.token(
                                node,
                                asked.pod(),
                                asked.uid(),
                                asked.audience(),
                                asked.seconds())));
    }

    /** What is gone may be spoken of: nothing comes of it. */
    private static void own(ClusterState state, NodeName node, ResourceKey key, Uid uid) {
        boolean foreign =
                !key.equals(ResourceKey.node(node))
                        && state.resource(key)
                                .filter(resource -> resource.uid().equals(uid))
                                .isPresent()
                        && !state.podsOn(node).contains(key);
        if (foreign) {
            throw new ApiFailure(
                    Status.of(
                            403,
                            "Forbidden",
                            "node \"" + node + "\" can only report its own pods, found " + key));
        }
    }

    // ---- the view ----

    private Reply follow(Identity who, Query query) {
        Set<GroupKind> kinds = new TreeSet<>();
        for (String kind : query.parameters().getOrDefault("kind", List.of())) {
            if (!SEEN.contains(kind)) {
                throw new ApiFailure(Status.of(403, "Forbidden", "a node does not follow " + kind));
            }
            kinds.add(GroupKind.parse(kind));
        }
        return Reply.stream(
                200,
                "application/x-ndjson",
                out -> {
                    NodeStream stream = new NodeStream(out.out());
                    out.whenGone(stream::end);
                    stream.write(new byte[0]);
                    try (ClusterView.Subscription _ =
                            view.follow(kinds, update -> stream.write(LinkCodec.update(update)))) {
                        stream.keepAlive(KEEP_ALIVE, () -> holds(who));
                    } finally {
                        stream.end();
                    }
                });
    }

    /** Whether the node's certificate still holds: a stream ends with it. */
    private boolean holds(Identity who) {
        return who.until().filter(end -> !clock.instant().isBefore(end)).isEmpty();
    }

    /** Ends all streams; the nodes try again until there is a control plane. */
    @Override
    public void close() {
        closed = true;
        streams.values().forEach(NodeStream::end);
    }
}
