package dev.shiplog.api.auth;

import dev.shiplog.api.Identity;

import java.util.List;

/** Says whom a bearer token stands for. May block while it asks somebody else, within bounds. */
public interface TokenAuthenticator {
    /**
     * @param audiences whom the token may be meant for; empty for this API server
     */
    Outcome authenticate(String token, List<String> audiences);

    /** What came of looking at a token. */
    sealed interface Outcome {
        /** Not of the kind that this authenticator reads. */
        record NotMine() implements Outcome {}

        /**
         * It holds.
         *
         * @param audiences those of the wanted ones that it is meant for; empty if it says none
         */
        record Known(Identity identity, List<String> audiences) implements Outcome {}

        /** It is of that kind and does not hold. */
        record Refused(String why) implements Outcome {}
    }

    /** Asks several in order, until one says something. */
    static TokenAuthenticator firstOf(List<TokenAuthenticator> authenticators) {
        List<TokenAuthenticator> all = List.copyOf(authenticators);
        return (token, audiences) -> {
            for (TokenAuthenticator authenticator : all) {
                Outcome outcome = authenticator.authenticate(token, audiences);
                if (!(outcome instanceof Outcome.NotMine)) {
                    return outcome;
                }
            }
            return new Outcome.NotMine();
        };
    }
}
