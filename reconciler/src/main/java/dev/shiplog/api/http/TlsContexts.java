package dev.shiplog.api.http;

import dev.shiplog.api.tls.TlsFiles;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS as the JDK speaks it, with the cluster's certificates. */
final class TlsContexts {
    private TlsContexts() {}

    /** Shows the server's certificate; trusts clients of the cluster's own authority only. */
    static SSLContext server(TlsFiles files) throws GeneralSecurityException {
        char[] password = new char[0];
        KeyStore keys = empty();
        keys.setKeyEntry(
                "server",
                files.server().key(),
                password,
                new Certificate[] {files.server().certificate()});
        KeyManagerFactory keyManagers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, password);
        KeyStore trusted = empty();
        trusted.setCertificateEntry("ca", files.authority().certificate());
        TrustManagerFactory trustManagers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return new ClientCertificateContext(context);
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store could not be made", e);
        }
        return store;
    }
}
