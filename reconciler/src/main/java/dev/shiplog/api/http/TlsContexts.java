package dev.shiplog.api.http;

import dev.shiplog.api.tls.TlsFiles;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS as the JDK speaks it, with the cluster's certificates. */
final class TlsContexts {
    private TlsContexts() {}

    /** What the JDK offers as a client, by its name for it. */
    private static final String CLIENT_SCHEMES = "jdk.tls.client.SignatureSchemes";

    /** What the JDK 25 offers by default, without SHA-1 and SHA-224. */
    private static final String WITHOUT_SHA1 =
            "ecdsa_secp256r1_sha256,ecdsa_secp384r1_sha384,ecdsa_secp521r1_sha512,ed25519,ed448,"
                    + "rsa_pss_rsae_sha256,rsa_pss_rsae_sha384,rsa_pss_rsae_sha512,"
                    + "rsa_pss_pss_sha256,rsa_pss_pss_sha384,rsa_pss_pss_sha512,"
                    + "rsa_pkcs1_sha256,rsa_pkcs1_sha384,rsa_pkcs1_sha512";

    /**
     * A client of TLS 1.2 that does not say which signatures it knows, such as busybox's wget,
     * means SHA-1 by that (RFC 5246, 7.4.1.4.1), which the JDK has switched off. For this server's
     * keys it is allowed: who says anything gets something better, and a pod would otherwise need
     * another program to ask the API server. Where this program is the client (Git, registries,
     * issuers of tokens) it is not, as before.
     */
    static void admitSilentClients() {
        if (System.getProperty(CLIENT_SCHEMES) == null) {
            System.setProperty(CLIENT_SCHEMES, WITHOUT_SHA1);
        }
        String property = "jdk.tls.disabledAlgorithms";
        String disabled = String.valueOf(Security.getProperty(property));
        Security.setProperty(
                property, disabled.replaceFirst("ecdsa_sha1 usage HandshakeSignature,?\\s*", ""));
    }

    /**
     * Shows the server's certificate, and asks clients for one of the cluster's own authority. One
     * of somebody else's does not end the handshake: {@link ClientCertificates} finds it out, and
     * its bearer is told in HTTP that it is unauthorized.
     */
    static SSLContext server(TlsFiles files) throws GeneralSecurityException {
        admitSilentClients();
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
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                keyManagers.getKeyManagers(),
                new TrustManager[] {new Unjudged(files.authority().certificate())},
                null);
        return new ClientCertificateContext(context);
    }

    private static KeyStore empty() throws GeneralSecurityException {
        // In memory only. One of PKCS 12 would hash the empty password 10,000 times for each key
        // that is put in and taken out.
        KeyStore store = KeyStore.getInstance("JKS");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException("an empty key store could not be made", e);
        }
        return store;
    }

    /** Takes every client certificate, and names the authority whose certificates are wanted. */
    private static final class Unjudged extends X509ExtendedTrustManager {
        private final X509Certificate authority;

        Unjudged(X509Certificate authority) {
            this.authority = authority;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[] {authority};
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw noServer();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw noServer();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw noServer();
        }

        private static CertificateException noServer() {
            return new CertificateException("this is a server: it trusts no other");
        }
    }
}
