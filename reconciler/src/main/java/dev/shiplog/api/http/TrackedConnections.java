package dev.shiplog.api.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import java.time.Duration;
import java.util.Set;

/**
 * HTTP/1.1 connections that know, while a request is handled, which socket it came over: what a
 * long reply needs to notice that its reader has left.
 */
final class TrackedConnections implements ServerConnectionSelector {
    /** The connection whose request this thread handles. */
    static final ScopedValue<ConnectionContext> CURRENT = ScopedValue.newInstance();

    private final Http1ConnectionSelector http1;

    TrackedConnections(Http1ConnectionSelector http1) {
        this.http1 = http1;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http1.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http1.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        KnownPeer known = KnownPeer.of(context);
        return new Tracked(known, http1.connection(known));
    }

    private record Tracked(ConnectionContext context, ServerConnection connection)
            implements ServerConnection, InterruptableTask<Void> {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            ScopedValue.where(CURRENT, context)
                    .<Void, InterruptedException>call(() -> {
                        connection.handle(limit);
                        return null;
                    });
        }

        @Override
        public Duration idleTime() {
            return connection.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt);
        }

        @Override
        public boolean canInterrupt() {
            return connection instanceof InterruptableTask<?> task && task.canInterrupt();
        }
    }
}
