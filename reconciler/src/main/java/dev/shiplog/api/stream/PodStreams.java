package dev.shiplog.api.stream;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.SessionJournal;
import dev.shiplog.api.SessionJournal.Kind;
import dev.shiplog.api.SessionJournal.Outcome;
import dev.shiplog.api.Status;
import dev.shiplog.api.pods.Containers;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Resource;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Answers {@code …/pods/<name>/exec}, {@code attach} and {@code portforward}: checks everything
 * that can be checked before the connection changes its protocol, then lets the session talk.
 */
public final class PodStreams {
    private final Ledger ledger;
    private final PodSessions sessions;
    private final SessionJournal journal;
    private final Slots slots;
    private final Duration stall;
    private final Duration silence;

    public PodStreams(Ledger ledger, Streams streams) {
        this.ledger = ledger;
        this.sessions = streams.sessions();
        this.journal = streams.journal();
        this.slots = new Slots(streams.limits());
        this.stall = streams.limits().stall();
        this.silence = streams.limits().silence();
    }

    /** How many sessions there are. */
    public int count() {
        return slots.taken();
    }

    /** {@code …/pods/<name>/exec}. */
    public Reply exec(
            Request request, ServedResource served, Optional<String> namespace, String name) {
        CommandOptions options = CommandOptions.exec(request.query());
        Resource pod = pod(served, namespace, name);
        String container = container(request, pod);
        return command(
                request,
                pod,
                container,
                Kind.EXEC,
                options,
                terminal ->
                        new Outcome.Exited(
                                sessions.exec(pod, container, options.command(), terminal)));
    }

    /** {@code …/pods/<name>/attach}. */
    public Reply attach(
            Request request, ServedResource served, Optional<String> namespace, String name) {
        CommandOptions options = CommandOptions.attach(request.query());
        Resource pod = pod(served, namespace, name);
        String container = container(request, pod);
        return command(
                request,
                pod,
                container,
                Kind.ATTACH,
                options,
                terminal -> {
                    // As in Kubernetes: the exit code of a container is in its status.
                    sessions.attach(pod, container, terminal);
                    return new Outcome.Ended();
                });
    }

    /** {@code …/pods/<name>/portforward}. */
    public Reply portForward(
            Request request, ServedResource served, Optional<String> namespace, String name) {
        Resource pod = pod(served, namespace, name);
        requireNode(name, pod.body().toNode().path("spec"));
        boolean bare = requireUpgrade(request);
        Optional<String> offered = request.header("Sec-WebSocket-Protocol");
        if (bare || offers(offered, SpdyPortForward.PROTOCOL)) {
            if (bare) {
                requireSpdyProtocol(request, SpdyPortForward.BARE_PROTOCOL);
            }
            SpdyPortForward forward =
                    new SpdyPortForward(
                            sessions,
                            pod,
                            entry(request, Kind.PORT_FORWARD, pod, "", List.of()),
                            slots.take(request.identity()),
                            silence);
            return bare
                    ? new Reply.Spdy(SpdyPortForward.BARE_PROTOCOL, forward)
                    : new Reply.WebSocket(SpdyPortForward.PROTOCOL, forward);
        }
        ChannelProtocol protocol = ChannelProtocol.negotiate(offered, ChannelProtocol.PORTS);
        List<Integer> ports = ChannelPortForward.ports(request.query());
        return new Reply.WebSocket(
                protocol.text(),
                new ChannelPortForward(
                        sessions,
                        pod,
                        ports,
                        protocol,
                        entry(
                                request,
                                Kind.PORT_FORWARD,
                                pod,
                                "",
                                ports.stream().map(String::valueOf).toList()),
                        slots.take(request.identity())));
    }

    private static boolean offers(Optional<String> header, String protocol) {
        return Stream.of(header.orElse("").split(",", -1))
                .map(String::strip)
                .anyMatch(protocol::equals);
    }

    private Supplier<SessionJournal.Entry> entry(
            Request request, Kind kind, Resource pod, String container, List<String> command) {
        return () -> journal.opened(request.identity(), request, kind, pod, container, command);
    }

    private Reply command(
            Request request,
            Resource pod,
            String container,
            Kind kind,
            CommandOptions options,
            RemoteCommand.Run run) {
        if (requireUpgrade(request)) {
            requireSpdyProtocol(request, SpdyCommand.PROTOCOL);
            return new Reply.Spdy(
                    SpdyCommand.PROTOCOL,
                    new SpdyCommand(
                            options,
                            silence,
                            command(
                                    request,
                                    pod,
                                    container,
                                    kind,
                                    options,
                                    run,
                                    ChannelProtocol.V5)));
        }
        ChannelProtocol protocol =
                ChannelProtocol.negotiate(
                        request.header("Sec-WebSocket-Protocol"), ChannelProtocol.COMMANDS);
        return new Reply.WebSocket(
                protocol.text(), command(request, pod, container, kind, options, run, protocol));
    }

    private RemoteCommand command(
            Request request,
            Resource pod,
            String container,
            Kind kind,
            CommandOptions options,
            RemoteCommand.Run run,
            ChannelProtocol protocol) {
        return new RemoteCommand(
                options,
                protocol,
                stall,
                entry(request, kind, pod, container, options.command()),
                run,
                slots.take(request.identity()));
    }

    private Resource pod(ServedResource served, Optional<String> namespace, String name) {
        return ledger.state()
                .resource(served.key(namespace, name))
                .orElseThrow(() -> new ApiFailure(served.notFound(name)));
    }

    /** The container that is meant, of a pod that has a node. */
    private static String container(Request request, Resource pod) {
        JsonNode spec = pod.body().toNode().path("spec");
        String name = pod.key().name();
        String container = Containers.choose(name, spec, request.query().first("container"));
        requireNode(name, spec);
        return container;
    }

    private static void requireNode(String name, JsonNode spec) {
        if (spec.path("nodeName").asText("").isEmpty()) {
            throw new ApiFailure(
                    Status.badRequest("pod " + name + " does not have a host assigned"));
        }
    }

    /** Whether the client asks for bare SPDY; a WebSocket otherwise. */
    private static boolean requireUpgrade(Request request) {
        if (asksFor(request, "SPDY/3.1")) {
            return true;
        }
        if (!asksFor(request, "websocket")) {
            throw new ApiFailure(Status.badRequest("Upgrade request required"));
        }
        if (!request.method().equals("GET")) {
            throw new ApiFailure(Status.methodNotAllowed());
        }
        return false;
    }

    /**
     * @throws ApiFailure 403 if the client does not offer the subprotocol, as Kubernetes answers
     */
    private static void requireSpdyProtocol(Request request, String ours) {
        List<String> offered = request.headers("X-Stream-Protocol-Version");
        if (offered.stream().noneMatch(header -> offers(Optional.of(header), ours))) {
            throw new ApiFailure(
                    Status.of(
                            403,
                            "Forbidden",
                            "unable to upgrade: unable to negotiate protocol: client supports "
                                    + offered
                                    + ", server accepts ["
                                    + ours
                                    + "]"));
        }
    }

    private static boolean asksFor(Request request, String protocol) {
        return request.header("Connection")
                        .filter(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"))
                        .isPresent()
                && request.header("Upgrade").filter(protocol::equalsIgnoreCase).isPresent();
    }
}
