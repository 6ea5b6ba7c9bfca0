package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.secret.SealedText;
import dev.shiplog.resource.secret.SecretDocuments;

import java.util.Map;

/** What becomes of Secrets whose values stand in a manifest for all to read. */
public enum PlainSecrets {
    /** They are refused: whoever can read the repository could read them. */
    REFUSED,

    /** They are taken in; whoever does that seals them before they go any further. */
    ALLOWED;

    private static final String UNSEALED =
            "a Secret's value must be sealed before it is committed: ";

    private static final String COPIED = "repeats the Secret's values for all to read: ";

    /** Whether a problem is that a Secret can be read. */
    public static boolean exposed(Manifests.Problem problem) {
        return problem.message().contains(UNSEALED) || problem.message().contains(COPIED);
    }

    /**
     * Looks at a Secret's manifest before anything else does: no finding about it may show a value,
     * since findings are printed and kept.
     *
     * @param file the manifest's file, for the command that seals it
     */
    void check(ObjectNode secret, String file, Findings findings) {
        copies(secret, findings);
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
                            UNSEALED
                                    + "run \"shiplog seal -i -f "
                                    + file
                                    + "\", and commit what it writes; a value that was ever pushed or"
                                    + " shown should be replaced");
                    return;
                }
            }
        }
    }

    /** {@code kubectl get -o yaml} prints the values a second time, in an annotation. */
    private void copies(ObjectNode secret, Findings findings) {
        String name = SecretDocuments.LAST_APPLIED;
        if (!(secret.path("metadata").path("annotations") instanceof ObjectNode annotations)
                || SealedText.claimed(annotations.path(name).asText(SealedText.PREFIX))) {
            return;
        }
        if (this == REFUSED) {
            findings.error(
                    FieldPath.of("metadata", "annotations", name),
                    COPIED
                            + "take this annotation out; a value that was ever pushed or shown should be replaced");
        } else {
            annotations.remove(name);
        }
    }
}
