package dev.shiplog.resource.yaml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.secret.Keyring;
import dev.shiplog.resource.secret.SealingKey;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.resource.yaml.Manifests.Decoded;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

class SecretSealingTest {
    private static final String MANIFEST =
            """
            # the shop's own
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {colour: "blue"}
            ---
            apiVersion: v1
            kind: Secret   # for the database
            metadata:
              name: db
              namespace: shop
            type: Opaque
            stringData:
              user: shop          # keep
              password: "hünter 2"
              pem: |
                -----BEGIN-----
                abc
                -----END-----
              # a comment after the block
              quoted: 'it''s'
            ---
            apiVersion: v1
            kind: Secret
            metadata:
              name: old
            data:
              token: aHVudGVyMg==
              folded: |-
                aHVu
                dGVyMw==
            """;

    /** Sealed text that can be read, so that the whole result can be. */
    private static SecretSealing.Result readable(String manifest) {
        return SecretSealing.seal(
                "a.yaml",
                manifest.getBytes(StandardCharsets.UTF_8),
                "default",
                (plain, place) ->
                        "sealed:v1:"
                                + place.namespace()
                                + "_"
                                + place.name()
                                + "_"
                                + place.key()
                                + "_"
                                + plain.length);
    }

    @Test
    void onlyTheValuesChange() {
        SecretSealing.Result result = readable(MANIFEST);
        assertEquals(List.of(), result.problems());
        assertEquals(6, result.values());
        assertEquals(
                """
                # the shop's own
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data: {colour: "blue"}
                ---
                apiVersion: v1
                kind: Secret   # for the database
                metadata:
                  name: db
                  namespace: shop
                type: Opaque
                data:
                  user: sealed:v1:shop_db_user_4          # keep
                  password: "sealed:v1:shop_db_password_9"
                  pem: sealed:v1:shop_db_pem_34
                  # a comment after the block
                  quoted: sealed:v1:shop_db_quoted_4
                ---
                apiVersion: v1
                kind: Secret
                metadata:
                  name: old
                data:
                  token: sealed:v1:default_old_token_7
                  folded: sealed:v1:default_old_folded_7
                """,
                result.text());
        assertEquals(0, readable(result.text()).values(), "sealed twice");
    }

    @Test
    void jsonIsSealedToo() {
        SecretSealing.Result result =
                readable(
                        """
                        {"apiVersion": "v1", "kind": "List", "items": [
                        \t{"kind":"Secret","apiVersion":"v1",
                         "metadata":{"name":"a"},"stringData":{"k":"v"}}]}
                        """);
        assertEquals(List.of(), result.problems());
        assertTrue(
                result.text().endsWith("\"data\":{\"k\":\"sealed:v1:default_a_k_1\"}}]}\n"),
                result.text());
    }

    @Test
    void whatItWritesIsTakenInAndOpens() {
        Keyring keys = new Keyring(SealingKey.generate(), List.of());
        String sealed =
                SecretSealing.seal(
                                "a.yaml",
                                MANIFEST.getBytes(StandardCharsets.UTF_8),
                                "default",
                                keys::seal)
                        .text();
        Decoded decoded =
                Manifests.decode("a.yaml", sealed.getBytes(StandardCharsets.UTF_8), "default");
        assertEquals(List.of(), decoded.problems());
        SecretDocuments documents = new SecretDocuments(() -> keys);
        List<String> opened = new ArrayList<>();
        decoded.resources().stream()
                .filter(declared -> declared.key().kind().kind().equals("Secret"))
                .forEach(declared -> {
                    SortedMap<String, byte[]> values =
                            documents.values(declared.key(), declared.body());
                    values.forEach((key, value) ->
                            opened.add(key + "=" + new String(value, StandardCharsets.UTF_8)));
                });
        assertEquals(
                List.of(
                        "password=hünter 2",
                        "pem=-----BEGIN-----\nabc\n-----END-----\n",
                        "quoted=it's",
                        "user=shop",
                        "folded=hunter3",
                        "token=hunter2"),
                opened);
    }

