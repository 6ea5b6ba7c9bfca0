package dev.shiplog.api.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import dev.shiplog.api.Identity;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.resource.Json;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import javax.net.ssl.SSLSocketFactory;

/**
 * ID tokens of an OpenID Connect issuer (openid.net/specs/openid-connect-core-1_0). Its keys are
 * found by discovery, over HTTPS, kept for a while, and fetched again when a token names one that
 * is not known, but not more often than bounds allow. Only asymmetric signatures count.
 */
public final class OidcTokens implements TokenAuthenticator {
    /** As Kubernetes accepts them; none with a shared secret, none without a signature. */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 5_000;
    private static final int MAX_DOCUMENT_BYTES = 256 * 1024;

    /** How long fetched keys are used before they are fetched again. */
    private static final Duration KEYS_KEPT = Duration.ofMinutes(5);

    /** How long a request waits while another one fetches the keys. */
    private static final Duration KEYS_WAIT = Duration.ofSeconds(12);

    /** How often keys are fetched because a token names one that is not known. */
    private static final Duration KEYS_APART = Duration.ofSeconds(10);

    /** How long a failed discovery is not tried again. */
    private static final Duration DISCOVERY_APART = Duration.ofSeconds(10);

    private static final int SKEW_SECONDS = 10;

    private final Settings settings;
    private final DefaultResourceRetriever retriever;
    private final Supplier<Instant> clock;
    private @Nullable DefaultJWTProcessor<SecurityContext> processor;
    private Instant discoverAgain = Instant.MIN;
    private String discoveryFailure = "";
    private volatile @Nullable JWKSource<SecurityContext> keys;
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * Which issuer, and what its tokens mean.
     *
     * @param issuer its URL, exactly as in the claim {@code iss}; https
     * @param clientId the audience that tokens must be meant for
     * @param usernameClaim the claim with the user name; {@code email} counts only if {@code
     *     email_verified} is not false
     * @param usernamePrefix what is put before the user name, so that nobody becomes {@code
     *     system:…} by the issuer's word
     * @param groupsClaim the claim with the groups; empty for none
     * @param groupsPrefix what is put before each group
     */
    public record Settings(
            String issuer,
            String clientId,
            String usernameClaim,
            String usernamePrefix,
            String groupsClaim,
            String groupsPrefix) {
        public Settings {
            if (!issuer.startsWith("https://")) {
                throw new IllegalArgumentException(
                        "expected an issuer that begins with https://, found \"" + issuer + "\"");
            }
            if (clientId.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected a client id for the issuer " + issuer + ", found none");
            }
        }
    }

    /**
     * @param sockets whom to trust when the issuer is asked
     */
    public OidcTokens(Settings settings, SSLSocketFactory sockets, Supplier<Instant> clock) {
        this.settings = settings;
        this.clock = clock;
        this.retriever =
                new DefaultResourceRetriever(
                        CONNECT_MILLIS, READ_MILLIS, MAX_DOCUMENT_BYTES, true, sockets);
    }

    @Override
    public Outcome authenticate(String token, List<String> audiences) {
        if (Unverified.issuer(token).filter(settings.issuer()::equals).isEmpty()) {
            return new Outcome.NotMine();
        }
        if (!audiences.isEmpty() && !audiences.contains(settings.clientId())) {
            return new Outcome.Refused("the OIDC token is meant for " + settings.clientId());
        }
        try {
            JWTClaimsSet claims = processor().process(token, null);
            trouble = Optional.empty();
            return identity(claims);
        } catch (BadJOSEException | ParseException e) {
            return new Outcome.Refused("oidc: " + e.getMessage());
        } catch (RemoteKeySourceException | IOException e) {
            return new Outcome.Refused("oidc: " + troubled(e));
        } catch (JOSEException e) {
            return new Outcome.Refused("oidc: the token cannot be verified: " + e.getMessage());
        }
    }

    /**
     * Fetches the issuer's keys, as the first token would.
     *
     * @return why there are none; empty if there are some
     */
    public Optional<String> look() {
        try {
            processor();
            JWKSource<SecurityContext> found = keys;
            if (found != null) {
                List<JWK> _ = found.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
            }
            trouble = Optional.empty();
        } catch (KeySourceException | IOException e) {
            String _ = troubled(e);
        }
        return trouble;
    }

