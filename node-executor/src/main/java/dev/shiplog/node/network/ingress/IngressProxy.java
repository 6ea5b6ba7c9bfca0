package dev.shiplog.node.network.ingress;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.CanonicalPathUtils;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/** The proxy: Undertow's, told where to send what. */
final class IngressProxy implements AutoCloseable {
    private final Backends backends;
    private final HostKeys keys;
    private final Undertow server;
    private volatile Routes routes = Routes.NONE;

    private IngressProxy(
            InetAddress address, int httpPort, int httpsPort, AccessLog accessLog)
            throws GeneralSecurityException {
        backends = new Backends();
        keys = new HostKeys();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keys}, null, null);
        server =
                Undertow.builder()
                        .setIoThreads(ProxyLimits.THREADS)
                        .setWorkerThreads(ProxyLimits.THREADS)
                        .addHttpListener(httpPort, address.getHostAddress())
                        .addHttpsListener(httpsPort, address.getHostAddress(), context)
                        .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                        .setServerOption(
                                UndertowOptions.IDLE_TIMEOUT, (int) ProxyLimits.IDLE.toMillis())
                        .setServerOption(
                                UndertowOptions.NO_REQUEST_TIMEOUT,
                                (int) ProxyLimits.NEXT_REQUEST.toMillis())
                        .setServerOption(UndertowOptions.MAX_PARAMETERS, ProxyLimits.PARAMETERS)
                        .setServerOption(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
                        .setServerOption(UndertowOptions.ALWAYS_SET_DATE, false)
                        .setHandler(accessLog.logging(this::route))
                        .build();
    }

    /**
     * Begins to listen.
     *
     * @param httpPorts the first that is free is taken; 0 is always free
     */
    static IngressProxy start(
            InetAddress address,
            List<Integer> httpPorts,
            List<Integer> httpsPorts,
            AccessLog accessLog)
            throws IOException {
        try {
            IngressProxy proxy =
                    new IngressProxy(
                            address,
                            free(address, httpPorts),
                            free(address, httpsPorts),
                            accessLog);
            proxy.server.start();
            return proxy;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the proxy does not start: " + e.getMessage(), e);
        }
    }

    private static int free(InetAddress address, List<Integer> ports) throws IOException {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(address, port));
                return port;
            } catch (IOException _) {
                // Taken, or not allowed: the next.
            }
        }
        throw new IOException("expected one of the ports " + ports + " to be free, found none");
    }

    void apply(ProxyConfig config) {
        keys.show(config.certificates());
        backends.apply(config.addresses());
        routes = config.routes();
    }

    int httpPort() {
        return port(0);
    }

    int httpsPort() {
        return port(1);
    }

    private int port(int listener) {
        return ((InetSocketAddress) server.getListenerInfo().get(listener).getAddress()).getPort();
    }

    private void route(HttpServerExchange exchange) throws Exception {
        String host = exchange.getHostName() == null ? "" : exchange.getHostName();
        Optional<Target> target =
                routes.find(
                        host.toLowerCase(Locale.ROOT),
                        CanonicalPathUtils.canonicalize(exchange.getRequestPath()));
        if (target.isEmpty()) {
            say(exchange, StatusCodes.NOT_FOUND, "404: no Ingress has a rule for this");
            return;
        }
        Optional<HttpHandler> handler = backends.handler(target.get());
        if (handler.isEmpty()) {
            say(
                    exchange,
                    StatusCodes.SERVICE_UNAVAILABLE,
                    "503: no pod is ready behind this name");
            return;
        }
        // One who asks does not say who asked before him.
        exchange.getRequestHeaders().remove(Headers.X_FORWARDED_HOST);
        handler.get().handleRequest(exchange);
    }

    private static void say(HttpServerExchange exchange, int status, String text) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(text + "\n");
    }

    @Override
    public void close() {
        server.stop();
    }
}
