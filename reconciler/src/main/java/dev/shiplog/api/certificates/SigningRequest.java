package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Identity;
import dev.shiplog.api.tls.CertificateRequest;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A CertificateSigningRequest, read. */
public record SigningRequest(JsonNode spec, JsonNode status) {
    static final String APPROVED = "Approved";
    static final String DENIED = "Denied";
    static final String FAILED = "Failed";

    /** The signer of certificates for clients of the API server. */
    static final String CLIENTS = "kubernetes.io/kube-apiserver-client";

    /** The signer of certificates for nodes as clients of the API server. */
    static final String NODES = "kubernetes.io/kube-apiserver-client-kubelet";

    public static SigningRequest of(Resource resource) {
        return new SigningRequest(
                resource.body().toNode().path("spec"), resource.status().toNode());
    }

    /** Whether a kind is the one that this is about. */
    public static boolean is(GroupKind kind) {
        return kind.equals(GroupKind.SIGNING_REQUEST);
    }

    /** A new request's body with who asks for it: what the client says of that does not count. */
    public static Json askedBy(Identity who, Json body) {
        ObjectNode root = body.toObject();
        ObjectNode spec = root.withObjectProperty("spec");
        spec.remove(List.of("username", "uid", "groups", "extra"));
        spec.put("username", who.name());
        if (!who.uid().isEmpty()) {
            spec.put("uid", who.uid());
        }
        if (!who.groups().isEmpty()) {
            ArrayNode groups = spec.putArray("groups");
            who.groups().forEach(groups::add);
        }
        if (!who.toldExtra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            who.toldExtra().forEach((key, values) -> {
                ArrayNode list = extra.putArray(key);
                values.forEach(list::add);
            });
        }
        return Json.of(root);
    }

    /** Who asked. */
    Identity requestor() {
        List<String> groups = new ArrayList<>();
        spec.path("groups").forEach(group -> groups.add(group.asText()));
        return Identity.authenticated(
                spec.path("username").asText(), spec.path("uid").asText(), groups, new TreeMap<>());
    }

    String signer() {
        return spec.path("signerName").asText();
    }

    List<String> usages() {
        List<String> usages = new ArrayList<>();
        spec.path("usages").forEach(usage -> usages.add(usage.asText()));
        return usages;
    }

    OptionalLong expirationSeconds() {
        JsonNode seconds = spec.path("expirationSeconds");
        return seconds.isNumber() ? OptionalLong.of(seconds.longValue()) : OptionalLong.empty();
    }

    boolean has(String condition) {
        for (JsonNode one : status.path("conditions")) {
            if (one.path("type").asText().equals(condition)) {
                return true;
            }
        }
        return false;
    }

    boolean issued() {
        return !status.path("certificate").asText().isEmpty();
    }

    /** What is in the envelope. */
    CertificateRequest parsed() throws GeneralSecurityException {
        return parsed(spec);
    }

    private static CertificateRequest parsed(JsonNode spec) throws GeneralSecurityException {
        try {
            return CertificateRequest.parse(
                    new String(
                            Base64.getDecoder().decode(spec.path("request").asText()),
                            StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("expected base64: " + e.getMessage(), e);
        }
    }

    /** What is wrong with the envelope of a new request; empty if nothing is. */
    public static Optional<String> objection(Json body) {
        try {
            CertificateRequest _ = parsed(body.toNode().path("spec"));
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The status with one condition more. */
    Json with(String type, String reason, String message, Instant now) {
        ObjectNode after = status.isObject() ? status.deepCopy() : Json.EMPTY.toObject();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        after.withArrayProperty("conditions")
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("reason", reason)
                .put("message", message)
                .put("lastUpdateTime", time)
                .put("lastTransitionTime", time);
        return Json.of(after);
    }

    /** The status with the certificate. */
    Json with(String certificatePem) {
        ObjectNode after = status.isObject() ? status.deepCopy() : Json.EMPTY.toObject();
        after.put(
                "certificate",
                Base64.getEncoder()
                        .encodeToString(certificatePem.getBytes(StandardCharsets.US_ASCII)));
        return Json.of(after);
    }
}
