package dev.shiplog.source;

import dev.shiplog.resource.yaml.Manifests.Decoded;
import dev.shiplog.resource.yaml.Manifests.Problem;
import dev.shiplog.resource.yaml.Manifests.Warning;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decodes files, each content once while it is remembered: a push decodes what it changes, and what
 * that was before is remembered from the push before.
 */
final class DecodedFiles {
    /** How many files are remembered. */
    static final int MAX_REMEMBERED = 1_024;

    /** Where an object belongs that has a namespace and names none. */
    private static final String DEFAULT_NAMESPACE = "default";

    private static final Decoded NOTHING = new Decoded(List.of(), List.of(), List.of());

    private record Content(String path, String blob) {}

    private final CommitFiles files;
    private final ManifestDecoder decoder;
    private final Map<Content, Decoded> remembered =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Content, Decoded> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    DecodedFiles(CommitFiles files, ManifestDecoder decoder) {
        this.files = files;
        this.decoder = decoder;
    }

    synchronized Decoded decode(FileEntry file) throws IOException {
        return switch (file.type()) {
            case SYMLINK -> warned(file, "a symbolic link is not followed; this file is ignored");
            case SUBMODULE -> warned(file, "a submodule is not fetched; this path is ignored");
            case REGULAR -> regular(file);
        };
    }

    private Decoded regular(FileEntry file) throws IOException {
        Content content = new Content(file.path(), file.blob());
        Decoded decoded = remembered.get(content);
        if (decoded == null) {
            decoded = fresh(file);
            remembered.put(content, decoded);
        }
        return decoded;
    }

    private Decoded fresh(FileEntry file) throws IOException {
        long bytes = files.size(file);
        if (bytes > ManifestFiles.MAX_FILE_BYTES) {
            String message =
                    "expected a manifest of at most "
                            + ManifestFiles.MAX_FILE_BYTES
                            + " bytes, found "
                            + bytes
                            + ". Split it, or name it in "
                            + ManifestFiles.IGNORE_FILE
                            + " if it is none";
            return new Decoded(
                    List.of(), List.of(new Problem(file.path(), 1, 1, message)), List.of());
        }
        return decoder.decode(file.path(), files.read(file), DEFAULT_NAMESPACE);
    }

    private static Decoded warned(FileEntry file, String message) {
        return new Decoded(
                NOTHING.resources(),
                NOTHING.problems(),
                List.of(new Warning(file.path(), 1, 1, message)));
    }
}
