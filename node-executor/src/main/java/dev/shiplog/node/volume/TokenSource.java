package dev.shiplog.node.volume;

import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.time.Instant;

/** Who gives tokens of service accounts to the pods that run as them. */
public interface TokenSource {
    /** For nodes whose pods get none. */
    TokenSource NONE =
            (_, _, _, _) -> {
                throw new VolumeFailure("this node gives its pods no tokens");
            };

    /**
     * A token of the pod's service account, bound to the pod.
     *
     * @param audience whom it is meant for; empty for the API server
     * @throws VolumeFailure if it is refused or nobody answers
     */
    Token token(ResourceKey pod, Uid uid, String audience, long seconds) throws VolumeFailure;

    /** A token, from when until when it holds. It is secret: it is not printed. */
    final class Token {
        private final String value;
        private final Instant expires;

        public Token(String value, Instant expires) {
            this.value = value;
            this.expires = expires;
        }

        String value() {
            return value;
        }

        Instant expires() {
            return expires;
        }

        @Override
        public String toString() {
            return "a token until " + expires;
        }
    }
}
