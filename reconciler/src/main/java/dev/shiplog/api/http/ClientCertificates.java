package dev.shiplog.api.http;

import dev.shiplog.api.Identity;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Reads who a verified client certificate stands for, as Kubernetes does. */
final class ClientCertificates {
    private ClientCertificates() {}

    /** The common name is the user, each organisation a group. */
    static Identity identity(Optional<Certificate[]> chain) {
        if (chain.isEmpty()
                || chain.get().length == 0
                || !(chain.get()[0] instanceof X509Certificate certificate)) {
            return Identity.ANONYMOUS;
        }
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
            return Identity.ANONYMOUS;
        }
        return user.isEmpty() ? Identity.ANONYMOUS : Identity.authenticated(user, groups);
    }
}
