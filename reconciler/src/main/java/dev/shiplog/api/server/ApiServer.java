package dev.shiplog.api.server;

import dev.shiplog.api.Handler;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.auth.AdminTokenAuthenticator;
import dev.shiplog.api.auth.PushRights;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.api.auth.limit.RequestLimits;
import dev.shiplog.api.beside.BesideRequests;
import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.api.delete.Deletes;
import dev.shiplog.api.delete.Evictions;
import dev.shiplog.api.discovery.Discovery;
import dev.shiplog.api.events.ClientEvents;
import dev.shiplog.api.git.GitMount;
import dev.shiplog.api.logs.LogReads;
import dev.shiplog.api.metrics.MetricsApi;
import dev.shiplog.api.openapi.OpenApi;
import dev.shiplog.api.proxy.Proxies;
import dev.shiplog.api.read.Lists;
import dev.shiplog.api.read.Revisions;
import dev.shiplog.api.review.Reviews;
import dev.shiplog.api.review.TokenRequests;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.stream.PodStreams;
import dev.shiplog.api.watch.ChangeLog;
import dev.shiplog.api.watch.Watches;
import dev.shiplog.api.write.Commands;
import dev.shiplog.api.write.Commits;
import dev.shiplog.api.write.Writes;
import dev.shiplog.decide.RandomIds;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.source.Pusher;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The kubectl-compatible server, running. */
public final class ApiServer implements AutoCloseable {
    private final Doorway doorway;
    private final ChangeLog changes;
    private final Watches watches;
    private final PodStreams streams;
    private final BesideStore beside;

    private ApiServer(
            Doorway doorway,
            ChangeLog changes,
            Watches watches,
            PodStreams streams,
            BesideStore beside) {
        this.streams = streams;
        this.doorway = doorway;
        this.changes = changes;
        this.watches = watches;
        this.beside = beside;
    }

    /**
     * Begins to listen and to serve.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public static ApiServer start(ApiConfig config) {
        try {
            return start(
                    config,
                    Doorway.open(
                            config.bind(),
                            config.port(),
                            config.tls(),
                            config.writeStall(),
                            config.streams().limits()));
        } catch (BindException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to serve at a port that is open already; it is closed with this server. */
    public static ApiServer start(ApiConfig config, Doorway doorway) {
        Parts parts = parts(config);
        doorway.lead(new Doorway.Host(parts.authentications()::identify, parts.handler()));
        return new ApiServer(
                doorway, parts.changes(), parts.watches(), parts.streams(), config.beside());
    }

    /** All of it but HTTP itself. */
    record Parts(
            Handler handler,
            Authentications authentications,
            ChangeLog changes,
            Watches watches,
            PodStreams streams) {}

    static Parts parts(ApiConfig config) {
        ServedResources served =
                new ServedResources(Kinds.all(), config.secrets(), Reviews.served());
        Revisions revisions = new Revisions(config.ledger());
        ChangeLog changes = new ChangeLog(config.ledger());
        Watches watches = new Watches(changes, revisions, config.clock());
        Access access = new Access(config.authorizer(), config.access().refusals());
        TokenAuthenticator tokens = TokenAuthenticator.firstOf(tokens(config));
        PodStreams streams = new PodStreams(config.ledger(), config.streams());
        Commands commands =
                new Commands(config.ledger(), new RandomIds(new SecureRandom()), config.clock());
        Commits commits = new Commits(config.declarations());
        Deletes deletes = new Deletes(commands, commits);
        Resources resources =
                new Resources(
                        served,
                        access,
                        config.access()
                                .accounts()
                                .map(accounts ->
                                        new TokenRequests(accounts, config.ledger()::state)),
                        new Lists(revisions, config.clock()),
                        watches,
                        subresources(config, streams),
                        new Writes(commits, commands, config.access().guard()),
                        deletes,
                        new Evictions(commands),
                        new ClientEvents(config.ledger(), config.clock()),
                        new BesideRequests(
                                config.beside(),
                                config.ledger()::state,
                                config.clock(),
                                config.access().guard()));
        Router router =
                new Router(
                        access,
                        served,
                        new Reviews(access, config.access().rbac(), tokens),
                        new Discovery(served),
                        new OpenApi(served),
                        resources,
                        new MetricsApi(
                                config.ledger(),
                                served,
                                access,
                                config.streams().sessions(),
                                config.clock()),
                        routes(config, access));
        Authentications authentications = new Authentications(tokens, access);
        Gate gate =
                new Gate(router, new RequestLimits(System::nanoTime), config.access().refusals());
        return new Parts(gate, authentications, changes, watches, streams);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return doorway.address();
    }

    /** How many watches are under way. */
    public int watchers() {
        return watches.count();
    }

    /** How many sessions into pods are under way. */
    public int sessions() {
        return streams.count();
    }

    /** Ends watches, then stops listening; within about a second. */
    @Override
    public void close() {
        changes.close();
        beside.close();
        doorway.close();
    }

    private static List<TokenAuthenticator> tokens(ApiConfig config) {
        List<TokenAuthenticator> tokens = new ArrayList<>();
        config.token().ifPresent(token -> tokens.add(new AdminTokenAuthenticator(token)));
        config.access().accounts().ifPresent(tokens::add);
        tokens.addAll(config.access().tokens());
        return tokens;
    }

    /** What stands below single resources, by {@code <plural>/<subresource>}. */
    private static Map<String, SubresourceHandler> subresources(
            ApiConfig config, PodStreams streams) {
        LogReads logs = new LogReads(config.ledger(), config.logs(), config.clock());
        Proxies proxies = new Proxies(config.ledger(), config.streams().sessions());
        return Map.of(
                "pods/log", logs::read,
                "pods/exec", streams::exec,
                "pods/attach", streams::attach,
                "pods/portforward", streams::portForward,
                "pods/proxy", proxies::pod,
                "services/proxy", proxies::service,
                "nodes/proxy", proxies::node);
    }

    private static List<Route> routes(ApiConfig config, Access access) {
        List<Route> routes = new ArrayList<>();
        config.git()
                .map(git -> new GitMount(git, access, request -> pusher(config, request)))
                .ifPresent(mount -> routes.add(new Route("*", GitMount.PREFIX, mount::handle)));
        config.access()
                .accounts()
                .map(IssuerRoutes::new)
                .ifPresent(issuer -> routes.addAll(issuer.all()));
        routes.addAll(config.routes());
        return routes;
    }

    private static Pusher pusher(ApiConfig config, Request request) {
        return PushRights.pusher(
                config.authorizer(),
                config.access().guard(),
                config.access().refusals(),
                request.identity(),
                request.remote());
    }
}
