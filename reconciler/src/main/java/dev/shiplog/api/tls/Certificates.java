package dev.shiplog.api.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certificates as files and as what a client of TLS needs. */
public final class Certificates {
    private Certificates() {}

    /** A certificate as PEM. */
    public static String pem(X509Certificate certificate) {
        try {
            return Pem.certificate(certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate could not be encoded", e);
        }
    }

    /**
     * The first certificate in a text.
     *
     * @throws IOException if there is none
     */
    public static X509Certificate read(String pem) throws IOException {
        try {
            return Pem.readCertificates(pem).getFirst();
        } catch (GeneralSecurityException e) {
            throw new IOException("expected a PEM certificate: " + e.getMessage(), e);
        }
    }

    /** A certificate and its key from two files; empty if they are not there, or damaged. */
    public static Optional<Credential> read(Path certificate, Path key) throws IOException {
        if (!Files.exists(certificate) || !Files.exists(key)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Credential(
                            Pem.readCertificates(Files.readString(certificate)).getFirst(),
                            Pem.readKey(Files.readString(key))));
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    /** Writes a file whole or not at all, for its owner only. */
    public static void write(Path file, String pem) throws IOException {
        PrivateFiles.write(file, pem);
    }

    /**
     * What a client needs that trusts one authority.
     *
     * @param own what it shows; empty for nothing
     */
    public static SSLContext client(X509Certificate authority, Optional<Credential> own)
            throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", authority);
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            // In memory only. One of PKCS 12 would hash the empty password 10,000 times for the
            // key.
            KeyStore keys = KeyStore.getInstance("JKS");
            keys.load(null, null);
            if (own.isPresent()) {
                keys.setKeyEntry(
                        "own",
                        own.get().key(),
                        new char[0],
                        new Certificate[] {own.get().certificate()});
            }
            KeyManagerFactory shown =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shown.init(keys, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /**
     * What a client needs that trusts nobody yet: nothing secret may be said over it, and nothing
     * that is heard may be believed before it was compared with something.
     */
    public static SSLContext unverified() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /** Also leaves out the check of the name. */
    private static final class Anybody extends X509ExtendedTrustManager {
        private static final X509Certificate[] NONE = new X509Certificate[0];

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return NONE.clone();
        }
    }
}
