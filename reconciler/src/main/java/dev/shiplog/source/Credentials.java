package dev.shiplog.source;

import java.nio.file.Path;
import java.util.Optional;

/** How to sign in to a repository that is elsewhere. Prints as what it is, never what it holds. */
public sealed interface Credentials {
    /** Nothing: the repository is public, or a file. */
    record None() implements Credentials {}

    /** A user and a password, over HTTP. */
    record Password(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "Password[user=" + user + "]";
        }
    }

    /** An access token, over HTTP, sent as the password of the user {@code git}. */
    record Token(String token) implements Credentials {
        @Override
        public String toString() {
            return "Token[]";
        }
    }

    /**
     * A key, over SSH.
     *
     * @param privateKey an unencrypted or encrypted OpenSSH key file
     * @param passphrase of the key
     * @param knownHosts the file of host keys to trust, as OpenSSH writes it; an unknown host is
     *     refused
     */
    record SshKey(Path privateKey, Optional<String> passphrase, Path knownHosts)
            implements Credentials {
        @Override
        public String toString() {
            return "SshKey[privateKey=" + privateKey + ", knownHosts=" + knownHosts + "]";
        }
    }
}
