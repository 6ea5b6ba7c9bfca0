package dev.shiplog.api.auth;

import dev.shiplog.api.Identity;
import dev.shiplog.api.tls.AdminToken;

import java.util.List;

/** The token in the cluster's own folder: the user {@code admin}, who may do anything. */
public final class AdminTokenAuthenticator implements TokenAuthenticator {
    private static final Identity ADMIN =
            Identity.authenticated("admin", List.of(Identity.MASTERS));

    private final AdminToken ours;

    public AdminTokenAuthenticator(AdminToken ours) {
        this.ours = ours;
    }

    @Override
    public Outcome authenticate(String token, List<String> audiences) {
        return ours.matches(token) ? new Outcome.Known(ADMIN, List.of()) : new Outcome.NotMine();
    }
}
