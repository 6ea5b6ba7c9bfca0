package dev.shiplog.api.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import dev.shiplog.api.Identity;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.api.auth.VerifiedTokens;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The tokens of service accounts: signed with the cluster's key (ES256), bound to this life of the
 * account and of what else they name, expiring. Their claims are those of Kubernetes
 * (kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin).
 *
 * <p>Invariant: a token holds only while the account and the object that it is bound to are live
 * with the same identity; that is looked up at every use.
 */
public final class ServiceAccountTokens implements TokenAuthenticator {
    /** Who issues them, and the audience of those that are meant for the API server. */
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    public static final Duration SHORTEST = Duration.ofMinutes(10);
    public static final Duration LONGEST = Duration.ofDays(365);

    /** How far the clocks of those who sign and those who read may be apart. */
    private static final Duration SKEW = Duration.ofSeconds(10);

    private static final String PREFIX = "system:serviceaccount:";
    private static final String PRIVATE = "kubernetes.io";
    private static final String EXTRA = "authentication.kubernetes.io/";

    private final SigningKey key;
    private final Supplier<ClusterState> state;
    private final Supplier<Instant> clock;
    private final VerifiedTokens<Claims> verified = new VerifiedTokens<>();

    /** An object that a token lives and dies with. */
    public record Bound(GroupKind kind, String name, Uid uid) {
        private String claim() {
            return kind.kind().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A token, and until when it holds. */
    public record Issued(String token, Instant expires) {}

    private record Claims(
            String namespace,
            String account,
            Uid uid,
            List<Bound> bound,
            List<String> audiences,
            String id) {}

    public ServiceAccountTokens(
            SigningKey key, Supplier<ClusterState> state, Supplier<Instant> clock) {
        this.key = key;
        this.state = state;
        this.clock = clock;
    }

    /**
     * Issues a token.
     *
     * @param bound what else than the account it is bound to; for a pod, its node comes along
     */
    public Issued issue(
            Resource account, List<String> audiences, Duration life, List<Bound> bound) {
        Instant now = clock.get();
        Instant expires = now.plus(life);
        String namespace = account.key().namespace();
        Map<String, Object> about = new TreeMap<>();
        about.put("namespace", namespace);
        about.put("serviceaccount", object(account.key().name(), account.uid()));
        for (Bound object : bound) {
            about.put(object.claim(), object(object.name(), object.uid()));
        }
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(PREFIX + namespace + ":" + account.key().name())
                        .audience(audiences)
                        .issueTime(Date.from(now))
                        .notBeforeTime(Date.from(now))
                        .expirationTime(Date.from(expires))
                        .jwtID(UUID.randomUUID().toString())
                        .claim(PRIVATE, about)
                        .build();
        ECKey signing = key.get();
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(JOSEObjectType.JWT)
                                .keyID(signing.getKeyID())
                                .build(),
                        claims);
        try {
            token.sign(new ECDSASigner(signing));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed", e);
        }
        return new Issued(token.serialize(), expires);
    }

    private static Map<String, Object> object(String name, Uid uid) {
        Map<String, Object> object = new TreeMap<>();
        object.put("name", name);
        object.put("uid", uid.value());
        return object;
    }

    /** The public key, for those who verify tokens by themselves (RFC 7517). */
    public Json keys() {
        return Json.parse(new JWKSet(key.get().toPublicJWK()).toString());
    }

