package dev.shiplog.api.auth.jwt;

import com.nimbusds.jwt.JWTParser;

import java.text.ParseException;
import java.util.Optional;

/** What a token says before anybody looked at its signature: good only for choosing who does. */
final class Unverified {
    /** Longer ones are no tokens of anybody. */
    private static final int MAX_TOKEN_CHARACTERS = 16 * 1024;

    private Unverified() {}

    /** Who claims to have issued a token; empty if it is no JSON Web Token. */
    static Optional<String> issuer(String token) {
        if (token.length() > MAX_TOKEN_CHARACTERS || !token.startsWith("ey")) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JWTParser.parse(token).getJWTClaimsSet())
                    .map(claims -> claims.getIssuer());
        } catch (ParseException _) {
            return Optional.empty();
        }
    }
}
