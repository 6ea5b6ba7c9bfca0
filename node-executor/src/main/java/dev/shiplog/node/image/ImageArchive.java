package dev.shiplog.node.image;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An unpacked archive of an image, in either layout that {@code docker save} writes.
 *
 * @param config the configuration document's bytes
 * @param layers archives of the layers, the lowest first
 * @see <a href="https://github.com/moby/moby/blob/master/image/spec/spec.md">docker save</a>
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">OCI
 *     layout</a>
 */
record ImageArchive(byte[] config, List<Path> layers) {
    /** Bytes of a manifest, an index or a configuration. */
    private static final long MAX_DOCUMENT_BYTES = 16 << 20;

    private static final int MAX_INDEXES = 4;
    private static final int MAX_LAYERS = 125;

    ImageArchive {
        layers = List.copyOf(layers);
    }

    /** Whether a name at the top of an archive says that it holds an image, not files. */
    static boolean marker(String name) {
        return name.equals("manifest.json") || name.equals("oci-layout");
    }

    /**
     * Finds the image in a directory.
     *
     * @param name which one, where the archive has several
     * @return empty if the directory is none of these layouts
     */
    static Optional<ImageArchive> in(Path directory, ImageName name) throws IOException {
        LayeredTree tree = new LayeredTree(List.of(directory));
        if (tree.resolve("manifest.json").isFile()) {
            return Optional.of(docker(tree, name));
        }
        if (tree.resolve("oci-layout").isFile()) {
            return Optional.of(oci(tree, document(tree, "index.json"), name, MAX_INDEXES));
        }
        return Optional.empty();
    }

    private static ImageArchive docker(LayeredTree tree, ImageName name) throws IOException {
        JsonNode images = document(tree, "manifest.json");
        JsonNode image = choose(images, name, "RepoTags");
        List<Path> layers = new ArrayList<>();
        for (JsonNode layer : image.path("Layers")) {
            layers.add(file(tree, layer.asText()));
        }
        return checked(Files.readAllBytes(file(tree, image.path("Config").asText())), layers);
    }

    private static ImageArchive oci(LayeredTree tree, JsonNode index, ImageName name, int left)
            throws IOException {
        if (left == 0) {
            throw new IOException("expected an image, found indexes of indexes");
        }
        JsonNode descriptor = choose(index.path("manifests"), name, "annotations");
        JsonNode manifest = document(tree, blob(descriptor));
        if (manifest.has("manifests")) {
            return oci(tree, manifest, name, left - 1);
        }
        List<Path> layers = new ArrayList<>();
        for (JsonNode layer : manifest.path("layers")) {
            layers.add(file(tree, blob(layer)));
        }
        return checked(Files.readAllBytes(file(tree, blob(manifest.path("config")))), layers);
    }

    private static ImageArchive checked(byte[] config, List<Path> layers) throws IOException {
        if (layers.size() > MAX_LAYERS) {
            throw new IOException(
                    "expected at most " + MAX_LAYERS + " layers, found " + layers.size());
        }
        return new ImageArchive(config, layers);
    }

    /** The one of that name, else the one for this machine's processor, else the only one. */
    private static JsonNode choose(JsonNode images, ImageName name, String names)
            throws IOException {
        if (images.isEmpty()) {
            throw new IOException("expected an image in the archive, found none");
        }
        for (JsonNode image : images) {
            for (JsonNode tag : image.path(names)) {
                if (same(tag.asText(), name)) {
                    return image;
                }
            }
        }
        for (JsonNode image : images) {
            if (image.path("platform").path("architecture").asText("").equals(architecture())) {
                return image;
            }
        }
        if (images.size() > 1) {
            throw new IOException(
                    "the archive holds " + images.size() + " images, none of them named " + name);
        }
        return images.get(0);
    }

    private static boolean same(String tag, ImageName name) {
        try {
            return ImageName.parse(tag).equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** This machine's processor in the words of image documents. */
    static String architecture() {
        String name = System.getProperty("os.arch", "");
        return switch (name) {
            case "aarch64" -> "arm64";
            case "x86_64" -> "amd64";
            default -> name;
        };
    }

    private static String blob(JsonNode descriptor) throws IOException {
        String digest = descriptor.path("digest").asText();
        if (!Digests.valid(digest)) {
            throw new IOException("expected a digest sha256:…, found \"" + digest + "\"");
        }
        return "blobs/sha256/" + Digests.hex(digest);
    }

    private static JsonNode document(LayeredTree tree, String path) throws IOException {
        Path file = file(tree, path);
        if (Files.size(file) > MAX_DOCUMENT_BYTES) {
            throw new IOException(path + " is larger than " + MAX_DOCUMENT_BYTES + " bytes");
        }
        return json(Files.readAllBytes(file), path);
    }

    static JsonNode json(byte[] bytes, String where) throws IOException {
        try {
            return Json.parse(new String(bytes, StandardCharsets.UTF_8)).toNode();
        } catch (IllegalArgumentException e) {
            throw new IOException(where + ": " + e.getMessage(), e);
        }
    }

    private static Path file(LayeredTree tree, String path) throws IOException {
        LayeredTree.Place place = tree.resolve(path);
        if (!place.isFile()) {
            throw new IOException("the archive names a file that it lacks: " + path);
        }
        return place.file().orElseThrow();
    }
}
