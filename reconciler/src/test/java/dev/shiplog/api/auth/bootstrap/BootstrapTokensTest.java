package dev.shiplog.api.auth.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Identity;
import dev.shiplog.api.auth.TokenAuthenticator.Outcome;
import dev.shiplog.event.EventCodec;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class BootstrapTokensTest {
    private static final Identity ADMIN = Identity.authenticated("admin", List.of());

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final DirectLedger ledger = new DirectLedger(() -> now);
    private final BootstrapTokens tokens = new BootstrapTokens(ledger, () -> now);

    private String create(Duration life) throws InterruptedException {
        return tokens.create(life, "rack 7", ADMIN, "request");
    }

    private Outcome ask(String token) {
        return tokens.authenticate(token, List.of());
    }

    @Test
    void letsItsBearerInUntilItExpires() throws Exception {
        String token = create(Duration.ofHours(1));
        var known = assertInstanceOf(Outcome.Known.class, ask(token));
        assertEquals("system:bootstrap:" + token.substring(0, 6), known.identity().name());
        assertTrue(known.identity().groups().contains("system:bootstrappers"));
        now = now.plusSeconds(3600);
        assertInstanceOf(Outcome.Refused.class, ask(token));
        create(Duration.ofHours(1));
        assertEquals(1, tokens.list().size(), "the expired one is forgotten");
    }

    @Test
    void theLogKnowsOnlyItsHash() throws Exception {
        String token = create(Duration.ofHours(1));
        String secret = token.substring(7);
        ledger.read(Position.ORIGIN, Optional.empty(), 100)
                .forEach(event ->
                        assertFalse(
                                new String(
                                                EventCodec.STANDARD.encode(event.event()),
                                                StandardCharsets.UTF_8)
                                        .contains(secret)));
        assertFalse(tokens.list().toString().contains(secret));
    }

    @Test
    void refusesWhatIsNoToken() throws Exception {
        String token = create(Duration.ofHours(1));
        String other = token.substring(0, 22) + (token.endsWith("a") ? "b" : "a");
        assertInstanceOf(Outcome.Refused.class, ask(other));
        assertInstanceOf(Outcome.Refused.class, ask("abcdef.0123456789abcdef"));
        assertInstanceOf(Outcome.NotMine.class, ask("abcdef.0123456789abcde"));
        assertInstanceOf(Outcome.NotMine.class, ask(""));
        tokens.delete(token, ADMIN, "request");
        assertInstanceOf(Outcome.Refused.class, ask(token));
        assertThrows(ApiFailure.class, () -> tokens.delete(token, ADMIN, "request"));
    }

    @Test
    void hasBounds() throws Exception {
        assertThrows(ApiFailure.class, () -> create(Duration.ofSeconds(59)));
        assertThrows(ApiFailure.class, () -> create(Duration.ofDays(31)));
        for (int i = 0; i < BootstrapTokens.MAX_TOKENS; i++) {
            create(Duration.ofHours(1));
        }
        assertThrows(ApiFailure.class, () -> create(Duration.ofHours(1)));
    }
}
