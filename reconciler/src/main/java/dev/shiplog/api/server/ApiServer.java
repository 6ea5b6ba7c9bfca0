package dev.shiplog.api.server;

import dev.shiplog.api.Route;
import dev.shiplog.api.beside.BesideRequests;
import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.api.delete.Deletes;
import dev.shiplog.api.delete.Evictions;
import dev.shiplog.api.discovery.Discovery;
import dev.shiplog.api.git.GitMount;
import dev.shiplog.api.http.HttpListener;
import dev.shiplog.api.logs.LogReads;
import dev.shiplog.api.openapi.OpenApi;
import dev.shiplog.api.read.Lists;
import dev.shiplog.api.read.Revisions;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.watch.ChangeLog;
import dev.shiplog.api.watch.Watches;
import dev.shiplog.api.write.Commands;
import dev.shiplog.api.write.Commits;
import dev.shiplog.api.write.Writes;
import dev.shiplog.decide.RandomIds;
import dev.shiplog.resource.kind.Kinds;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/** The kubectl-compatible server, running. */
public final class ApiServer implements AutoCloseable {
    private final HttpListener listener;
    private final ChangeLog changes;
    private final Watches watches;
    private final BesideStore beside;

    private ApiServer(
            HttpListener listener, ChangeLog changes, Watches watches, BesideStore beside) {
        this.listener = listener;
        this.changes = changes;
        this.watches = watches;
        this.beside = beside;
    }

    /**
     * Begins to serve.
     *
     * @throws java.io.UncheckedIOException if the port is taken
     */
    public static ApiServer start(ApiConfig config) {
        ServedResources served = new ServedResources(Kinds.all(), config.secrets());
        Revisions revisions = new Revisions(config.ledger());
        ChangeLog changes = new ChangeLog(config.ledger());
        Watches watches = new Watches(changes, revisions, config.clock());
        Commands commands =
                new Commands(
                        config.ledger(), new RandomIds(new SecureRandom()), config.clock());
        Commits commits = new Commits(config.declarations());
        Deletes deletes = new Deletes(commands, commits);
        Resources resources =
                new Resources(
                        served,
                        config.authorizer(),
                        new Lists(revisions, config.clock()),
                        watches,
                        new LogReads(config.ledger(), config.logs(), config.clock()),
                        new Writes(commits, commands),
                        deletes,
                        new Evictions(commands, deletes),
                        new BesideRequests(
                                config.beside(), config.ledger()::state, config.clock()));
        Router router =
                new Router(
                        config.authorizer(),
                        new Discovery(served),
                        new OpenApi(served),
                        resources,
                        routes(config));
        Authentications authentications = new Authentications(config.token());
        try {
            HttpListener listener =
                    HttpListener.start(
                            config.bind(),
                            config.port(),
                            config.tls(),
                            config.writeStall(),
                            authentications::identify,
                            router);
            return new ApiServer(listener, changes, watches, config.beside());
        } catch (RuntimeException e) {
            changes.close();
            throw e;
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** How many watches are under way. */
    public int watchers() {
        return watches.count();
    }

    /** Ends watches, then stops listening; within about a second. */
    @Override
    public void close() {
        changes.close();
        beside.close();
        listener.close();
    }

    private static List<Route> routes(ApiConfig config) {
        List<Route> routes = new ArrayList<>();
        config.git()
                .ifPresent(git ->
                        routes.add(new Route("*", GitMount.PREFIX, new GitMount(git)::handle)));
        routes.addAll(config.routes());
        return routes;
    }
}
