package dev.shiplog.api.server;

import dev.shiplog.api.AccessJournal;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.auth.jwt.ServiceAccountTokens;
import dev.shiplog.api.auth.rbac.Rbac;

import java.util.List;
import java.util.Optional;

/**
 * What a server knows of who may do what, beside certificates, the admin's token and the
 * authorizer.
 *
 * @param guard what looks at every write
 * @param refusals where it is written down that something was refused
 * @param rbac what lists the rules of somebody
 * @param accounts what issues and reads the tokens of service accounts
 * @param tokens what reads further bearer tokens
 */
public record AccessConfig(
        WriteGuard guard,
        AccessJournal refusals,
        Optional<Rbac> rbac,
        Optional<ServiceAccountTokens> accounts,
        List<TokenAuthenticator> tokens) {
    public static final AccessConfig NONE =
            new AccessConfig(
                    WriteGuard.NONE,
                    AccessJournal.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    List.of());

    public AccessConfig {
        tokens = List.copyOf(tokens);
    }
}
