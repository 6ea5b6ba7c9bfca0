package dev.shiplog.api.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Sockets to servers elsewhere. */
public final class TrustedSockets {
    private TrustedSockets() {}

    /**
     * @param authorities a file of PEM certificates to trust and nobody else; empty for those that
     *     the JDK trusts
     * @throws IOException if the file cannot be read; the message says which
     */
    public static SSLSocketFactory trusting(Optional<Path> authorities) throws IOException {
        try {
            KeyStore store = null;
            if (authorities.isPresent()) {
                store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (X509Certificate certificate :
                        Pem.readCertificates(Files.readString(authorities.get()))) {
                    store.setCertificateEntry("ca-" + certificate.getSerialNumber(), certificate);
                }
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "expected PEM certificates in "
                            + authorities.map(Path::toString).orElse("the JDK")
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
