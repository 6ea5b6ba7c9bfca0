package dev.shiplog.api.server;

import dev.shiplog.api.Route;
import dev.shiplog.api.beside.BesideRequests;
import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.api.delete.Deletes;
import dev.shiplog.api.discovery.Discovery;
import dev.shiplog.api.discovery.OpenApi;
import dev.shiplog.api.events.ClientEvents;
import dev.shiplog.api.git.GitMount;
import dev.shiplog.api.http.HttpListener;
import dev.shiplog.api.logs.LogReads;
import dev.shiplog.api.read.Lists;
import dev.shiplog.api.read.Revisions;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.watch.ChangeLog;
import dev.shiplog.api.watch.Watches;
import dev.shiplog.resource.kind.Kinds;

import java.net.InetSocketAddress;
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
        Resources resources =
                new Resources(
                        served,
                        config.authorizer(),
                        new Lists(revisions, config.clock()),
                        watches,
                        new LogReads(config.ledger(), config.logs(), config.clock()),
                        new Deletes(config.ledger(), config.clock()),
                        new ClientEvents(config.ledger(), config.clock()),
                        new BesideRequests(
                                config.beside(), config.ledger()::state, config.clock()),
                        "shiplog clone DIR");
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
