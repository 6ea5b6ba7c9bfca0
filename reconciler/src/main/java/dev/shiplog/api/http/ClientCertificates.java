package dev.shiplog.api.http;

import dev.shiplog.api.Identity;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Reads who a client certificate stands for, as Kubernetes does, after it was verified: issued by
 * the cluster's authority, for clients, and good now. The TLS handshake has shown that the client
 * has its key. Thread-safe.
 */
final class ClientCertificates {
    /** Verified certificates that are remembered: a signature costs more than a small request. */
    private static final int MAX_REMEMBERED = 1_000;

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final X509Certificate authority;
    private final Map<X509Certificate, Identity> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<X509Certificate, Identity> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    ClientCertificates(X509Certificate authority) {
        this.authority = authority;
    }

    /** The common name is the user, each organisation a group; without a certificate, nobody. */
    Identity identity(Optional<Certificate[]> chain) {
        if (chain.isEmpty()
                || chain.get().length == 0
                || !(chain.get()[0] instanceof X509Certificate certificate)) {
            return Identity.ANONYMOUS;
        }
        Instant now = Instant.now();
        if (now.isAfter(certificate.getNotAfter().toInstant())
                || now.isBefore(certificate.getNotBefore().toInstant())) {
            return Identity.refused("the client certificate has expired or does not hold yet");
        }
        synchronized (known) {
            Identity found = known.get(certificate);
            if (found != null) {
                return found;
            }
        }
        try {
            verify(List.of(chain.get()), certificate);
        } catch (GeneralSecurityException e) {
            return Identity.refused(
                    "the client certificate is not this cluster's: " + e.getMessage());
        }
        Identity named = named(certificate);
        Identity identity =
                named.anonymous() ? named : named.until(certificate.getNotAfter().toInstant());
        synchronized (known) {
            known.put(certificate, identity);
        }
        return identity;
    }

    private void verify(List<Certificate> chain, X509Certificate certificate)
            throws GeneralSecurityException {
        List<String> purposes = certificate.getExtendedKeyUsage();
        if (purposes == null || !purposes.contains(CLIENT_AUTH)) {
            throw new GeneralSecurityException("it is not for clients");
        }
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
        parameters.setRevocationEnabled(false);
        List<Certificate> path =
                chain.stream().filter(issuer -> !issuer.equals(authority)).toList();
        CertPath certificates = CertificateFactory.getInstance("X.509").generateCertPath(path);
        var _ = CertPathValidator.getInstance("PKIX").validate(certificates, parameters);
    }

    private static Identity named(X509Certificate certificate) {
        String user = "";
        List<String> groups = new ArrayList<>();
        try {
            for (Rdn rdn :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                switch (rdn.getType()) {
                    case "CN" -> user = rdn.getValue().toString();
                    case "O" -> groups.add(rdn.getValue().toString());
                    default -> {
                        // Other attributes say nothing about rights.
                    }
                }
            }
        } catch (InvalidNameException e) {
            return Identity.refused("the client certificate's subject cannot be read");
        }
        return user.isEmpty()
                ? Identity.refused("the client certificate names nobody")
                : Identity.authenticated(user, groups);
    }
}
