package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.transport.DockerHttpClient;

import java.io.IOException;

/**
 * A connection for each request. The client library keeps connections and does not notice when the
 * Engine has ended them, so that after an Engine's restart as many calls would fail as connections
 * were kept. A new one on the local socket costs some tens of microseconds.
 */
final class FreshConnections implements DockerHttpClient {
    private final DockerHttpClient client;

    FreshConnections(DockerHttpClient client) {
        this.client = client;
    }

    @Override
    public Response execute(Request request) {
        if (request.hijackedInput() != null) {
            return client.execute(request);
        }
        return client.execute(
                Request.builder().from(request).putHeader("Connection", "close").build());
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
