package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.auth.bootstrap.BootstrapTokens;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.tls.AuthorityHash;
import dev.shiplog.api.tls.Certificates;
import dev.shiplog.node.link.wire.LinkPaths;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * What machines need that want to join: bootstrap tokens, for the {@code shiplog token} command, and the
 * authority that they are to trust.
 */
final class JoinRoutes {
    static final String PREFIX = "/shiplog/v1/tokens";
    private static final int BODY_BYTES = 64 * 1024;

    private final BootstrapTokens tokens;
    private final X509Certificate authority;
    private final String server;

    /**
     * @param server where nodes reach this cluster
     */
    JoinRoutes(BootstrapTokens tokens, X509Certificate authority, String server) {
        this.tokens = tokens;
        this.authority = authority;
        this.server = server;
    }

    List<Route> all() {
        return List.of(
                new Route("GET", PREFIX, this::list),
                new Route("POST", PREFIX, this::create),
                new Route("DELETE", PREFIX, this::delete),
                // No secret: whoever asks for it compares it with the hash that they were given.
                new Route("GET", LinkPaths.AUTHORITY, _ -> authority(), true));
    }

    private Reply authority() {
        return Reply.of(
                200,
                "application/x-pem-file",
                Certificates.pem(authority).getBytes(StandardCharsets.US_ASCII));
    }

    private Reply list(Request request) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        tokens.list().forEach(list::add);
        return Reply.json(200, Json.of(list).bytes());
    }

    private Reply create(Request request) throws IOException, InterruptedException {
        JsonNode asked = Bodies.decode("application/json", request.body(BODY_BYTES)).document();
        String token =
                tokens.create(
                        Duration.ofSeconds(asked.path("seconds").asLong()),
                        asked.path("description").asText(),
                        request.identity(),
                        request.id());
        return Reply.json(
                201,
                Json.of(
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("token", token)
                                        .put("server", server)
                                        .put("authority", AuthorityHash.of(authority)))
                        .bytes());
    }

    private Reply delete(Request request) throws InterruptedException {
        String path = request.rawPath();
        String id = path.substring(Math.min(path.length(), PREFIX.length() + 1));
        tokens.delete(id, request.identity(), request.id());
        return Reply.json(200, Json.EMPTY.bytes());
    }
}
