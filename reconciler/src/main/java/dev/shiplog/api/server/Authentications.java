package dev.shiplog.api.server;

import dev.shiplog.api.Identity;
import dev.shiplog.api.Request;
import dev.shiplog.api.tls.AdminToken;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Who asks: by client certificate, or else by the admin token, as Bearer or Basic password. */
final class Authentications {
    private static final Identity ADMIN =
            Identity.authenticated("admin", List.of(Identity.MASTERS));

    private final Optional<AdminToken> token;

    Authentications(Optional<AdminToken> token) {
        this.token = token;
    }

    /** A token that is not ours leaves its bearer anonymous. */
    Identity identify(Identity certified, Request request) {
        Optional<String> header = request.header("Authorization");
        if (!certified.anonymous() || header.isEmpty()) {
            return certified;
        }
        boolean ours =
                secret(header.get())
                        .filter(secret -> token.filter(t -> t.matches(secret)).isPresent())
                        .isPresent();
        return ours ? ADMIN : Identity.ANONYMOUS;
    }

    private static Optional<String> secret(String header) {
        int space = header.indexOf(' ');
        String rest = space < 0 ? "" : header.substring(space + 1).strip();
        String scheme = space < 0 ? header : header.substring(0, space);
        if (scheme.equalsIgnoreCase("Bearer")) {
            return Optional.of(rest);
        }
        if (!scheme.equalsIgnoreCase("Basic")) {
            return Optional.empty();
        }
        try {
            String pair = new String(Base64.getDecoder().decode(rest), StandardCharsets.UTF_8);
            return Optional.of(pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
