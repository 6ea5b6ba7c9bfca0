package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.secret.SealedText;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a Secret is completed and validated, its values in base64 or sealed (see {@code
 * resource.secret}). No message here shows a value: messages are kept and printed.
 */
final class SecretRules implements Rules {
    private static final FieldPath DATA = FieldPath.of("data");
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void setDefaults(ObjectNode document) {
        Defaults.put(document, "type", "Opaque");
        if (document.path("data") instanceof ObjectNode data) {
            // Go's base64, and so Kubernetes, reads over line breaks.
            for (Map.Entry<String, JsonNode> entry : data.properties()) {
                data.put(entry.getKey(), entry.getValue().asText().replaceAll("[\\r\\n]", ""));
            }
        }
        if (document.remove("stringData") instanceof ObjectNode texts) {
            ObjectNode data = Defaults.object(document, "data");
            for (Map.Entry<String, JsonNode> entry : texts.properties()) {
                data.put(entry.getKey(), kept(entry.getValue().asText()));
            }
        }
    }

    private static String kept(String text) {
        return SealedText.claimed(text)
                ? text
                : Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void validate(ObjectNode document, Findings findings) {
        JsonNode data = document.path("data");
        ConfigKeys.validate(data, "data", findings);
        long bytes = 0;
        for (Map.Entry<String, JsonNode> entry : data.properties()) {
            bytes += bytes(entry.getKey(), entry.getValue().asText(), findings);
        }
        if (bytes > ConfigKeys.MAX_BYTES) {
            findings.error(
                    DATA, "Too long: may not be more than " + ConfigKeys.MAX_BYTES + " bytes");
        }
        type(document, data, findings);
    }

    private static int bytes(String key, String text, Findings findings) {
        if (SealedText.claimed(text)) {
            Optional<SealedText> sealed = SealedText.parse(text);
            if (sealed.isEmpty()) {
                findings.error(
                        DATA.child(key),
                        "expected a whole sealed value, found one that was cut or changed: seal it"
                                + " again with \"shiplog seal\"");
            }
            return sealed.map(SealedText::plainBytes).orElse(0);
        }
        try {
            return Base64.getDecoder().decode(text).length;
        } catch (IllegalArgumentException _) {
            findings.error(
                    DATA.child(key),
                    "Invalid value: \"<secret contents redacted>\": expected base64, found something"
                            + " else; plain text belongs under stringData");
            return 0;
        }
    }

    /** What each type promises its readers. */
    private static void type(ObjectNode document, JsonNode data, Findings findings) {
        switch (document.path("type").asText()) {
            case "kubernetes.io/service-account-token" -> {
                JsonNode annotations = document.path("metadata").path("annotations");
                if (annotations.path(ACCOUNT).asText().isEmpty()) {
                    findings.required(FieldPath.of("metadata", "annotations").child(ACCOUNT), "");
                }
            }
            case "kubernetes.io/dockercfg" -> json(data, ".dockercfg", findings);
            case "kubernetes.io/dockerconfigjson" -> json(data, ".dockerconfigjson", findings);
            case "kubernetes.io/basic-auth" -> {
                if (!data.has("username") && !data.has("password")) {
                    required("username", findings);
                    required("password", findings);
                }
            }
            case "kubernetes.io/ssh-auth" -> {
                if (data.path("ssh-privatekey").asText().isEmpty()) {
                    required("ssh-privatekey", findings);
                }
            }
            case "kubernetes.io/tls" -> {
                for (String key : List.of("tls.crt", "tls.key")) {
                    if (!data.has(key)) {
                        required(key, findings);
                    }
                }
            }
            default -> {
                // Opaque, or a type that others give a meaning.
            }
        }
    }

    private static void json(JsonNode data, String key, Findings findings) {
        if (!data.has(key)) {
            required(key, findings);
            return;
        }
        String text = data.path(key).asText();
        if (!SealedText.claimed(text) && !isJson(text)) {
            findings.errorAtKey(
                    DATA.child(key),
                    "data["
                            + key
                            + "]: Invalid value: \"<secret contents redacted>\": expected JSON,"
                            + " found something else");
        }
    }

    private static boolean isJson(String base64) {
        try {
            return JSON.readTree(Base64.getDecoder().decode(base64)).isObject();
        } catch (IOException | IllegalArgumentException _) {
            return false;
        }
    }

    private static void required(String key, Findings findings) {
        findings.errorAtKey(DATA.child(key), "data[" + key + "]: Required value");
    }

    @Override
    public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
        if (!before.path("type").equals(after.path("type"))) {
            findings.invalid(
                    FieldPath.of("type"), after.path("type").toString(), "field is immutable");
        }
        ConfigKeys.validateUpdate(before, after, List.of("data"), findings);
    }
}
