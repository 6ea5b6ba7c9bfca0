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
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/** The proxy in this process: Undertow's, told where to send what. */
final class InProcessProxy implements Proxy {
    private final Backends backends;
    private final HostKeys keys;
    private final Undertow server;
    private volatile Routes routes = Routes.NONE;

    private InProcessProxy(
            ClusterIngress.Settings settings, int httpPort, int httpsPort, AccessLog accessLog)
            throws GeneralSecurityException {
        InetAddress address = settings.address();
        backends = new Backends(settings.answer());
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
                        .setHandler(
                                new RequestLines(accessLog, InstantSource.system())
                                        .logging(this::route))
                        .build();
    }

    /** Begins to listen. */
    static InProcessProxy start(ClusterIngress.Settings settings, AccessLog accessLog)
            throws IOException {
        InetAddress address = settings.address();
        try {
            InProcessProxy proxy =
                    new InProcessProxy(
                            settings,
                            ListenPorts.free(address, settings.httpPorts()),
                            ListenPorts.free(address, settings.httpsPorts()),
                            accessLog);
            proxy.server.start();
            return proxy;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("the proxy does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public void apply(ProxyConfig config) {
        keys.show(config.certificates());
        backends.apply(config.addresses());
        routes = config.routes();
    }

    @Override
    public ClusterIngress.Listening listening() {
        return new ClusterIngress.Listening(port(0), port(1));
    }

    @Override
    public boolean alive() {
        return true;
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
            say(exchange, StatusCodes.SERVICE_UNAVAILABLE, "503: no pod is ready behind this name");
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
