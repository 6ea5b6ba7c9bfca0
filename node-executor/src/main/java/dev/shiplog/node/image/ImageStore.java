package dev.shiplog.node.image;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.resource.Json;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Images in a directory: {@code refs/} from names to ids, {@code images/} from ids to
 * configurations, {@code layers/} unpacked by content. Imports build in {@code staging/} and appear
 * by a rename, so a crash leaves nothing half-made; several programs may share a store.
 *
 * <p>Names are normalised as Docker does. Importing needs root, since layers hold others' files.
 */
public final class ImageStore {
    private final Registries registries;
    private final Path refs;
    private final Path images;
    private final Path layers;
    private final Path staging;

    /** Opens the store in a directory, making it if it is not there. */
    public ImageStore(Path root) throws IOException {
        this(root, Registries.NONE);
    }

    /**
     * @param registries where images are fetched
     */
    public ImageStore(Path root, Registries registries) throws IOException {
        this.registries = registries;
        this.refs = Files.createDirectories(root.resolve("refs"));
        this.images = Files.createDirectories(root.resolve("images"));
        this.layers = Files.createDirectories(root.resolve("layers"));
        this.staging = Files.createDirectories(root.resolve("staging"));
    }

    /** Where layers are: overlay mounts name them relative to it. */
    public Path layers() {
        return layers;
    }

    /** What is written of an image. */
    private record Entry(String id, ImageConfig config, List<String> layers) {}

    /** What is written of a name. */
    private record Ref(String name, String id) {}

    /**
     * The image of a name, if it is here.
     *
     * @throws IllegalArgumentException if it is no image name
     */
    public Optional<Image> find(String name) throws IOException {
        ImageName full = ImageName.parse(name);
        Path ref = ref(full);
        if (!Files.exists(ref)) {
            return Optional.empty();
        }
        String id = read(ref, Ref.class).id;
        Entry entry = read(entry(id), Entry.class);
        return Optional.of(
                new Image(
                        full.toString(),
                        id,
                        entry.config,
                        entry.layers.stream().map(layers::resolve).toList()));
    }

