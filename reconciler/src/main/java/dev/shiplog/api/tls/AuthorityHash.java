package dev.shiplog.api.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * What an authority is known by before there is anything to verify it with: {@code sha256:} and the
 * hash of its public key (the SubjectPublicKeyInfo), as kubeadm writes it.
 */
public final class AuthorityHash {
    private AuthorityHash() {}

    public static String of(X509Certificate authority) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(
                                    MessageDigest.getInstance("SHA-256")
                                            .digest(authority.getPublicKey().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
