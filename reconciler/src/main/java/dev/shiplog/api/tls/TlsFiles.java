package dev.shiplog.api.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The cluster's certificates in a folder: {@code ca.crt}, {@code ca.key}, {@code server.crt},
 * {@code server.key}, {@code admin.crt}, {@code admin.key}. What is there and good is kept; what is
 * missing, damaged, about to expire, or issued for other names is made anew. The authority's
 * certificate stands alone in {@code authority/} as well.
 *
 * @param authority signs the others
 * @param server what the API server shows
 * @param admin the user {@code admin} of the group {@code system:masters}
 */
public record TlsFiles(Path folder, Credential authority, Credential server, Credential admin) {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(730);

    /** A certificate with less than this left is replaced at the next start. */
    static final Duration LEAF_RESERVE = Duration.ofDays(180);

    private static final Duration AUTHORITY_RESERVE = Duration.ofDays(365);

    /**
     * Opens a folder of certificates, and makes those that are needed.
     *
     * @param extraNames host names and addresses of the server beside the usual ones: that of
     *     Service {@code default/kubernetes}
     * @throws IOException if a file cannot be read or written; the message says which
     */
    public static TlsFiles open(Path folder, Collection<String> extraNames, Instant now)
            throws IOException {
        SortedSet<String> names = serverNames(extraNames);
        try {
            Optional<Credential> kept =
                    read(folder, "ca").filter(c -> fresh(c, now, AUTHORITY_RESERVE));
            Credential authority =
                    kept.isPresent()
                            ? kept.get()
                            : write(
                                    folder,
                                    "ca",
                                    Issuer.authority("shiplog-ca", now, AUTHORITY_LIFE));
            Optional<Credential> server =
                    read(folder, "server")
                            .filter(c -> usable(authority, c, now) && names(c).containsAll(names));
            Optional<Credential> admin =
                    read(folder, "admin").filter(c -> usable(authority, c, now));
            // A folder of its own, for programs that take a folder of authorities.
            PrivateFiles.write(
                    Files.createDirectories(folder.resolve("authority")).resolve("ca.crt"),
                    authority.certificatePem());
            return new TlsFiles(
                    folder,
                    authority,
                    server.isPresent()
                            ? server.get()
                            : write(
                                    folder,
                                    "server",
                                    Issuer.server(
                                            authority, "shiplog-apiserver", names, now, LEAF_LIFE)),
                    admin.isPresent()
                            ? admin.get()
                            : write(
                                    folder,
                                    "admin",
                                    Issuer.client(
                                            authority, "admin", "system:masters", now, LEAF_LIFE)));
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the certificates in " + folder + " could not be made: " + e.getMessage(), e);
        }
    }

    public Path authorityFile() {
        return folder.resolve("ca.crt");
    }

    public Path adminCertificateFile() {
        return folder.resolve("admin.crt");
    }

    public Path adminKeyFile() {
        return folder.resolve("admin.key");
    }

    /** The names that every server certificate bears, and the extra ones. */
    private static SortedSet<String> serverNames(Collection<String> extraNames) {
        SortedSet<String> names =
                new TreeSet<>(
                        List.of(
                                "localhost",
                                "127.0.0.1",
                                "::1",
                                "kubernetes",
                                "kubernetes.default",
                                "kubernetes.default.svc",
                                "kubernetes.default.svc.cluster.local"));
        names.addAll(extraNames);
        try {
            names.add(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        } catch (IOException e) {
            String host = System.getenv("HOSTNAME");
            if (host != null && !host.isBlank()) {
                names.add(host);
            }
        }
        names.removeIf(name -> name.isBlank() || name.equals("(none)"));
        return names;
    }

    /** Whether a name is an IPv4 or IPv6 address. */
    static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }

    private static SortedSet<String> names(Credential credential) {
        SortedSet<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives =
                    credential.certificate().getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    String name = String.valueOf(alternative.get(1));
                    names.add(name.equals("0:0:0:0:0:0:0:1") ? "::1" : name);
                }
            }
        } catch (CertificateParsingException e) {
            return new TreeSet<>();
        }
        return names;
    }

    private static boolean usable(Credential authority, Credential leaf, Instant now) {
        try {
            leaf.certificate().verify(authority.certificate().getPublicKey());
        } catch (GeneralSecurityException e) {
            return false;
        }
        return fresh(leaf, now, LEAF_RESERVE);
    }

    private static boolean fresh(Credential credential, Instant now, Duration reserve) {
        X509Certificate certificate = credential.certificate();
        return !certificate.getNotBefore().toInstant().isAfter(now)
                && certificate.getNotAfter().toInstant().isAfter(now.plus(reserve));
    }

    private static Optional<Credential> read(Path folder, String name) throws IOException {
        Path certificate = folder.resolve(name + ".crt");
        Path key = folder.resolve(name + ".key");
        if (!Files.exists(certificate) || !Files.exists(key)) {
            return Optional.empty();
        }
        try {
            Credential credential =
                    new Credential(
                            Pem.readCertificates(Files.readString(certificate)).getFirst(),
                            Pem.readKey(Files.readString(key)));
            return credential.certificate().getPublicKey() instanceof ECPublicKey
                            && belongsTogether(credential)
                    ? Optional.of(credential)
                    : Optional.empty();
        } catch (GeneralSecurityException e) {
            // Damaged, or torn by a crash between the two files: made anew.
            return Optional.empty();
        }
    }

    private static boolean belongsTogether(Credential credential) throws GeneralSecurityException {
        byte[] probe = {1, 2, 3};
        java.security.Signature signature = java.security.Signature.getInstance("SHA256withECDSA");
        signature.initSign(credential.key());
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(credential.certificate().getPublicKey());
        signature.update(probe);
        return signature.verify(signed);
    }

    private static Credential write(Path folder, String name, Credential credential)
            throws IOException {
        PrivateFiles.write(folder.resolve(name + ".key"), credential.keyPem());
        PrivateFiles.write(folder.resolve(name + ".crt"), credential.certificatePem());
        return credential;
    }
}
