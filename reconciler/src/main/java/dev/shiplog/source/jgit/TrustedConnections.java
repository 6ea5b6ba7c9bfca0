package dev.shiplog.source.jgit;

import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Connections over HTTPS to servers whose certificates somebody certain has signed. */
final class TrustedConnections extends JDKHttpConnectionFactory {
    private final TrustManager[] trusted;

    /**
     * @param authorities a file of PEM certificates to trust and nobody else
     * @throws IOException if it holds none; the message says which file
     */
    TrustedConnections(Path authorities) throws IOException {
        try (InputStream file = Files.newInputStream(authorities)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(file);
            if (certificates.isEmpty()) {
                throw new IOException(
                        "expected PEM certificates in " + authorities + ", found none");
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            trusted = trust.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "expected PEM certificates in " + authorities + ": " + e.getMessage(), e);
        }
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return trusting(super.create(url));
    }

    @Override
    public HttpConnection create(URL url, Proxy proxy) throws IOException {
        return trusting(super.create(url, proxy));
    }

    private HttpConnection trusting(HttpConnection connection) throws IOException {
        try {
            connection.configure(null, trusted, null);
            return connection;
        } catch (GeneralSecurityException e) {
            throw new IOException("no connection over TLS can be made: " + e.getMessage(), e);
        }
    }
}
