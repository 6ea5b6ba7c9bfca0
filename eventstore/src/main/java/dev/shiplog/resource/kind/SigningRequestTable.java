package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * CertificateSigningRequest: somebody asks for a certificate, somebody else approves, a signer
 * issues it. Nothing of it changes but what is decided about it.
 */
final class SigningRequestTable {
    private static final FieldPath SPEC = FieldPath.of("spec");

    static final Kind KIND =
            new Kind(
                    GroupKind.SIGNING_REQUEST,
                    "certificatesigningrequests",
                    "certificatesigningrequest",
                    List.of("csr"),
                    List.of(),
                    false,
                    "certificates.k8s.io/v1",
                    List.of("certificates.k8s.io/v1"),
                    false,
                    CertificateSigningRequest.class,
                    List.of(
                            Cells.name(0),
                            Cells.age(),
                            Cells.text(
                                    "SignerName",
                                    "Indicates the requested signer, and is a qualified name.",
                                    request -> spec(request).path("signerName").asText()),
                            Cells.text(
                                    "Requestor",
                                    "The user who created the CertificateSigningRequest.",
                                    request -> spec(request).path("username").asText()),
                            Cells.text(
                                    "RequestedDuration",
                                    "The requested duration of validity of the issued certificate.",
                                    SigningRequestTable::duration),
                            Cells.text(
                                    "Condition",
                                    "What was decided about the request.",
                                    SigningRequestTable::condition)),
                    new SigningRequestRules());

    private SigningRequestTable() {}

    private static JsonNode spec(Resource request) {
        return request.body().toNode().path("spec");
    }

    private static String duration(Resource request) {
        JsonNode seconds = spec(request).path("expirationSeconds");
        return seconds.isNumber()
                ? HumanDuration.of(Duration.ofSeconds(seconds.longValue()))
                : Cells.NONE;
    }

    private static String condition(Resource request) {
        JsonNode status = request.status().toNode();
        Set<String> types = new HashSet<>();
        status.path("conditions").forEach(one -> types.add(one.path("type").asText()));
        String decided =
                types.contains("Denied")
                        ? "Denied"
                        : types.contains("Approved") ? "Approved" : "Pending";
        return decided
                + (types.contains("Failed") ? ",Failed" : "")
                + (status.path("certificate").asText().isEmpty() ? "" : ",Issued");
    }

    private static final class SigningRequestRules implements Rules {
        private static final int LEAST_SECONDS = 600;
        private static final int LONGEST_SIGNER_NAME = 571;

        /** RFC 5280's usages as Kubernetes writes them, sorted. */
        private static final List<String> USAGES =
                List.of(
                        "any",
                        "cert sign",
                        "client auth",
                        "code signing",
                        "content commitment",
                        "crl sign",
                        "data encipherment",
                        "decipher only",
                        "digital signature",
                        "email protection",
                        "encipher only",
                        "ipsec end system",
                        "ipsec tunnel",
                        "ipsec user",
                        "key agreement",
                        "key encipherment",
                        "microsoft sgc",
                        "netscape sgc",
                        "ocsp signing",
                        "s/mime",
                        "server auth",
                        "signing",
                        "timestamping");

        @Override
        public List<String> nameObjections(String name) {
            return Names.pathSegment(name);
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode spec = document.path("spec");
            request(spec.path("request").asText(), findings);
            usages(spec.path("usages"), findings);
            signer(spec.path("signerName").asText(), findings);
            JsonNode seconds = spec.path("expirationSeconds");
            if (seconds.isNumber() && seconds.longValue() < LEAST_SECONDS) {
                findings.invalid(
                        SPEC.child("expirationSeconds"),
                        seconds.toString(),
                        "may not specify a duration less than 600 seconds (10 minutes)");
            }
        }

        /** What is in the envelope is looked at by whoever can read it. */
        private static void request(String text, Findings findings) {
            FieldPath path = SPEC.child("request");
            String pem;
            try {
                pem = new String(Base64.getDecoder().decode(text), StandardCharsets.ISO_8859_1);
            } catch (IllegalArgumentException e) {
                findings.invalid(path, Check.quoted(text), "must be base64: " + e.getMessage());
                return;
            }
            if (!pem.contains("-----BEGIN CERTIFICATE REQUEST-----")
                    && !pem.contains("-----BEGIN NEW CERTIFICATE REQUEST-----")) {
                findings.invalid(
                        path,
                        Check.quoted(text),
                        "PEM block type must be CERTIFICATE REQUEST");
            }
        }

        private static void usages(JsonNode usages, Findings findings) {
            FieldPath path = SPEC.child("usages");
            if (usages.isEmpty()) {
                findings.required(path, "");
            }
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < usages.size(); i++) {
                String usage = usages.get(i).asText();
                Check.oneOf(usages.get(i), path.item(i), USAGES, findings);
                if (!seen.add(usage)) {
                    findings.duplicate(path.item(i), Check.quoted(usage));
                }
            }
        }

        private static void signer(String name, Findings findings) {
            FieldPath path = SPEC.child("signerName");
            if (name.isEmpty()) {
                findings.required(path, "");
                return;
            }
            String shown = Check.quoted(name);
            if (name.equals("kubernetes.io/legacy-unknown")) {
                findings.invalid(
                        path, shown, "the legacy signerName is not allowed via this API version");
                return;
            }
            String[] parts = name.split("/", -1);
            if (parts.length != 2) {
                findings.invalid(
                        path,
                        shown,
                        "must be a fully qualified domain and path of the form"
                                + " 'example.com/signer-name'");
                return;
            }
            Names.subdomain(parts[0]).forEach(why -> findings.invalid(path, shown, why));
            if (!parts[0].contains(".")) {
                findings.invalid(path, shown, "should be a domain with at least two segments"
                        + " separated by dots");
            }
            Names.subdomain(parts[1]).forEach(why -> findings.invalid(path, shown, why));
            if (name.length() > LONGEST_SIGNER_NAME) {
                findings.error(
                        path, "Too long: may not be more than " + LONGEST_SIGNER_NAME + " bytes");
            }
        }

        @Override
        public void keep(ObjectNode before, ObjectNode after) {
            after.set("spec", before.path("spec").deepCopy());
        }
    }
}
