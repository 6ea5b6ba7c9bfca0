package dev.shiplog.api.tls;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Somebody's request for a certificate (PKCS #10, RFC 2986) whose signature proves that they hold
 * the key.
 *
 * @param subject the distinguished name, DER
 * @param commonName empty if it names none, or several
 * @param organisations in the request's order
 * @param alternatives how many other names it asks for
 * @param key the key that shall be certified
 */
public record CertificateRequest(
        byte[] subject,
        String commonName,
        List<String> organisations,
        int alternatives,
        PublicKey key) {
    private static final String BLOCK = "CERTIFICATE REQUEST";
    private static final String OLD_BLOCK = "NEW CERTIFICATE REQUEST";

    public CertificateRequest {
        organisations = List.copyOf(organisations);
    }

    /** A fresh key and the request that goes with it. */
    public record Asked(PrivateKey key, String requestPem, PublicKey publicKey) {}

    /**
     * Reads a request.
     *
     * @throws GeneralSecurityException if it is none, or not signed with the key that it is about;
     *     the message says what is wrong
     */
    public static CertificateRequest parse(String pem) throws GeneralSecurityException {
        try {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(decoded(pem));
            PublicKey key = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new GeneralSecurityException(
                        "the request is not signed with the key that it is about");
            }
            X500Name name = request.getSubject();
            if (Stream.of(name.getRDNs()).anyMatch(RDN::isMultiValued)) {
                throw new GeneralSecurityException(
                        "expected one attribute in each part of the subject, found several");
            }
            List<String> names = texts(name.getRDNs(BCStyle.CN));
            return new CertificateRequest(
                    name.getEncoded(),
                    names.size() == 1 ? names.getFirst() : "",
                    texts(name.getRDNs(BCStyle.O)),
                    alternatives(request),
                    key);
        } catch (IOException | OperatorCreationException | PKCSException e) {
            throw new GeneralSecurityException("not a certificate request: " + e.getMessage(), e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            // What the library throws of bytes that are no ASN.1.
            throw new GeneralSecurityException("not a certificate request: " + e.getMessage(), e);
        }
    }

    /** Makes a new P-256 key and asks for a certificate of it. */
    public static Asked make(String commonName, String organisation)
            throws GeneralSecurityException {
        KeyPair pair = Issuer.newPair();
        try {
            byte[] encoded =
                    new JcaPKCS10CertificationRequestBuilder(
                                    Issuer.name(commonName, organisation), pair.getPublic())
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(pair.getPrivate()))
                            .getEncoded();
            return new Asked(pair.getPrivate(), Pem.block(BLOCK, encoded), pair.getPublic());
        } catch (IOException | OperatorCreationException e) {
            throw new GeneralSecurityException("the certificate request could not be made", e);
        }
    }

    private static byte[] decoded(String pem) throws GeneralSecurityException {
        for (String label : List.of(BLOCK, OLD_BLOCK)) {
            String begin = "-----BEGIN " + label + "-----";
            int start = pem.indexOf(begin);
            int end = pem.indexOf("-----END " + label + "-----");
            if (start >= 0 && end > start) {
                return Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
            }
        }
        throw new GeneralSecurityException("PEM block type must be CERTIFICATE REQUEST");
    }

    private static List<String> texts(RDN[] names) {
        List<String> texts = new ArrayList<>();
        for (RDN name : names) {
            texts.add(IETFUtils.valueToString(name.getFirst().getValue()));
        }
        return texts;
    }

    private static int alternatives(JcaPKCS10CertificationRequest request) {
        int count = 0;
        for (var attribute :
                request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            for (ASN1Encodable value : attribute.getAttributeValues()) {
                Extensions asked = Extensions.getInstance(value);
                GeneralNames names =
                        GeneralNames.fromExtensions(asked, Extension.subjectAlternativeName);
                count += names == null ? 0 : names.getNames().length;
            }
        }
        return count;
    }
}
