package dev.shiplog.resource.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A Secret that cannot be read is refused by words that do not repeat it. */
class ConfidentialProblemsTest {
    private static final String VALUE = "Zq7Xw9Kv";

    private static String said(String manifest) {
        Manifests.Decoded decoded =
                Manifests.decode(
                        "a.yaml", manifest.getBytes(StandardCharsets.UTF_8), "default");
        assertEquals(0, decoded.resources().size(), manifest);
        return decoded.problems() + "\n" + decoded.warnings();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*" + VALUE,
                "!" + VALUE + " x",
                "!!int " + VALUE,
                "!!" + VALUE + " 1",
                "%" + VALUE,
                "\"" + VALUE,
                "'" + VALUE,
                "[" + VALUE,
                "a: " + VALUE,
                "\"\\" + VALUE + "\"",
                "@" + VALUE,
                VALUE + "\n" + VALUE,
                VALUE + ": " + VALUE + "\n " + VALUE,
                "{" + VALUE + ": [}",
                "|\n" + VALUE + "\n " + VALUE,
                "&" + VALUE + " *" + VALUE + "2",
            })
    void noValueIsRepeated(String value) {
        for (String member : new String[] {"data", "stringData"}) {
            String said =
                    said(
                            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n"
                                    + member
                                    + ":\n  password: "
                                    + value
                                    + "\n  other: x\n");
            assertFalse(said.contains(VALUE), said);
        }
    }

    @Test
    void noSlipOfTheHandShowsAValue() {
        String manifest =
                """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: db
                  labels: {app: shop}
                stringData:
                  user: Zq7Xw9Kv
                  password: "Zq7Xw9Kv"
                  list: 'Zq7Xw9Kv'
                  block: |
                    Zq7Xw9Kv
                """;
        String slips = ":-'\"{}[]&*!|>%@`\t\n ,#?\\";
        for (int seed = 0; seed < 4_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(manifest);
            for (int i = random.nextInt(3); i >= 0; i--) {
                int at = random.nextInt(text.length());
                char slip = slips.charAt(random.nextInt(slips.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, slip);
                    case 1 -> text.setCharAt(at, slip);
                    default -> text.deleteCharAt(at);
                }
            }
            Manifests.Decoded decoded =
                    Manifests.decode(
                            "a.yaml",
                            text.toString().getBytes(StandardCharsets.UTF_8),
                            "default");
            String said = decoded.problems() + "\n" + decoded.warnings();
            assertFalse(said.contains(VALUE), "seed " + seed + "\n" + text + "\n" + said);
        }
    }

    @Test
    void otherManifestsAreQuotedAsBefore() {
        String said =
                said("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: *colour}\n");
        assertEquals(true, said.contains("undefined alias colour"), said);
    }
}
