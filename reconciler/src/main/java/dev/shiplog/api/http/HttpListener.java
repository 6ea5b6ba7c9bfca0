package dev.shiplog.api.http;

import dev.shiplog.api.Handler;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Request;
import dev.shiplog.api.StreamLimits;
import dev.shiplog.api.tls.TlsFiles;

import io.helidon.common.tls.Tls;
import io.helidon.common.tls.TlsClientAuth;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import javax.net.ssl.SSLContext;

/**
 * A TLS listener. Client certificates are asked for and not required; one that our authority did
 * not sign ends the handshake.
 *
 * <p>What a bad peer can hold is bounded: connections in number; headers in bytes; silence, and a
 * reply that is not read, in time.
 */
public final class HttpListener implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 20_000;
    private static final int MAX_REQUEST_LINE_BYTES = 16 * 1024;
    private static final int MAX_HEADERS_BYTES = 64 * 1024;

    /** A connection on which nothing arrives for so long is closed; a handshake likewise. */
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(2);

    /** How long a stop lets requests finish. */
    private static final Duration SHUTDOWN_GRACE = Duration.ofMillis(500);

    /** The library announces itself at every start; held here, or the level would be forgotten. */
    private static final Logger LIBRARY = Logger.getLogger("io.helidon");

    private final WebServer server;
    private final WriteStalls stalls;
    private final InetAddress address;

    private HttpListener(WebServer server, WriteStalls stalls, InetAddress address) {
        this.server = server;
        this.stalls = stalls;
        this.address = address;
    }

    /** Who a request comes from, by what it carries beside a client certificate. */
    public interface Authentication {
        /**
         * @param certified who the verified client certificate says it is; anonymous without one
         */
        Identity identify(Identity certified, Request request);
    }

    /**
     * Begins to listen.
     *
     * @param port 0 to have a free one chosen
     * @param writeStall how long a reader may leave a reply unread before it is cut off
     * @throws BindException if somebody else listens there
     */
    public static HttpListener start(
            InetAddress address,
            int port,
            TlsFiles tls,
            Duration writeStall,
            StreamLimits limits,
            Authentication authentication,
            Handler handler)
            throws BindException {
        if (LIBRARY.getLevel() == null) {
            LIBRARY.setLevel(Level.WARNING);
        }
        requireFree(address, port);
        WriteStalls stalls = new WriteStalls(writeStall);
        WebServer server =
                WebServer.builder()
                        .address(address)
                        .port(port)
                        .tls(tls(tls))
                        .useNio(false)
                        .shutdownHook(false)
                        .featuresDiscoverServices(false)
                        .protocolsDiscoverServices(false)
                        .concurrencyLimitDiscoverServices(false)
                        .contentEncoding(encodings())
                        .maxTcpConnections(MAX_CONNECTIONS)
                        .shutdownGracePeriod(SHUTDOWN_GRACE)
                        .connectionOptions(options ->
                                options.readTimeout(READ_TIMEOUT)
                                        .socketKeepAlive(true)
                                        .tcpNoDelay(true))
                        .addConnectionSelector(
                                new TrackedConnections(
                                        Http1ConnectionSelector.builder().config(http1()).build()))
                        .routing(
                                HttpRouting.builder()
                                        .any(
                                                new Exchange(
                                                                handler,
                                                                authentication,
                                                                stalls,
                                                                new ClientCertificates(
                                                                        tls.authority()
                                                                                .certificate()),
                                                                limits,
                                                                BodyBudget.ofHeap())
                                                        ::handle))
                        .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            stalls.close();
            throw e;
        }
        if (!server.isRunning()) {
            // The library only logs why.
            stalls.close();
            throw new BindException(
                    "nothing can listen on " + address.getHostAddress() + ", port " + port);
        }
        return new HttpListener(server, stalls, address);
    }

    /**
     * Spares the log what the library says of a port that is taken, which is no trouble where
     * another is taken then. What counts is whether it listens afterwards.
     */
    private static void requireFree(InetAddress address, int port) throws BindException {
        try (ServerSocket look = new ServerSocket()) {
            look.bind(new InetSocketAddress(address, port));
        } catch (BindException taken) {
            throw taken;
        } catch (IOException unclear) {
            LIBRARY.log(Level.FINE, "looking whether a port is free", unclear);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(address, server.port());
    }

    /** Stops listening and ends what is under way, within about a second. */
    @Override
    public void close() {
        server.stop();
        stalls.close();
    }

    private static Http1Config http1() {
        return Http1Config.builder()
                .maxPrologueLength(MAX_REQUEST_LINE_BYTES)
                .maxHeadersSize(MAX_HEADERS_BYTES)
                .build();
    }

    private static ContentEncodingContext encodings() {
        return ContentEncodingContext.builder()
                .contentEncodingsDiscoverServices(false)
                .addContentEncoding(new ZippedBodies())
                .build();
    }

    private static Tls tls(TlsFiles files) {
        try {
            SSLContext context = TlsContexts.server(files);
            return Tls.builder()
                    .sslContext(context)
                    .clientAuth(TlsClientAuth.OPTIONAL)
                    .applicationProtocols(List.of("http/1.1"))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the certificates in " + files.folder() + " cannot be used", e);
        }
    }
}