    /** Every name here, sorted. */
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(refs)) {
            List<String> names = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
                names.add(read(file, Ref.class).name);
            }
            names.sort(null);
            return names;
        }
    }

    /** Forgets a name. Layers stay: running containers may stand on them. */
    public void forget(String name) throws IOException {
        Files.deleteIfExists(ref(ImageName.parse(name)));
    }

    /**
     * Takes an image from a file or directory: what {@code docker save} writes, an OCI layout, or a
     * plain root file system; archives plain or compressed with gzip.
     *
     * @throws IOException if it is none of these, damaged, or asks to be written elsewhere
     * @throws IllegalArgumentException if {@code name} is no image name
     */
    public Image importTar(Path source, String name) throws IOException {
        ImageName full = ImageName.parse(name);
        Path work = Files.createTempDirectory(staging, "import-");
        try {
            if (Files.isDirectory(source)) {
                Optional<ImageArchive> archive = ImageArchive.in(source, full);
                return archive.isPresent()
                        ? store(archive.get(), full)
                        : importFiles(RootTar.of(source, work.resolve("root.tar")), full);
            }
            if (!Files.isRegularFile(source)) {
                throw new IOException("expected a file or a directory, found nothing: " + source);
            }
            if (!holdsImage(source)) {
                return importFiles(source, full);
            }
            try (InputStream in = LayerStore.open(source)) {
                new LayerExtractor(work, false).extract(in);
            }
            return store(ImageArchive.in(work, full).orElseThrow(), full);
        } finally {
            Trees.delete(work);
        }
    }

    /**
     * Builds an image of nothing but busybox: its applets in {@code /bin}, a shell as its command.
     *
     * @param busybox a statically linked binary
     * @throws IOException if it is not one; the message says what to install
     */
    public Image importBusybox(Path busybox, String name) throws IOException {
        ImageName full = ImageName.parse(name);
        Path work = Files.createTempDirectory(staging, "busybox-");
        try {
            Path root = Files.createDirectory(work.resolve("root"));
            BusyboxRoot.build(busybox, root);
            Path tar = RootTar.of(root, work.resolve("root.tar"));
            return importFiles(tar, full, BusyboxRoot.CONFIG);
        } finally {
            Trees.delete(work);
        }
    }

    /**
     * Fetches an image from its registry.
     *
     * @throws RuntimeFailure {@code INVALID_IMAGE_NAME}, {@code IMAGE_NOT_FOUND} or {@code
     *     REGISTRY_UNREACHABLE}, the last within about 15 s
     */
    public Image pull(String name, List<RegistryLogin> logins, Consumer<PullProgress> progress)
            throws RuntimeFailure {
        ImageName full;
        try {
            full = ImageName.parse(name);
        } catch (IllegalArgumentException e) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.INVALID_IMAGE_NAME, String.valueOf(e.getMessage()), e);
        }
        try {
            Path work = Files.createTempDirectory(staging, "pull-");
            try {
                Path tar = RegistryPull.fetch(full, registries, logins, work, name, progress);
                return importTar(tar, name);
            } finally {
                Trees.delete(work);
            }
        } catch (IOException e) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.OTHER,
                    "could not keep image " + name + ": " + e.getMessage(),
                    e);
        }
    }

    private static boolean holdsImage(Path source) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(LayerStore.open(source), StandardCharsets.UTF_8.name())) {
            int entries = 0;
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                String path = entry.getName();
                if (ImageArchive.marker(path.startsWith("./") ? path.substring(2) : path)) {
                    return true;
                }
                entries++;
            }
            if (entries == 0) {
                throw new IOException("expected a tar archive, found none in " + source);
            }
            return false;
        }
    }

    private Image importFiles(Path tar, ImageName name) throws IOException {
        return importFiles(tar, name, "{}");
    }

    /** An image of one layer; its configuration is made up here, so that its id follows content. */
    private Image importFiles(Path tar, ImageName name, String config) throws IOException {
        LayerStore.Layer layer = new LayerStore(layers, staging).add(tar, List.of(), "");
        Json document =
                Json.from(
                        Map.of(
                                "architecture",
                                ImageArchive.architecture(),
                                "os",
                                "linux",
                                "config",
                                Json.parse(config).toNode(),
                                "rootfs",
                                Map.of("type", "layers", "diff_ids", List.of(layer.diffId()))));
        return store(document.bytes(), List.of(layer), name);
    }

    private Image store(ImageArchive archive, ImageName name) throws IOException {
        JsonNode config = ImageArchive.json(archive.config(), "the image's configuration");
        JsonNode diffIds = config.path("rootfs").path("diff_ids");
        if (diffIds.size() != archive.layers().size()) {
            throw new IOException(
                    "expected "
                            + diffIds.size()
                            + " layers, as the configuration says, found "
                            + archive.layers().size());
        }
        LayerStore store = new LayerStore(layers, staging);
        List<LayerStore.Layer> stack = new ArrayList<>();
        for (int i = 0; i < archive.layers().size(); i++) {
            String diffId = diffIds.get(i).asText();
            if (!Digests.valid(diffId)) {
                throw new IOException("expected a digest sha256:…, found \"" + diffId + "\"");
            }
            stack.add(store.add(archive.layers().get(i), stack, diffId));
        }
        return store(archive.config(), stack, name);
    }

    private Image store(byte[] document, List<LayerStore.Layer> stack, ImageName name)
            throws IOException {
        String id = Digests.name(Digests.sha256().digest(document));
        ImageConfig config =
                ImageConfig.of(ImageArchive.json(document, "the image's configuration"));
        List<String> names =
                stack.stream().map(layer -> layer.path().getFileName().toString()).toList();
        Trees.write(entry(id), Json.from(new Entry(id, config, names)).bytes());
        Trees.write(ref(name), Json.from(new Ref(name.toString(), id)).bytes());
        return find(name.toString())
                .orElseThrow(() -> new IOException("image " + name + " vanished from the store"));
    }

    private Path ref(ImageName name) {
        String file =
                Digests.hex(
                        Digests.name(
                                Digests.sha256()
                                        .digest(name.toString().getBytes(StandardCharsets.UTF_8))));
        return refs.resolve(file + ".json");
    }

    private Path entry(String id) {
        return images.resolve(Digests.hex(id) + ".json");
    }

    private static <T> T read(Path file, Class<T> type) throws IOException {
        try {
            return Json.parse(Files.readString(file)).as(type);
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            throw new IOException("the image store is damaged: " + file + ": " + e.getMessage(), e);
        }
    }
}
