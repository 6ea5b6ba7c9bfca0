package dev.shiplog.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.Json;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The small rules: which files count, what a trailer says, who may send a hint, when to look. */
class SourceRulesTest {
    @Test
    void manifestsAreYamlAndJsonOfTheFolderUnlessHiddenOrIgnored() {
        ManifestFiles files = new ManifestFiles("prod", path -> path.startsWith("charts/"));

        assertTrue(files.manifest(file("prod/a.yaml")));
        assertTrue(files.manifest(file("prod/deep/a.YML")));
        assertTrue(files.manifest(file("prod/a.json")));
        for (String no :
                List.of(
                        "a.yaml",
                        "production/a.yaml",
                        "prod/README.md",
                        "prod/.github/a.yaml",
                        "prod/.a.yaml",
                        "prod/charts/a.yaml",
                        "prod")) {
            assertFalse(files.manifest(file(no)), no);
        }
        assertTrue(
                files.manifest(new FileEntry("prod/link", "0", FileEntry.Type.SYMLINK)),
                "links are looked at, to be warned of");
    }

    @Test
    void onlyTheLastParagraphOfAMessageHoldsTrailers() {
        assertTrue(Trailers.allowMassDeletion("Drop\n\nShiplog-Allow-Delete: true\n"));
        assertTrue(Trailers.allowMassDeletion("Drop\r\n\r\nshiplog-allow-delete: TRUE"));
        assertFalse(Trailers.allowMassDeletion("Shiplog-Allow-Delete: true"));
        assertFalse(Trailers.allowMassDeletion("Drop\n\nShiplog-Allow-Delete: false"));
        assertFalse(Trailers.allowMassDeletion("Drop\n\nShiplog-Allow-Delete: true\n\nNo more"));
    }

    @Test
    void aWebhookIsGenuineOnlyWithTheSecretOfItsSender() {
        WebhookVerifier verifier = new WebhookVerifier("It's a Secret to Everybody");
        byte[] body = "Hello, World!".getBytes(StandardCharsets.UTF_8);
        // The example of GitHub's own documentation.
        String signature = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

        assertTrue(genuine(verifier, body, "X-Hub-Signature-256", "sha256=" + signature));
        assertTrue(genuine(verifier, body, "X-Gitea-Signature", signature));
        assertTrue(genuine(verifier, body, "X-Forgejo-Signature", signature));
        assertTrue(genuine(verifier, body, "X-Gitlab-Token", "It's a Secret to Everybody"));
        assertFalse(genuine(verifier, new byte[0], "X-Hub-Signature-256", "sha256=" + signature));
        assertFalse(genuine(verifier, body, "X-Hub-Signature-256", signature));
        assertFalse(genuine(verifier, body, "X-Gitlab-Token", "guess"));
        assertFalse(genuine(verifier, body, "X-Other", signature));
    }

    @Test
    void failuresMakeTheDelayLongerUpToALimit() {
        PollDelay delay = new PollDelay(Duration.ofSeconds(10));

        assertEquals(Duration.ofSeconds(9), delay.after(0, 0));
        assertEquals(Duration.ofSeconds(10), delay.after(0, 0.5));
        assertEquals(Duration.ofSeconds(40), delay.after(2, 0.5));
        assertEquals(PollDelay.MAX_BACK_OFF, delay.after(1_000, 0.5));
    }

    @Test
    void secretsOfCredentialsAreNotPrinted() {
        for (Credentials credentials :
                List.of(
                        new Credentials.Password("ann", "s3cret"),
                        new Credentials.Token("s3cret"),
                        new Credentials.SshKey(
                                Path.of("key"), Optional.of("s3cret"), Path.of("hosts")))) {
            assertFalse(credentials.toString().contains("s3cret"), credentials::toString);
        }
    }

    @Test
    void listsAreComparedByNameWhereEveryEntryHasOne() {
        Json before = Json.parse("{\"c\":[{\"name\":\"a\",\"x\":1},{\"name\":\"b\"}],\"l\":[1,2]}");
        Json after = Json.parse("{\"c\":[{\"name\":\"b\"},{\"name\":\"a\",\"x\":2}],\"l\":[1]}");

        List<String> changes =
                BodyChanges.between(before.toNode(), after.toNode()).stream()
                        .map(c -> c.path() + " " + c.before() + ">" + c.after())
                        .toList();

        assertEquals(List.of("c[a].x 1>2", "l[1] 2>"), changes);
    }

    private static boolean genuine(
            WebhookVerifier verifier, byte[] body, String header, String value) {
        Map<String, String> headers = Map.of(header, value);
        return verifier.genuine(name -> Optional.ofNullable(headers.get(name)), body);
    }

    private static FileEntry file(String path) {
        return new FileEntry(path, "0", FileEntry.Type.REGULAR);
    }
}
