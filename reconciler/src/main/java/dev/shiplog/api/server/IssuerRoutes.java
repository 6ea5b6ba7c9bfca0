package dev.shiplog.api.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.auth.jwt.ServiceAccountTokens;
import dev.shiplog.resource.Json;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where others find out how to verify the tokens of service accounts (OpenID Connect Discovery
 * 1.0), if a role lets them.
 */
final class IssuerRoutes {
    private static final String KEYS = "/openid/v1/jwks";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]-]{1,255}");

    private final ServiceAccountTokens tokens;

    IssuerRoutes(ServiceAccountTokens tokens) {
        this.tokens = tokens;
    }

    List<Route> all() {
        return List.of(
                new Route("GET", "/.well-known/openid-configuration", this::configuration),
                new Route("GET", KEYS, this::keys));
    }

    private Reply configuration(Request request) {
        String host =
                request.header("Host").filter(h -> HOST.matcher(h).matches()).orElse("localhost");
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("issuer", ServiceAccountTokens.ISSUER);
        node.put("jwks_uri", "https://" + host + KEYS);
        node.putArray("response_types_supported").add("id_token");
        node.putArray("subject_types_supported").add("public");
        node.putArray("id_token_signing_alg_values_supported").add("ES256");
        return Reply.json(200, Json.of(node).bytes());
    }

    private Reply keys(Request request) {
        return Reply.of(200, "application/jwk-set+json", tokens.keys().bytes());
    }
}