    @Test
    void whatCannotBeSealedIsSaidWithoutIt() {
        String wrong =
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: a}
                data: {k: hunter2!}
                stringData:
                  n: 12345
                  a: &x abc
                  b: *x
                """;
        SecretSealing.Result result = readable(wrong);
        List<String> problems =
                result.problems().stream().map(Manifests.Problem::toString).toList();
        assertEquals(wrong, result.text());
        assertEquals(4, problems.size(), problems.toString());
        assertTrue(problems.getFirst().startsWith("a.yaml:4:11: expected base64"), problems.get(0));
        for (String problem : problems) {
            assertFalse(problem.contains("hunter2") || problem.contains("12345"), problem);
        }
    }

    @Test
    void aPlainSecretIsRefusedWithItsPlaceAndTheCommandThatSealsIt() {
        Decoded decoded =
                Manifests.decode(
                        "shop/db.yaml", MANIFEST.getBytes(StandardCharsets.UTF_8), "default");
        assertEquals(2, decoded.problems().size());
        String first = decoded.problems().getFirst().toString();
        assertTrue(
                first.startsWith(
                        "shop/db.yaml:14:9: stringData.user: a Secret's value must be sealed"),
                first);
        assertTrue(first.contains("shiplog seal -i -f shop/db.yaml"), first);
        Decoded allowed =
                Manifests.decode(
                        "shop/db.yaml",
                        MANIFEST.getBytes(StandardCharsets.UTF_8),
                        "default",
                        PlainSecrets.ALLOWED);
        assertEquals(List.of(), allowed.problems().stream().map(Object::toString).toList());
        assertArrayEquals(
                new String[] {"folded", "token"},
                allowed.resources().getLast().body().toNode().path("data").properties().stream()
                        .map(java.util.Map.Entry::getKey)
                        .toArray());
    }

    @Test
    void noMessageAboutASecretShowsAValue() {
        for (String value :
                List.of("hunter2", "[hunter2]", "{a: hunter2}", "20261125", "'hunter2 '")) {
            for (String member : List.of("data", "stringData")) {
                String text =
                        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n"
                                + member
                                + ":\n  k: "
                                + value
                                + "\n";
                for (PlainSecrets plain : PlainSecrets.values()) {
                    Manifests.decode("a.yaml", text.getBytes(StandardCharsets.UTF_8), "d", plain)
                            .problems()
                            .forEach(problem ->
                                    assertFalse(
                                            problem.toString().contains("hunter2")
                                                    || problem.toString().contains("20261125"),
                                            problem.toString()));
                }
            }
        }
    }

    /** What {@code kubectl get -o yaml} prints of a Secret that was applied. */
    private static final String PRINTED =
            """
            apiVersion: v1
            kind: Secret
            metadata:
              name: db
              annotations:
                kubectl.kubernetes.io/last-applied-configuration: |
                  {"stringData":{"password":"hunter2"}}
            data:
              password: sealed:v1:AAAA
            """;

    @Test
    void aCopyOfTheValuesInAnAnnotationIsRefused() {
        SecretSealing.Result result = readable(PRINTED);
        assertEquals(1, result.problems().size());
        assertEquals(6, result.problems().getFirst().line());
        byte[] bytes = PRINTED.getBytes(StandardCharsets.UTF_8);
        Decoded refused = Manifests.decode("a.yaml", bytes, "default");
        assertTrue(refused.problems().toString().contains("take this annotation out"));
        assertFalse(refused.problems().toString().contains("hunter2"));
        Decoded allowed = Manifests.decode("a.yaml", bytes, "default", PlainSecrets.ALLOWED);
        assertFalse(allowed.resources().toString().contains("hunter2"), allowed.toString());
    }
}
