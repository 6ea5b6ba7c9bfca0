package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.auth.bootstrap.BootstrapTokens;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Bootstrap tokens, for the {@code shiplog token} command. */
final class TokenRoutes {
    static final String PREFIX = "/shiplog/v1/tokens";
    private static final int BODY_BYTES = 64 * 1024;

    private final BootstrapTokens tokens;

    TokenRoutes(BootstrapTokens tokens) {
        this.tokens = tokens;
    }

    List<Route> all() {
        return List.of(
                new Route("GET", PREFIX, this::list),
                new Route("POST", PREFIX, this::create),
                new Route("DELETE", PREFIX, this::delete));
    }

    private Reply list(Request request) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        tokens.list().forEach(list::add);
        return Reply.json(200, Json.of(list).bytes());
    }

    private Reply create(Request request) throws IOException, InterruptedException {
        JsonNode asked =
                Bodies.decode("application/json", request.body(BODY_BYTES)).document();
        String token =
                tokens.create(
                        Duration.ofSeconds(asked.path("seconds").asLong()),
                        asked.path("description").asText(),
                        request.identity(),
                        request.id());
        return Reply.json(
                201, Json.of(JsonNodeFactory.instance.objectNode().put("token", token)).bytes());
    }

    private Reply delete(Request request) throws InterruptedException {
        String path = request.rawPath();
        String id = path.substring(Math.min(path.length(), PREFIX.length() + 1));
        tokens.delete(id, request.identity(), request.id());
        return Reply.json(200, Json.EMPTY.bytes());
    }
}
