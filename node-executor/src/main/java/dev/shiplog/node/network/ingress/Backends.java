package dev.shiplog.node.network.ingress;

import io.undertow.client.UndertowClient;
import io.undertow.predicate.Predicates;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.ResponseCodeHandler;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.server.handlers.proxy.ProxyHandler;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import io.undertow.util.WorkerUtils;

import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The pods behind each target, with the connections that are open to them. They outlive a change of
 * what leads to them.
 */
final class Backends {
    private static final AttachmentKey<ProxyConnection> CONNECTION =
            AttachmentKey.create(ProxyConnection.class);

    private final Duration answer;
    private volatile Map<Target, Backend> backends = Map.of();

    /**
     * @param answer how long a pod may take to begin its answer
     */
    Backends(Duration answer) {
        this.answer = answer;
    }

    /**
     * @param hosts those that {@code client} spreads requests over
     */
    private record Backend(LoadBalancingProxyClient client, HttpHandler handler, Set<URI> hosts) {}

    /** From now on these are behind them. To be called by one thread at a time. */
    void apply(Map<Target, List<Followed.Address>> addresses) {
        Map<Target, Backend> before = backends;
        Map<Target, Backend> after = new LinkedHashMap<>();
        addresses.forEach((target, wanted) -> {
            Set<URI> hosts = new LinkedHashSet<>();
            wanted.forEach(address -> hosts.add(uri(address)));
            Backend backend = before.get(target);
            LoadBalancingProxyClient client = backend == null ? client() : backend.client();
            Set<URI> old = backend == null ? Set.of() : backend.hosts();
            hosts.stream().filter(host -> !old.contains(host)).forEach(client::addHost);
            old.stream().filter(host -> !hosts.contains(host)).forEach(client::removeHost);
            after.put(
                    target,
                    new Backend(
                            client, backend == null ? handler(client) : backend.handler(), hosts));
        });
        backends = after;
        before.forEach((target, gone) -> {
            if (!after.containsKey(target)) {
                gone.hosts().forEach(gone.client()::removeHost);
            }
        });
    }

    private static URI uri(Followed.Address address) {
        String host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        return URI.create("http://" + host + ":" + address.port());
    }

    /** What passes requests on; empty if nobody is there to answer them. */
    Optional<HttpHandler> handler(Target target) {
        Backend backend = backends.get(target);
        return backend == null || backend.hosts().isEmpty()
                ? Optional.empty()
                : Optional.of(backend.handler());
    }

    private static LoadBalancingProxyClient client() {
        return new LoadBalancingProxyClient(
                        UndertowClient.getInstance(),
                        // What is upgraded is the client's alone.
                        exchange -> exchange.getRequestHeaders().contains(Headers.UPGRADE))
                .setConnectionsPerThread(ProxyLimits.CONNECTIONS)
                .setMaxQueueSize(ProxyLimits.QUEUED)
                .setProblemServerRetry(ProxyLimits.AVOIDED_SECONDS);
    }

    /** A request that a pod has seen is never sent again: only connecting is tried again. */
    private HttpHandler handler(LoadBalancingProxyClient client) {
        HttpHandler proxy =
                ProxyHandler.builder()
                        .setProxyClient(new Connecting(client))
                        .setNext(ResponseCodeHandler.HANDLE_404)
                        .setMaxConnectionRetries(ProxyLimits.RETRIES)
                        .setIdempotentRequestPredicate(Predicates.falsePredicate())
                        .build();
        return exchange -> {
            XnioExecutor.Key timer =
                    WorkerUtils.executeAfter(
                            exchange.getIoThread(),
                            () -> giveUp(exchange),
                            answer.toMillis(),
                            TimeUnit.MILLISECONDS);
            exchange.addExchangeCompleteListener((_, next) -> {
                timer.remove();
                next.proceed();
            });
            proxy.handleRequest(exchange);
        };
    }

    /** Nothing but the beginning of an answer is waited for so long: the rest may take its time. */
    private static void giveUp(HttpServerExchange exchange) {
        if (exchange.isResponseStarted()) {
            return;
        }
        ProxyConnection connection = exchange.getAttachment(CONNECTION);
        if (connection != null) {
            IoUtils.safeClose(connection.getConnection());
        }
        if (!exchange.isResponseStarted()) {
            exchange.setStatusCode(StatusCodes.GATEWAY_TIME_OUT);
            exchange.endExchange();
        }
    }

    /** Connects, within a time. */
    private record Connecting(LoadBalancingProxyClient client) implements ProxyClient {
        @Override
        public ProxyTarget findTarget(HttpServerExchange exchange) {
            return client.findTarget(exchange);
        }

        @Override
        public void getConnection(
                ProxyTarget target,
                HttpServerExchange exchange,
                ProxyCallback<ProxyConnection> callback,
                long timeout,
                TimeUnit unit) {
            AtomicBoolean answered = new AtomicBoolean();
            XnioExecutor.Key timer =
                    WorkerUtils.executeAfter(
                            exchange.getIoThread(),
                            () -> {
                                if (answered.compareAndSet(false, true)) {
                                    callback.failed(exchange);
                                }
                            },
                            ProxyLimits.CONNECT.toMillis(),
                            TimeUnit.MILLISECONDS);
            client.getConnection(
                    target, exchange, new Once(callback, answered, timer), timeout, unit);
        }

        @Override
        public List<ProxyTarget> getAllTargets() {
            return client.getAllTargets();
        }
    }

    /** Tells the first that happens, and no more. */
    private record Once(
            ProxyCallback<ProxyConnection> callback, AtomicBoolean answered, XnioExecutor.Key timer)
            implements ProxyCallback<ProxyConnection> {
        private boolean first() {
            timer.remove();
            return answered.compareAndSet(false, true);
        }

        @Override
        public void completed(HttpServerExchange exchange, ProxyConnection result) {
            if (first()) {
                exchange.putAttachment(CONNECTION, result);
                callback.completed(exchange, result);
            } else {
                IoUtils.safeClose(result.getConnection());
            }
        }

        @Override
        public void failed(HttpServerExchange exchange) {
            if (first()) {
                callback.failed(exchange);
            }
        }

        @Override
        public void couldNotResolveBackend(HttpServerExchange exchange) {
            if (first()) {
                callback.couldNotResolveBackend(exchange);
            }
        }

        @Override
        public void queuedRequestFailed(HttpServerExchange exchange) {
            if (first()) {
                callback.queuedRequestFailed(exchange);
            }
        }
    }
}
