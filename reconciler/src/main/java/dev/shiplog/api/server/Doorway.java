package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Handler;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.StreamLimits;
import dev.shiplog.api.http.HttpListener;
import dev.shiplog.api.tls.TlsFiles;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The open port, while the cluster behind it is still being read from its log. That the program
 * lives is answered at once; whatever else is asked waits until there is somebody to answer.
 */
public final class Doorway implements AutoCloseable {
    /** Only this asks nothing of the cluster; {@code /readyz} is about it. */
    private static final String ALIVE = "/livez";

    /** How long a request waits for the cluster; a start that takes longer has failed. */
    private static final long PATIENCE_SECONDS = 60;

    /** Who answers from some moment on. */
    record Host(HttpListener.Authentication authentication, Handler handler) {}

    private final CompletableFuture<Host> host = new CompletableFuture<>();
    private final HttpListener listener;

    private Doorway(
            InetAddress bind, int port, TlsFiles tls, Duration writeStall, StreamLimits limits)
            throws BindException {
        this.listener =
                HttpListener.start(
                        bind, port, tls, writeStall, limits, this::identify, this::handle);
    }

    /**
     * Begins to listen.
     *
     * @param port 0 to have a free one chosen
     * @param writeStall how long a reader may leave a reply unread before it is cut off
     * @throws BindException if the port is taken
     */
    public static Doorway open(
            InetAddress bind, int port, TlsFiles tls, Duration writeStall, StreamLimits limits)
            throws BindException {
        return new Doorway(bind, port, tls, writeStall, limits);
    }

    /** From now on, and for those who wait. */
    void lead(Host to) {
        host.complete(to);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Those who still wait are told that nobody will answer. */
    @Override
    public void close() {
        host.completeExceptionally(new IOException("the server stops"));
        listener.close();
    }

    private Identity identify(Identity certified, Request request) {
        return early(request) ? certified : host().authentication().identify(certified, request);
    }

    private Reply handle(Request request) throws IOException, InterruptedException {
        return early(request) ? Reply.text(200, "ok") : host().handler().handle(request);
    }

    private boolean early(Request request) {
        return !host.isDone() && request.rawPath().equals(ALIVE) && Router.reads(request);
    }

    private Host host() {
        try {
            return host.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiFailure(starting(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ApiFailure(starting(), e);
        }
    }

    private static Status starting() {
        return Status.of(
                503,
                "ServiceUnavailable",
                "the cluster is being read from its log, or the server stops; try again");
    }
}
