package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.resource.yaml.Manifests.Decoded;
import dev.shiplog.resource.yaml.PlainSecrets;
import dev.shiplog.resource.yaml.SecretSealing;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Files of a source: read or refused with places, sealed, and edited. What an edit writes is read
 * again.
 */
public final class ManifestFuzz {
    private static final String PATH = "a.yaml";

    private ManifestFuzz() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        SecretSealing.Result sealed =
                SecretSealing.seal(PATH, data, "default", (_, _) -> "sealed:v1:AAAA");
        if (sealed.text().isEmpty() && holdsText(data) && sealed.problems().isEmpty()) {
            throw new AssertionError("expected the text, found none");
        }
        Manifests.decode(PATH, data, "default", PlainSecrets.ALLOWED);
        Decoded decoded = Manifests.decode(PATH, data, "default");
        if (!decoded.problems().isEmpty()) {
            return;
        }
        for (DeclaredResource declared : decoded.resources()) {
            edit(data, declared);
        }
    }

    /** A byte order mark alone is none. */
    private static boolean holdsText(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        return !text.isEmpty() && !text.equals("\uFEFF");
    }

    private static void edit(byte[] file, DeclaredResource declared) {
        Json before = document(declared);
        ObjectNode changed = before.toObject();
        changed.withObjectProperty("metadata")
                .withObjectProperty("labels")
                .put("fuzzed", "yes: it \"is\" #1");
        ManifestEdit.Outcome put =
                ManifestEdit.put(
                        PATH, file, declared.key(), Optional.empty(), before, Json.of(changed));
        if (put instanceof ManifestEdit.Outcome.Changed(Optional<byte[]> content, var _)) {
            content.ifPresent(ManifestFuzz::readable);
        }
        if (ManifestEdit.remove(PATH, file, declared.key())
                instanceof ManifestEdit.Outcome.Changed(Optional<byte[]> content, var _)) {
            content.ifPresent(ManifestFuzz::readable);
        }
    }

    private static void readable(byte[] content) {
        Decoded again = Manifests.decode(PATH, content, "default");
        if (!again.problems().isEmpty()) {
            throw new AssertionError("an edit wrote what is not read: " + again.problems());
        }
    }

    private static Json document(DeclaredResource declared) {
        ObjectNode document = declared.body().toObject();
        document.put("apiVersion", declared.apiVersion());
        document.put("kind", declared.key().kind().kind());
        ObjectNode metadata = document.putObject("metadata");
        metadata.put("name", declared.key().name());
        if (!declared.key().namespace().isEmpty()) {
            metadata.put("namespace", declared.key().namespace());
        }
        declared.labels().forEach(metadata.withObjectProperty("labels")::put);
        declared.annotations().forEach(metadata.withObjectProperty("annotations")::put);
        return Json.of(document);
    }
}
