package dev.shiplog.boot;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Request;
import dev.shiplog.api.auth.PushRights;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.auth.bootstrap.BootstrapTokens;
import dev.shiplog.api.auth.jwt.OidcTokens;
import dev.shiplog.api.auth.jwt.ServiceAccountTokens;
import dev.shiplog.api.auth.jwt.SigningKey;
import dev.shiplog.api.auth.node.NodeRules;
import dev.shiplog.api.auth.rbac.Rbac;
import dev.shiplog.api.certificates.SignerRights;
import dev.shiplog.api.journal.LedgerJournal;
import dev.shiplog.api.server.AccessConfig;
import dev.shiplog.api.tls.TrustedSockets;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.source.Pusher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what in this cluster: RBAC and the rights of nodes, over every way to say who one is.
 *
 * @param journal where refusals and sessions are written down
 */
record ClusterAccess(
        Rbac rbac,
        NodeRules nodes,
        ServiceAccountTokens accounts,
        BootstrapTokens bootstrap,
        Optional<OidcTokens> oidc,
        LedgerJournal journal)
        implements AutoCloseable {
    static ClusterAccess open(
            Profile profile, Settings settings, Ledger ledger, InstantSource clock)
            throws IOException {
        return new ClusterAccess(
                new Rbac(ledger::state),
                new NodeRules(ledger::state),
                new ServiceAccountTokens(
                        new SigningKey(profile.tls().resolve("service-accounts.jwk")),
                        ledger::state,
                        clock::instant),
                new BootstrapTokens(ledger, clock::instant),
                settings.oidc().isPresent()
                        ? Optional.of(oidc(settings.oidc().get(), clock))
                        : Optional.empty(),
                new LedgerJournal(ledger, clock::instant));
    }

    private static OidcTokens oidc(Settings.Oidc settings, InstantSource clock) throws IOException {
        return new OidcTokens(
                new OidcTokens.Settings(
                        settings.issuer(),
                        settings.clientId(),
                        settings.usernameClaim(),
                        settings.usernamePrefix(),
                        settings.groupsClaim(),
                        settings.groupsPrefix()),
                TrustedSockets.trusting(settings.caFile().map(Path::of)),
                clock::instant);
    }

    Authorizer authorizer() {
        return Authorizer.anyOf(rbac, nodes);
    }

    WriteGuard guard() {
        return WriteGuard.allOf(nodes, rbac, new SignerRights(authorizer()));
    }

    AccessConfig config() {
        List<TokenAuthenticator> tokens = new ArrayList<>(List.of(bootstrap));
        oidc.ifPresent(tokens::add);
        return new AccessConfig(guard(), journal, Optional.of(rbac), Optional.of(accounts), tokens);
    }

    /** Whoever asks, as one who brings in a commit. */
    Pusher pusher(Request request) {
        return PushRights.pusher(
                authorizer(), guard(), journal, request.identity(), request.remote());
    }

    @Override
    public void close() {
        journal.close();
    }
}
