package dev.shiplog.api.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.shiplog.api.auth.TokenAuthenticator.Outcome;
import dev.shiplog.api.tls.ServerTls;
import dev.shiplog.api.tls.TlsFiles;
import dev.shiplog.api.tls.TrustedSockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Tokens of an issuer that this test runs itself, over HTTPS. */
class OidcTokensTest {
    private static final String CLIENT = "shiplog";

    @TempDir Path folder;
    private HttpsServer http;
    private String issuer = "";
    private TlsFiles tls;
    private RSAKey key;
    private volatile RSAKey published;
    private final AtomicInteger fetched = new AtomicInteger();
    private volatile Instant now = Instant.now();
    private OidcTokens tokens;

    @BeforeEach
    void start() throws Exception {
        tls = TlsFiles.open(folder.resolve("tls"), List.of(), Instant.now());
        key = new RSAKeyGenerator(2048).keyID("one").generate();
        published = key;
        http = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setHttpsConfigurator(new HttpsConfigurator(ServerTls.of(tls)));
        issuer = "https://127.0.0.1:" + http.getAddress().getPort();
        http.createContext(
                "/.well-known/openid-configuration",
                exchange -> {
                    byte[] body =
                            ("{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        http.createContext(
                "/keys",
                exchange -> {
                    fetched.incrementAndGet();
                    byte[] body =
                            new JWKSet(published.toPublicJWK())
                                    .toString()
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        http.start();
        tokens = tokens(Optional.of(tls.authorityFile()));
    }

    @AfterEach
    void stop() {
        http.stop(0);
    }

    private OidcTokens tokens(Optional<Path> authority) throws Exception {
        return new OidcTokens(
                new OidcTokens.Settings(issuer, CLIENT, "sub", "oidc:", "groups", "team-"),
                TrustedSockets.trusting(authority),
                () -> now);
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(CLIENT)
                .subject("ann")
                .claim("groups", List.of("a", "b"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    private String signed(JWSAlgorithm algorithm, String id, JWSSigner signer, JWTClaimsSet claims)
            throws Exception {
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(id).build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        return signed(
                JWSAlgorithm.RS256,
                key.getKeyID(),
                new RSASSASigner(key),
                change.apply(claims()).build());
    }

    private String refusal(String token) {
        return assertInstanceOf(Outcome.Refused.class, tokens.authenticate(token, List.of())).why();
    }

    @Test
    void saysWhoItIsWithItsPrefixes() throws Exception {
        var known =
                assertInstanceOf(
                        Outcome.Known.class, tokens.authenticate(token(c -> c), List.of()));
        assertEquals("oidc:ann", known.identity().name());
        assertEquals(
                List.of("system:authenticated", "team-a", "team-b"),
                List.copyOf(known.identity().groups()));
        for (int i = 0; i < 20; i++) {
            tokens.authenticate(token(c -> c), List.of());
        }
        assertEquals(1, fetched.get(), "the keys are kept");
    }

    @Test
    void refusesWhatDoesNotHold() throws Exception {
        assertTrue(
                refusal(token(c -> c.expirationTime(Date.from(now.minusSeconds(60)))))
                        .contains("xpired"));
        assertInstanceOf(
                Outcome.Known.class,
                tokens.authenticate(
                        token(c -> c.expirationTime(Date.from(now.minusSeconds(5)))), List.of()),
                "clocks may differ a little");
        assertTrue(
                refusal(token(c -> c.notBeforeTime(Date.from(now.plusSeconds(60)))))
                        .contains("before"));
        assertTrue(refusal(token(c -> c.audience("another"))).contains("aud"));
        assertTrue(refusal(token(c -> c.expirationTime(null))).contains("exp"));
        assertTrue(refusal(token(c -> c.subject(null))).contains("sub"));
        assertTrue(
                refusal(
                                token(c ->
                                        c.claim("groups", List.of("x"))
                                                .subject("ann")
                                                .audience(List.of())))
                        .contains("aud"));
    }

    @Test
    void refusesOtherAlgorithmsAndKeys() throws Exception {
        refusal(new PlainJWT(claims().build()).serialize());
        byte[] secret = key.toRSAPublicKey().getEncoded();
        refusal(signed(JWSAlgorithm.HS256, "one", new MACSigner(secret), claims().build()));
        RSAKey other = new RSAKeyGenerator(2048).keyID("one").generate();
        refusal(signed(JWSAlgorithm.RS256, "one", new RSASSASigner(other), claims().build()));
        String whole = token(c -> c);
        int middle = whole.length() - 20;
        char there = whole.charAt(middle);
        refusal(
                whole.substring(0, middle)
                        + (there == 'A' ? 'B' : 'A')
                        + whole.substring(middle + 1));
    }

    @Test
    void anotherIssuersTokensAreNotItsOwn() throws Exception {
        assertInstanceOf(
                Outcome.NotMine.class,
                tokens.authenticate(token(c -> c.issuer("https://elsewhere")), List.of()));
        assertInstanceOf(Outcome.NotMine.class, tokens.authenticate("abc", List.of()));
    }

    @Test
    void aNewKeyIsFetchedAndAnUnknownOneNotAgainAndAgain() throws Exception {
        tokens.authenticate(token(c -> c), List.of());
        key = new RSAKeyGenerator(2048).keyID("two").generate();
        published = key;
        assertInstanceOf(
                Outcome.Known.class, tokens.authenticate(token(c -> c), List.of()), "rotated");
        RSAKey stranger = new RSAKeyGenerator(2048).keyID("three").generate();
        for (int i = 0; i < 10; i++) {
            refusal(
                    signed(
                            JWSAlgorithm.RS256,
                            "three",
                            new RSASSASigner(stranger),
                            claims().build()));
        }
        assertTrue(fetched.get() <= 4, () -> "fetched " + fetched.get() + " times");
    }

    @Test
    void anIssuerThatIsNotTrustedOrDoesNotAnswerKnowsNobody() throws Exception {
        OidcTokens distrustful = tokens(Optional.empty());
        assertInstanceOf(Outcome.Refused.class, distrustful.authenticate(token(c -> c), List.of()));
        http.stop(0);
        assertInstanceOf(
                Outcome.Refused.class,
                tokens(Optional.of(tls.authorityFile())).authenticate(token(c -> c), List.of()));
    }

    @Test
    void nobodyBecomesPartOfTheSystemByTheIssuersWord() throws Exception {
        OidcTokens bare =
                new OidcTokens(
                        new OidcTokens.Settings(issuer, CLIENT, "sub", "", "groups", ""),
                        TrustedSockets.trusting(Optional.of(tls.authorityFile())),
                        () -> now);
        assertInstanceOf(
                Outcome.Refused.class,
                bare.authenticate(token(c -> c.subject("system:admin")), List.of()));
        assertInstanceOf(
                Outcome.Refused.class,
                bare.authenticate(
                        token(c -> c.claim("groups", List.of("system:masters"))), List.of()));
    }

    @Test
    void anIssuerThatCannotBeReachedIsToldBeforeATokenComes() throws Exception {
        assertEquals(Optional.empty(), tokens.trouble(), "nobody has asked yet");
        assertEquals(Optional.empty(), tokens.look());
        assertEquals(1, fetched.get());

        OidcTokens untrusting = tokens(Optional.empty());
        String untrusted = untrusting.look().orElseThrow();
        assertTrue(untrusted.contains(issuer) && untrusted.contains("cert"), untrusted);

        http.stop(0);
        OidcTokens late = tokens(Optional.of(tls.authorityFile()));
        String unreachable = late.look().orElseThrow();
        assertTrue(unreachable.contains(issuer), unreachable);
        assertEquals(Optional.of(unreachable), late.trouble());
    }
}