    @Override
    public Outcome authenticate(String token, List<String> audiences) {
        Instant now = clock.get();
        Optional<Claims> known = verified.get(token, now);
        if (known.isPresent()) {
            return live(known.get(), audiences);
        }
        if (Unverified.issuer(token).filter(ISSUER::equals).isEmpty()) {
            return new Outcome.NotMine();
        }
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!JWSAlgorithm.ES256.equals(parsed.getHeader().getAlgorithm())
                    || !parsed.verify(new ECDSAVerifier(key.get().toPublicJWK()))) {
                return new Outcome.Refused("the signature of a service account token is wrong");
            }
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            Optional<String> objection = objection(claims, now);
            if (objection.isPresent()) {
                return new Outcome.Refused(objection.get());
            }
            Claims ours = claims(claims);
            verified.put(token, ours, claims.getExpirationTime().toInstant());
            return live(ours, audiences);
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return new Outcome.Refused("a service account token is damaged: " + e.getMessage());
        }
    }

    private static Optional<String> objection(JWTClaimsSet claims, Instant now) {
        Date expires = claims.getExpirationTime();
        Date begins = claims.getNotBeforeTime();
        if (expires == null || !expires.toInstant().isAfter(now)) {
            return Optional.of("the service account token has expired");
        }
        return begins != null && begins.toInstant().isAfter(now.plus(SKEW))
                ? Optional.of("the service account token does not hold yet")
                : Optional.empty();
    }

    private static Claims claims(JWTClaimsSet claims) throws ParseException {
        Map<String, Object> about = claims.getJSONObjectClaim(PRIVATE);
        if (about == null) {
            throw new ParseException("expected the claim " + PRIVATE + ", found none", 0);
        }
        Map<?, ?> account = object(about, "serviceaccount");
        List<Bound> bound = new ArrayList<>();
        for (GroupKind kind : List.of(GroupKind.POD, new GroupKind("", "Secret"), GroupKind.NODE)) {
            Map<?, ?> object = object(about, kind.kind().toLowerCase(java.util.Locale.ROOT));
            if (!object.isEmpty()) {
                bound.add(new Bound(kind, text(object, "name"), new Uid(text(object, "uid"))));
            }
        }
        return new Claims(
                String.valueOf(about.get("namespace")),
                text(account, "name"),
                new Uid(text(account, "uid")),
                bound,
                claims.getAudience(),
                String.valueOf(claims.getJWTID()));
    }

    private static Map<?, ?> object(Map<String, Object> about, String name) {
        return about.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }

    private static String text(Map<?, ?> object, String name) throws ParseException {
        if (object.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new ParseException("expected a " + name + ", found none", 0);
    }

    /** Whether what the token speaks of is still there. */
    private Outcome live(Claims claims, List<String> wanted) {
        List<String> accepted = wanted.isEmpty() ? List.of(ISSUER) : wanted;
        List<String> audiences = claims.audiences().stream().filter(accepted::contains).toList();
        if (audiences.isEmpty()) {
            return new Outcome.Refused(
                    "the service account token is meant for " + claims.audiences());
        }
        ClusterState now = state.get();
        if (!there(
                now,
                new ResourceKey(GroupKind.SERVICE_ACCOUNT, claims.namespace(), claims.account()),
                claims.uid())) {
            return new Outcome.Refused(
                    "the service account "
                            + claims.namespace()
                            + "/"
                            + claims.account()
                            + " of a token is gone");
        }
        // Of a pod's node only the name is told; a token that is bound to a node ends with it.
        boolean ofPod =
                claims.bound().stream().anyMatch(object -> object.kind().equals(GroupKind.POD));
        for (Bound object : claims.bound()) {
            String namespace = object.kind().equals(GroupKind.NODE) ? "" : claims.namespace();
            ResourceKey bound = new ResourceKey(object.kind(), namespace, object.name());
            boolean told = ofPod && object.kind().equals(GroupKind.NODE);
            if (!told && !there(now, bound, object.uid())) {
                return new Outcome.Refused(bound + ", which a token is bound to, is gone");
            }
        }
        return new Outcome.Known(identity(claims), audiences);
    }

    private static boolean there(ClusterState state, ResourceKey key, Uid uid) {
        return state.resource(key)
                .filter(found -> found.uid().equals(uid))
                .filter(found -> key.kind().equals(GroupKind.POD) || !found.metadata().deleting())
                .isPresent();
    }

    private static Identity identity(Claims claims) {
        SortedMap<String, List<String>> extra = new TreeMap<>();
        extra.put(EXTRA + "credential-id", List.of("JTI=" + claims.id()));
        for (Bound object : claims.bound()) {
            if (!object.kind().kind().equals("Secret")) {
                extra.put(EXTRA + object.claim() + "-name", List.of(object.name()));
                extra.put(EXTRA + object.claim() + "-uid", List.of(object.uid().value()));
            }
        }
        return Identity.authenticated(
                PREFIX + claims.namespace() + ":" + claims.account(),
                claims.uid().value(),
                List.of("system:serviceaccounts", "system:serviceaccounts:" + claims.namespace()),
                extra);
    }
}
