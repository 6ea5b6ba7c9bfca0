package dev.shiplog.api.auth.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.api.tls.TokenHash;
import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Bootstrap tokens, written {@code id.secret} as in Kubernetes: six and sixteen characters of
 * {@code a-z0-9}. A resource of the cluster's own keeps the id, the secret's hash and when it
 * expires; the secret is shown once. Its bearer is {@code system:bootstrap:<id>} in {@code
 * system:bootstrappers}.
 */
public final class BootstrapTokens implements TokenAuthenticator {
    public static final Duration SHORTEST = Duration.ofMinutes(1);
    public static final Duration LONGEST = Duration.ofDays(30);

    /** Tokens that can exist at a time. */
    public static final int MAX_TOKENS = 100;

    private static final GroupKind KIND = new GroupKind("shiplog.dev", "BootstrapToken");
    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID = 6;
    private static final int SECRET = 16;
    private static final long SUBMIT_SECONDS = 30;

    private final Ledger ledger;
    private final Supplier<Instant> clock;
    private final SecureRandom random = new SecureRandom();

    public BootstrapTokens(Ledger ledger, Supplier<Instant> clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public Outcome authenticate(String token, List<String> audiences) {
        var parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            return new Outcome.NotMine();
        }
        String id = parts.group(1);
        Optional<JsonNode> kept =
                ledger.state().resource(key(id)).map(found -> found.body().toNode());
        // As long for an id that is not there.
        byte[] expected =
                HexFormat.of().parseHex(kept.map(body -> body.path("hash").asText()).orElse(""));
        boolean same = MessageDigest.isEqual(expected, hash(id, parts.group(2)));
        if (kept.isEmpty() || !same) {
            return new Outcome.Refused("there is no such bootstrap token");
        }
        return expires(kept.get()).isAfter(clock.get())
                ? new Outcome.Known(
                        Identity.authenticated(
                                "system:bootstrap:" + id, List.of("system:bootstrappers")),
                        List.of())
                : new Outcome.Refused("the bootstrap token " + id + " has expired");
    }

    /**
     * Makes a token; gives it whole, this once.
     *
     * @throws ApiFailure if there are too many, or the life is out of bounds
     */
    public String create(Duration life, String description, Identity who, String request)
            throws InterruptedException {
        if (life.compareTo(SHORTEST) < 0 || life.compareTo(LONGEST) > 0) {
            throw new ApiFailure(
                    Status.badRequest(
                            "expected a token to live between "
                                    + SHORTEST.toMinutes()
                                    + " minute and "
                                    + LONGEST.toDays()
                                    + " days, found "
                                    + life.toSeconds()
                                    + " s"));
        }
        forgetExpired(who, request);
        if (tokens().size() >= MAX_TOKENS) {
            throw new ApiFailure(
                    Status.badRequest(
                            "expected at most "
                                    + MAX_TOKENS
                                    + " bootstrap tokens, found as many: delete some"));
        }
        String id = text(ID);
        String secret = text(SECRET);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("hash", HexFormat.of().formatHex(hash(id, secret)));
        body.put("expires", clock.get().plus(life).toString());
        body.put("description", description);
        submit(
                new ResourceCommand.CreateResource(
                        key(id), "shiplog.dev/v1", new TreeMap<>(), new TreeMap<>(), Json.of(body)),
                who,
                request);
        return id + "." + secret;
    }

    /** Every token, without its secret: id, expiry, description. */
    public List<ObjectNode> list() {
        return tokens().stream()
                .map(token -> {
                    JsonNode body = token.body().toNode();
                    ObjectNode node = JsonNodeFactory.instance.objectNode();
                    node.put("id", token.key().name());
                    node.set("expires", body.path("expires"));
                    node.put("expired", !expires(body).isAfter(clock.get()));
                    node.set("description", body.path("description"));
                    return node;
                })
                .toList();
    }

    /**
     * Ends a token.
     *
     * @param token its id, or all of it
     * @throws ApiFailure if there is none
     */
    public void delete(String token, Identity who, String request) throws InterruptedException {
        String id = token.length() > ID ? token.substring(0, ID) : token;
        if (id.length() != ID || ledger.state().resource(key(id)).isEmpty()) {
            throw new ApiFailure(Status.notFound(KIND.group(), "bootstraptokens", id));
        }
        submit(deletion(key(id)), who, request);
    }

    private void forgetExpired(Identity who, String request) throws InterruptedException {
        for (Resource token : tokens()) {
            if (!expires(token.body().toNode()).isAfter(clock.get())) {
                submit(deletion(token.key()), who, request);
            }
        }
    }

    private List<Resource> tokens() {
        return List.copyOf(ledger.state().resources(KIND));
    }

    private static Command deletion(ResourceKey key) {
        return new ResourceCommand.DeleteResource(
                key, Optional.empty(), OptionalLong.of(0), Propagation.BACKGROUND, List.of());
    }

    private void submit(Command command, Identity who, String request) throws InterruptedException {
        try {
            var outcome =
                    ledger.submit(command, Origin.request("user:" + who.name(), request))
                            .get(SUBMIT_SECONDS, TimeUnit.SECONDS);
            if (outcome instanceof dev.shiplog.ledger.Outcome.Refused refused) {
                throw new ApiFailure(Status.badRequest(refused.message()));
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new ApiFailure(Status.internal(String.valueOf(e.getMessage())), e);
        }
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }

    private static Instant expires(JsonNode body) {
        return Instant.parse(body.path("expires").asText());
    }

    private static ResourceKey key(String id) {
        return new ResourceKey(KIND, "", id);
    }

    /** The secret has 82 bits of chance: nobody finds it by trying, however fast the hash. */
    private static byte[] hash(String id, String secret) {
        return TokenHash.of(id + "." + secret);
    }
}
