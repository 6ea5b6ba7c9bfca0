package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.auth.TokenAuthenticator.Outcome;
import dev.shiplog.api.auth.jwt.ServiceAccountTokens;
import dev.shiplog.api.auth.jwt.SigningKey;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.node.link.ControlPlane.TokenReply;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The tokens that pods get from their node. */
final class BoundTokensTest {
    private static final NodeName NODE = new NodeName("n1");
    private static final ResourceKey POD = ResourceKey.pod("ci", "job");

    @TempDir Path folder;
    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private final DirectLedger ledger = new DirectLedger(() -> now);

    private void create(ResourceKey key, String body) {
        ledger.submit(
                        new ResourceCommand.CreateResource(
                                key, "v1", new TreeMap<>(), new TreeMap<>(), Json.parse(body)),
                        Origin.request("user:test", "test"))
                .join();
    }

    @Test
    void aTokenSpeaksForThePodAndDiesWithIt() {
        ServiceAccountTokens tokens =
                new ServiceAccountTokens(
                        new SigningKey(folder.resolve("key")), ledger::state, () -> now);
        BoundTokens bound = new BoundTokens(tokens, ledger::state);
        create(
                POD,
                "{\"spec\":{\"serviceAccountName\":\"builder\",\"nodeName\":\"n1\",\"containers\":[]}}");
        Uid uid = ledger.state().resource(POD).orElseThrow().uid();
        assertEquals(
                new TokenReply.Refused("serviceaccounts \"builder\" not found"),
                bound.issue(NODE, POD, uid, "", 600));
        create(new ResourceKey(GroupKind.SERVICE_ACCOUNT, "ci", "builder"), "{}");

        TokenReply.Issued issued =
                assertInstanceOf(
                        TokenReply.Issued.class, bound.issue(NODE, POD, uid, "", 1));
        // Shorter than allowed is as short as allowed.
        assertEquals(now.plus(Duration.ofMinutes(10)), issued.expires());
        Outcome.Known known =
                assertInstanceOf(
                        Outcome.Known.class, tokens.authenticate(issued.token(), List.of()));
        assertEquals("system:serviceaccount:ci:builder", known.identity().name());

        // Only its own node gets it, and only for this life of it.
        assertInstanceOf(
                TokenReply.Refused.class,
                bound.issue(new NodeName("n2"), POD, uid, "", 600));
        assertInstanceOf(
                TokenReply.Refused.class, bound.issue(NODE, POD, new Uid("other"), "", 600));

        ledger.submit(
                        new ResourceCommand.DeleteResource(
                                POD,
                                Optional.empty(),
                                OptionalLong.of(0),
                                Propagation.BACKGROUND,
                                List.of()),
                        Origin.request("user:test", "test"))
                .join();
        ledger.submit(
                        new ResourceCommand.RemoveResource(POD, uid),
                        Origin.request("user:test", "test"))
                .join();
        assertTrue(ledger.state().resource(POD).isEmpty());
        assertInstanceOf(
                Outcome.Refused.class, tokens.authenticate(issued.token(), List.of()));
    }
}
