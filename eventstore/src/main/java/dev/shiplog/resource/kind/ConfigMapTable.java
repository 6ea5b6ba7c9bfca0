package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.ConfigMap;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** ConfigMap: settings for pods, by key. */
final class ConfigMapTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.CONFIG_MAP,
                    "configmaps",
                    "configmap",
                    List.of("cm"),
                    List.of(),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    ConfigMap.class,
                    List.of(
                            Cells.name(0),
                            Cells.number(
                                    "Data",
                                    "string",
                                    0,
                                    "Data contains the configuration data. Each key must consist of"
                                            + " alphanumeric characters, '-', '_' or '.'. Values with"
                                            + " non-UTF-8 byte sequences must use the BinaryData"
                                            + " field. The keys stored in Data must not overlap with"
                                            + " the keys in the BinaryData field, this is enforced"
                                            + " during validation process.",
                                    ConfigMap.class,
                                    map -> size(map.getData()) + size(map.getBinaryData())),
                            Cells.age()),
                    new ConfigMapRules());

    private ConfigMapTable() {}

    private static int size(@org.jspecify.annotations.Nullable Map<String, String> map) {
        return map == null ? 0 : map.size();
    }

    private static final class ConfigMapRules implements Rules {
        @Override
        public void validate(ObjectNode document, Findings findings) {
            ConfigKeys.validate(document.path("data"), "data", findings);
            ConfigKeys.validate(document.path("binaryData"), "binaryData", findings);
            long bytes = 0;
            for (JsonNode value : document.path("data")) {
                bytes += value.asText().getBytes(StandardCharsets.UTF_8).length;
            }
            for (Map.Entry<String, JsonNode> entry : document.path("binaryData").properties()) {
                String key = entry.getKey();
                if (document.path("data").has(key)) {
                    findings.errorAtKey(
                            FieldPath.of("data", key),
                            "data[%s]: Invalid value: \"%s\": duplicate of key present in binaryData"
                                    .formatted(key, key));
                }
                bytes += decoded(key, entry.getValue().asText(), findings);
            }
            if (bytes > ConfigKeys.MAX_BYTES) {
                findings.errorAtKey(
                        FieldPath.of("data"),
                        "[]: Too long: may not be more than " + ConfigKeys.MAX_BYTES + " bytes");
            }
        }

        @Override
        public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
            ConfigKeys.validateUpdate(before, after, List.of("data", "binaryData"), findings);
        }

        private static int decoded(String key, String text, Findings findings) {
            try {
                return Base64.getDecoder().decode(text).length;
            } catch (IllegalArgumentException _) {
                findings.error(
                        FieldPath.of("binaryData", key), "expected base64, found something else");
                return 0;
            }
        }
    }
}
