package dev.shiplog.api.tls;

import java.security.KeyStore;
import java.security.cert.Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The TLS of a server of a test's own. */
public final class ServerTls {
    private ServerTls() {}

    /** Shows a cluster's server certificate, and asks for none. */
    public static SSLContext of(TlsFiles files) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "server",
                files.server().key(),
                new char[0],
                new Certificate[] {files.server().certificate()});
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
