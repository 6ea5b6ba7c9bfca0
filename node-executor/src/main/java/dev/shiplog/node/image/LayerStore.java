package dev.shiplog.node.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Unpacked layers by content. A directory's name is the start of its chain id: the digest of the
 * layer and of all below it, since deletions only mean something over those. Equal stacks are kept
 * once.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid">
 *     chain ids</a>
 */
final class LayerStore {
    /** Short, so that many names fit into the one page of options that mount(2) takes. */
    private static final int NAME_LENGTH = 24;

    private final Path directory;
    private final Path staging;

    LayerStore(Path directory, Path staging) {
        this.directory = directory;
        this.staging = staging;
    }

    /**
     * @param diffId digest of the layer's uncompressed archive
     * @param chainId digest of it and all below
     */
    record Layer(String diffId, String chainId, Path path) {}

    /** A file opened as the archive in it, uncompressed if it is compressed with gzip. */
    static InputStream open(Path archive) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16);
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (magic.length >= 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b) {
            return new GZIPInputStream(in, 1 << 16);
        }
        if (magic.length == 4 && (magic[0] & 0xff) == 0x28 && (magic[1] & 0xff) == 0xb5) {
            in.close();
            throw new IOException(
                    "expected an archive plain or compressed with gzip, found zstd: " + archive);
        }
        return in;
    }

    /**
     * Unpacks a layer over those below it, or gives the one that is there.
     *
     * @param expected the diff id that the image promises; empty if it promises none
     */
    Layer add(Path archive, List<Layer> below, String expected) throws IOException {
        if (!expected.isEmpty()) {
            Layer there = layer(expected, below);
            if (Files.isDirectory(there.path)) {
                return there;
            }
        }
        Path partial = Files.createTempDirectory(staging, "layer-");
        try {
            Files.setAttribute(partial, "unix:mode", 0755);
            var digest = Digests.sha256();
            LayerExtractor extractor = new LayerExtractor(partial, true);
            try (InputStream in = new DigestInputStream(open(archive), digest)) {
                extractor.extract(in);
            }
            String diffId = Digests.name(digest.digest());
            if (!expected.isEmpty() && !expected.equals(diffId)) {
                throw new IOException(
                        "a layer is damaged: expected " + expected + ", found " + diffId);
            }
            Layer layer = layer(diffId, below);
            if (!Files.isDirectory(layer.path)) {
                delete(partial, extractor, below);
                Files.move(partial, layer.path, StandardCopyOption.ATOMIC_MOVE);
            }
            return layer;
        } finally {
            Trees.delete(partial);
        }
    }

    private Layer layer(String diffId, List<Layer> below) {
        String chainId =
                below.isEmpty()
                        ? diffId
                        : Digests.name(
                                Digests.sha256()
                                        .digest(
                                                (below.getLast().chainId + " " + diffId)
                                                        .getBytes(StandardCharsets.UTF_8)));
        String name = Digests.hex(chainId).substring(0, NAME_LENGTH);
        return new Layer(diffId, chainId, directory.resolve(name));
    }

    private static void delete(Path partial, LayerExtractor extractor, List<Layer> below)
            throws IOException {
        LayeredTree lower = new LayeredTree(below.reversed().stream().map(Layer::path).toList());
        SortedSet<String> deleted = new TreeSet<>(extractor.deleted());
        for (String hidden : extractor.opaque()) {
            for (Path layer : lower.layers()) {
                deleted.addAll(children(layer, hidden));
            }
        }
        List<Path> whiteouts = new ArrayList<>();
        for (String path : deleted) {
            Path file = partial.resolve(path);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            Path parent = file.getParent();
            if (parent == null || !real(partial, parent)) {
                throw new IOException("the archive deletes a file through a link: " + path);
            }
            Files.createDirectories(parent);
            whiteouts.add(file);
        }
        Whiteouts.make(whiteouts);
    }

    /** Whether no part of a path below a root is anything but a directory, as far as it exists. */
    private static boolean real(Path root, Path path) {
        for (Path part = path; !root.equals(part); part = part.getParent()) {
            if (part == null
                    || (Files.exists(part, LinkOption.NOFOLLOW_LINKS)
                            && !Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> children(Path layer, String path) throws IOException {
        Path hidden = layer.resolve(path);
        if (!real(layer, hidden) || !Files.isDirectory(hidden, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(hidden)) {
            return files.map(file -> layer.relativize(file).toString()).toList();
        }
    }
}
