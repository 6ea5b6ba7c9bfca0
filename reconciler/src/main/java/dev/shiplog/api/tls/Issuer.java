package dev.shiplog.api.tls;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.SortedSet;

/**
 * Makes certificates (RFC 5280, EC P-256). With {@link CertificateRequest} the only user of the
 * certificate library, so that a start that makes nothing loads none of it.
 */
final class Issuer {
    /** Clocks may differ by so much. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 127;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Issuer() {}

    static Credential authority(String commonName, Instant now, Duration life)
            throws GeneralSecurityException {
        KeyPair pair = newPair();
        X500Name name = name(commonName, "");
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(name, name, pair.getPublic(), now, life, pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new Credential(sign(builder, pair.getPrivate()), pair.getPrivate());
        } catch (CertIOException e) {
            throw new GeneralSecurityException("the CA certificate could not be made", e);
        }
    }

    static Credential server(
            Credential authority,
            String commonName,
            SortedSet<String> names,
            Instant now,
            Duration life)
            throws GeneralSecurityException {
        GeneralName[] alternatives =
                names.stream()
                        .map(name ->
                                new GeneralName(
                                        TlsFiles.isAddress(name)
                                                ? GeneralName.iPAddress
                                                : GeneralName.dNSName,
                                        name))
                        .toArray(GeneralName[]::new);
        return leaf(
                authority,
                name(commonName, ""),
                KeyPurposeId.id_kp_serverAuth,
                new GeneralNames(alternatives),
                now,
                life);
    }

    static Credential client(
            Credential authority,
            String commonName,
            String organisation,
            Instant now,
            Duration life)
            throws GeneralSecurityException {
        return leaf(
                authority,
                name(commonName, organisation),
                KeyPurposeId.id_kp_clientAuth,
                new GeneralNames(new GeneralName[0]),
                now,
                life);
    }

    private static Credential leaf(
            Credential authority,
            X500Name subject,
            KeyPurposeId purpose,
            GeneralNames alternatives,
            Instant now,
            Duration life)
            throws GeneralSecurityException {
        KeyPair pair = newPair();
        return new Credential(
                leaf(
                        authority,
                        subject,
                        pair.getPublic(),
                        KeyUsage.digitalSignature,
                        purpose,
                        alternatives,
                        now,
                        life),
                pair.getPrivate());
    }

    /** A certificate for a client's own key, with the subject that it asked for. */
    static X509Certificate client(
            Credential authority,
            CertificateRequest request,
            boolean encipherment,
            Instant now,
            Duration life)
            throws GeneralSecurityException {
        return leaf(
                authority,
                X500Name.getInstance(request.subject()),
                request.key(),
                KeyUsage.digitalSignature | (encipherment ? KeyUsage.keyEncipherment : 0),
                KeyPurposeId.id_kp_clientAuth,
                new GeneralNames(new GeneralName[0]),
                now,
                life);
    }

    private static X509Certificate leaf(
            Credential authority,
            X500Name subject,
            PublicKey key,
            int usage,
            KeyPurposeId purpose,
            GeneralNames alternatives,
            Instant now,
            Duration life)
            throws GeneralSecurityException {
        X500Name issuer =
                X500Name.getInstance(
                        authority.certificate().getSubjectX500Principal().getEncoded());
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(
                            issuer,
                            subject,
                            key,
                            now,
                            life,
                            authority.certificate().getPublicKey());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (alternatives.getNames().length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, alternatives);
            }
            return sign(builder, authority.key());
        } catch (CertIOException e) {
            throw new GeneralSecurityException("the certificate could not be made", e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer,
            X500Name subject,
            PublicKey key,
            Instant now,
            Duration life,
            PublicKey issuerKey)
            throws GeneralSecurityException, CertIOException {
        JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
        JcaX509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                        Date.from(now.minus(BACKDATED)),
                        Date.from(now.plus(life)),
                        subject,
                        key);
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                extensions.createSubjectKeyIdentifier(key));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(issuerKey));
        return builder;
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("the certificate could not be signed", e);
        }
    }

    static X500Name name(String commonName, String organisation) {
        X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
        if (!organisation.isEmpty()) {
            builder.addRDN(BCStyle.O, organisation);
        }
        return builder.addRDN(BCStyle.CN, commonName).build();
    }

    static KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }
}
