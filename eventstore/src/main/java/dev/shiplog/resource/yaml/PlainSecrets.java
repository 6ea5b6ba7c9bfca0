package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.secret.SealedText;

import java.util.Map;

/** What becomes of Secrets whose values stand in a manifest for all to read. */
public enum PlainSecrets {
    /** They are refused: whoever can read the repository could read them. */
    REFUSED,

    /** They are taken in; whoever does that seals them before they go any further. */
    ALLOWED;

    /**
     * Looks at a Secret's manifest before anything else does: no finding about it may show a value,
     * since findings are printed and kept.
     *
     * @param file the manifest's file, for the command that seals it
     */
    void check(ObjectNode secret, String file, Findings findings) {
        for (String member : new String[] {"data", "stringData"}) {
            for (Map.Entry<String, JsonNode> entry : secret.path(member).properties()) {
                FieldPath path = FieldPath.of(member, entry.getKey());
                JsonNode value = entry.getValue();
                if (value.isNull()) {
                    continue;
                }
                if (!value.isTextual()) {
                    findings.error(
                            path, "expected a string, found something else; put it in quotes");
                } else if (this == REFUSED && !SealedText.claimed(value.textValue())) {
                    findings.error(
                            path,
                            "a Secret's value must be sealed before it is committed: run \"shiplog"
                                    + " seal -i -f "
                                    + file
                                    + "\", and commit what it writes; a value that was ever pushed or"
                                    + " shown should be replaced");
                    return;
                }
            }
        }
    }
}