    /** Why the issuer's keys could not be had when they were wanted last. */
    public Optional<String> trouble() {
        return trouble;
    }

    private String troubled(Exception e) {
        String why = "the keys of " + settings.issuer() + " cannot be had: " + e.getMessage();
        trouble = Optional.of(why);
        return why;
    }

    private Outcome identity(JWTClaimsSet claims) throws ParseException {
        String name = claims.getStringClaim(settings.usernameClaim());
        if (name == null || name.isEmpty()) {
            return new Outcome.Refused(
                    "oidc: expected the claim " + settings.usernameClaim() + ", found none");
        }
        boolean unverified =
                settings.usernameClaim().equals("email")
                        && Boolean.FALSE.equals(claims.getClaim("email_verified"));
        if (unverified) {
            return new Outcome.Refused("oidc: email " + name + " is not verified");
        }
        List<String> groups = new ArrayList<>();
        if (!settings.groupsClaim().isEmpty()) {
            switch (claims.getClaim(settings.groupsClaim())) {
                case String group -> groups.add(settings.groupsPrefix() + group);
                case List<?> list ->
                        list.forEach(group -> groups.add(settings.groupsPrefix() + group));
                case null, default -> {
                    // A token without groups has none.
                }
            }
        }
        String user = settings.usernamePrefix() + name;
        if (user.startsWith("system:")
                || groups.stream().anyMatch(group -> group.startsWith("system:"))) {
            return new Outcome.Refused(
                    "oidc: names that begin with system: are the cluster's own, found "
                            + user
                            + " in "
                            + groups);
        }
        return new Outcome.Known(
                Identity.authenticated(user, "", groups, new TreeMap<>()),
                List.of(settings.clientId()));
    }

    /** Made once the issuer has answered. */
    private synchronized DefaultJWTProcessor<SecurityContext> processor() throws IOException {
        DefaultJWTProcessor<SecurityContext> known = processor;
        if (known != null) {
            return known;
        }
        Instant now = clock.get();
        if (now.isBefore(discoverAgain)) {
            throw new IOException(discoveryFailure);
        }
        try {
            DefaultJWTProcessor<SecurityContext> made = new DefaultJWTProcessor<>();
            JWKSource<SecurityContext> found = keys();
            keys = found;
            made.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, found));
            made.setJWTClaimsSetVerifier(verifier());
            processor = made;
            return made;
        } catch (IOException e) {
            discoverAgain = now.plus(DISCOVERY_APART);
            discoveryFailure = String.valueOf(e.getMessage());
            throw e;
        }
    }

    private DefaultJWTClaimsVerifier<SecurityContext> verifier() {
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(
                        settings.clientId(),
                        new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
                        Set.of("exp", settings.usernameClaim())) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.get());
                    }
                };
        verifier.setMaxClockSkew(SKEW_SECONDS);
        return verifier;
    }

    private JWKSource<SecurityContext> keys() throws IOException {
        String base =
                settings.issuer().endsWith("/")
                        ? settings.issuer().substring(0, settings.issuer().length() - 1)
                        : settings.issuer();
        String text =
                retriever
                        .retrieveResource(
                                URI.create(base + "/.well-known/openid-configuration").toURL())
                        .getContent();
        try {
            var configuration = Json.parse(text).toNode();
            String issuer = configuration.path("issuer").asText();
            if (!issuer.equals(settings.issuer())) {
                throw new IOException(
                        "expected the issuer " + settings.issuer() + ", found " + issuer);
            }
            String location = configuration.path("jwks_uri").asText();
            if (!location.startsWith("https://")) {
                throw new IOException("expected a jwks_uri with https, found \"" + location + "\"");
            }
            return JWKSourceBuilder.<SecurityContext>create(URI.create(location).toURL(), retriever)
                    .cache(KEYS_KEPT.toMillis(), KEYS_WAIT.toMillis())
                    .rateLimited(KEYS_APART.toMillis())
                    .refreshAheadCache(false)
                    .retrying(false)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "expected the configuration of an OpenID provider: " + e.getMessage(), e);
        }
    }
}
