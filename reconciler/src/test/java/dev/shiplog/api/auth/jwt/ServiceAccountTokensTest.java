package dev.shiplog.api.auth.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import dev.shiplog.api.auth.TokenAuthenticator.Outcome;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

class ServiceAccountTokensTest {
    private static final ResourceKey BUILDER =
            new ResourceKey(GroupKind.SERVICE_ACCOUNT, "ci", "builder");
    private static final ResourceKey POD = ResourceKey.pod("ci", "job");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir Path folder;
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final DirectLedger ledger = new DirectLedger(() -> now);
    private ServiceAccountTokens tokens;

    @BeforeEach
    void start() {
        create(BUILDER, "{}");
        create(POD, "{\"spec\":{\"serviceAccountName\":\"builder\"}}");
        tokens = tokens("key");
    }

    private ServiceAccountTokens tokens(String file) {
        return new ServiceAccountTokens(
                new SigningKey(folder.resolve(file)), ledger::state, () -> now);
    }

    private void create(ResourceKey key, String body) {
        ledger.submit(
                        new ResourceCommand.CreateResource(
                                key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body)),
                        Origin.request("user:test", "test"))
                .join();
    }

    private void remove(ResourceKey key) {
        ledger.submit(
                        new ResourceCommand.DeleteResource(
                                key,
                                Optional.empty(),
                                OptionalLong.of(0),
                                Propagation.BACKGROUND,
                                List.of()),
                        Origin.request("user:test", "test"))
                .join();
    }

    private Resource live(ResourceKey key) {
        return ledger.state().resource(key).orElseThrow();
    }

    private String issue(List<ServiceAccountTokens.Bound> bound) {
        return tokens.issue(live(BUILDER), List.of(ServiceAccountTokens.ISSUER), HOUR, bound)
                .token();
    }

    private void assertRefused(String token) {
        assertInstanceOf(Outcome.Refused.class, tokens.authenticate(token, List.of()));
    }

    @Test
    void saysWhichAccountItIs() {
        var known =
                assertInstanceOf(
                        Outcome.Known.class, tokens.authenticate(issue(List.of()), List.of()));
        assertEquals("system:serviceaccount:ci:builder", known.identity().name());
        assertEquals(live(BUILDER).uid().value(), known.identity().uid());
        assertEquals(
                List.of(
                        "system:authenticated",
                        "system:serviceaccounts",
                        "system:serviceaccounts:ci"),
                List.copyOf(known.identity().groups()));
    }

    @Test
    void holdsAcrossARestartAndNotInAnotherCluster() throws Exception {
        String token = issue(List.of());
        assertInstanceOf(Outcome.Known.class, tokens("key").authenticate(token, List.of()));
        assertInstanceOf(Outcome.Refused.class, tokens("another").authenticate(token, List.of()));
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("key"))));
    }

    @Test
    void expires() {
        String token = issue(List.of());
        now = now.plus(HOUR).minusSeconds(1);
        assertInstanceOf(Outcome.Known.class, tokens.authenticate(token, List.of()));
        now = now.plusSeconds(1);
        assertRefused(token);
    }

    @Test
    void diesWithItsAccountAlthoughItWasSeenBefore() {
        String token = issue(List.of());
        assertInstanceOf(Outcome.Known.class, tokens.authenticate(token, List.of()));
        remove(BUILDER);
        assertRefused(token);
        create(BUILDER, "{}");
        assertRefused(token);
    }

    @Test
    void diesWithThePodThatItIsBoundTo() {
        String token =
                issue(
                        List.of(
                                new ServiceAccountTokens.Bound(
                                        GroupKind.POD, "job", live(POD).uid())));
        var known = assertInstanceOf(Outcome.Known.class, tokens.authenticate(token, List.of()));
        assertEquals(
                List.of("job"),
                known.identity().extra().get("authentication.kubernetes.io/pod-name"));
        remove(POD);
        assertRefused(token);
    }

    @Test
    void isMeantForSomebody() {
        String token = tokens.issue(live(BUILDER), List.of("vault"), HOUR, List.of()).token();
        assertRefused(token);
        var known =
                assertInstanceOf(
                        Outcome.Known.class, tokens.authenticate(token, List.of("vault", "other")));
        assertEquals(List.of("vault"), known.audiences());
    }

    @Test
    void refusesForgeries() throws Exception {
        String token = issue(List.of());
        SignedJWT genuine = SignedJWT.parse(token);
        assertRefused(new PlainJWT(genuine.getJWTClaimsSet()).serialize());
        SignedJWT shared =
                new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), genuine.getJWTClaimsSet());
        shared.sign(
                new MACSigner(
                        tokens.keys().bytes().length > 32 ? tokens.keys().bytes() : new byte[64]));
        assertRefused(shared.serialize());
        int dot = token.lastIndexOf('.');
        char last = token.charAt(dot + 5);
        assertRefused(
                token.substring(0, dot + 5) + (last == 'A' ? 'B' : 'A') + token.substring(dot + 6));
        assertInstanceOf(Outcome.NotMine.class, tokens.authenticate("eyJ.x.y", List.of()));
        assertInstanceOf(Outcome.NotMine.class, tokens.authenticate("", List.of()));
    }

    @Test
    void theKeysThatItPublishesAreNotSecret() {
        String keys = tokens.keys().toString();
        assertTrue(keys.contains("\"crv\":\"P-256\""), keys);
        assertTrue(!keys.contains("\"d\""), keys);
    }

    @Test
    void diesWithTheNodeThatItIsBoundTo() {
        ResourceKey node = ResourceKey.node(new dev.shiplog.resource.NodeName("n1"));
        create(node, "{}");
        String token =
                issue(
                        List.of(
                                new ServiceAccountTokens.Bound(
                                        GroupKind.NODE, "n1", live(node).uid())));
        assertInstanceOf(Outcome.Known.class, tokens.authenticate(token, List.of()));
        remove(node);
        assertRefused(token);
    }
}
