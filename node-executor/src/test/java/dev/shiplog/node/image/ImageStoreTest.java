package dev.shiplog.node.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class ImageStoreTest {
    private static final byte[] BASE =
            new Archives()
                    .directory("etc")
                    .file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
                    .file("etc/motd", "hello\n")
                    .directory("data")
                    .file("data/one", "1")
                    .file("data/two", "2")
                    .link("bin", "usr/bin")
                    .file("usr/bin/tool", "#!")
                    .bytes();
    private static final byte[] OVER =
            new Archives()
                    .file("etc/.wh.motd", "")
                    .directory("data")
                    .file("data/.wh..wh..opq", "")
                    .file("data/three", "3")
                    .hardLink("data/four", "data/three")
                    .bytes();

    @TempDir Path work;
    private ImageStore store;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "unpacking layers needs root");
        store = new ImageStore(work.resolve("store"));
    }

    private static String config(byte[]... layers) {
        List<String> diffIds = Stream.of(layers).map(Archives::digest).toList();
        return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Entrypoint\":[\"/tool\"],"
                + "\"Cmd\":[\"go\"],\"Env\":[\"A=1\"],\"User\":\"7\",\"WorkingDir\":\"/data\","
                + "\"StopSignal\":\"SIGQUIT\"},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + String.join("\",\"", diffIds)
                + "\"]}}";
    }

    private static byte[] dockerSave(byte[]... layers) {
        Archives archive = new Archives();
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < layers.length; i++) {
            archive.file(i + "/layer.tar", layers[i]);
            names.append(i == 0 ? "" : ",").append('"').append(i).append("/layer.tar\"");
        }
        String config = config(layers);
        return archive.file("c.json", config)
                .file(
                        "manifest.json",
                        "[{\"Config\":\"c.json\",\"RepoTags\":[\"x:1\"],\"Layers\":["
                                + names
                                + "]}]")
                .bytes();
    }

    private Image importBytes(byte[] archive, String name) throws IOException {
        return store.importTar(Files.write(work.resolve("archive"), archive), name);
    }

    private static String read(Image image, String path) throws IOException {
        return Files.readString(image.tree().resolve(path).file().orElseThrow());
    }

    private static void assertStacked(Image image) throws IOException {
        assertEquals(2, image.layers().size());
        assertEquals("3", read(image, "/data/three"));
        assertEquals("3", read(image, "/data/four"));
        for (String deleted : List.of("/etc/motd", "/data/one", "/data/two")) {
            assertTrue(image.tree().resolve(deleted).file().isEmpty(), deleted);
        }
        assertEquals("/usr/bin/tool", image.tree().resolve("/bin/tool").path());
        assertEquals(List.of("/tool"), image.config().entrypoint());
        assertEquals(List.of("go"), image.config().cmd());
        assertEquals(List.of("A=1"), image.config().env());
        assertEquals("/data", image.config().workingDir());
        assertEquals("7", image.config().user());
        assertEquals("SIGQUIT", image.config().stopSignal());
    }

    @Test
    void whatDockerSavesComesInWithItsDeletions() throws IOException {
        Image image = importBytes(dockerSave(BASE, OVER), "x:1");
        assertStacked(image);
        assertEquals(
                Archives.digest(config(BASE, OVER).getBytes(StandardCharsets.UTF_8)), image.id());
        assertEquals("docker.io/library/x:1", image.name());
        assertEquals(image, store.find("docker.io/library/x:1").orElseThrow());
        assertEquals(image, new ImageStore(work.resolve("store")).find("x:1").orElseThrow());
    }

    @Test
    void anOciLayoutComesInPackedOrNot() throws IOException {
        byte[] base = Archives.gzip(BASE);
        String config = config(BASE, OVER);
        String manifest =
                "{\"config\":{\"digest\":\"%s\"},\"layers\":[{\"digest\":\"%s\"},{\"digest\":\"%s\"}]}"
                        .formatted(
                                Archives.digest(config.getBytes(StandardCharsets.UTF_8)),
                                Archives.digest(base),
                                Archives.digest(OVER));
        String index =
                "{\"manifests\":[{\"digest\":\"%s\"}]}"
                        .formatted(Archives.digest(manifest.getBytes(StandardCharsets.UTF_8)));
        Archives archive = new Archives().file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        for (byte[] blob :
                List.of(
                        base,
                        OVER,
                        config.getBytes(StandardCharsets.UTF_8),
                        manifest.getBytes(StandardCharsets.UTF_8))) {
            archive.file("blobs/sha256/" + Digests.hex(Archives.digest(blob)), blob);
        }
        byte[] tar = archive.file("index.json", index).bytes();
        assertStacked(importBytes(tar, "y:1"));
        assertStacked(importBytes(Archives.gzip(tar), "y:2"));
        // Both names share their layers, and share them with the same layers from elsewhere.
        assertStacked(importBytes(dockerSave(BASE, OVER), "y:3"));
        try (Stream<Path> layers = Files.list(store.layers())) {
            assertEquals(2, layers.count());
        }
    }

    @Test
    void aRootFileSystemComesInAsFileOrDirectory() throws IOException {
        Image packed = importBytes(BASE, "root:1");
        assertEquals("hello\n", read(packed, "/etc/motd"));
        Path directory = Files.createDirectories(work.resolve("root/etc"));
        Files.writeString(directory.resolve("motd"), "dir\n");
        Image plain = store.importTar(work.resolve("root"), "root:2");
        assertEquals("dir\n", read(plain, "/etc/motd"));
        assertEquals(plain.id(), store.importTar(work.resolve("root"), "root:3").id());
        assertEquals(
                List.of(
                        "docker.io/library/root:1",
                        "docker.io/library/root:2",
                        "docker.io/library/root:3"),
                store.names());
    }

    @Test
    void noArchiveWritesOutsideItsDirectory() throws IOException {
        Path outside = Files.createDirectory(work.resolve("outside"));
        List<byte[]> evil =
                List.of(
                        new Archives().file("../outside/up", "x").bytes(),
                        new Archives().file("a/../../../outside/up", "x").bytes(),
                        new Archives()
                                .link("exit", outside.toString())
                                .file("exit/through", "x")
                                .bytes(),
                        new Archives()
                                .link("exit", "../../../outside")
                                .directory("exit/directory")
                                .bytes(),
                        new Archives()
                                .link("exit", outside.toString())
                                .file("exit/.wh.gone", "")
                                .bytes(),
                        new Archives().hardLink("stolen", "../../outside/kept").bytes(),
                        new Archives()
                                .link("exit", outside.toString())
                                .hardLink("stolen", "exit/kept")
                                .bytes());
        Files.writeString(outside.resolve("kept"), "kept");
        for (byte[] archive : evil) {
            assertThrows(IOException.class, () -> importBytes(archive, "evil:1"));
            assertThrows(IOException.class, () -> importBytes(dockerSave(archive), "evil:1"));
        }
        try (Stream<Path> files = Files.list(outside)) {
            assertEquals(List.of(outside.resolve("kept")), files.toList());
        }
        assertTrue(store.find("evil:1").isEmpty());
        try (Stream<Path> left = Files.list(work.resolve("store/staging"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void anAbsoluteNameStaysInside() throws IOException {
        Image image =
                importBytes(new Archives().file("/etc/shiplog-never", "x").bytes(), "absolute:1");
        assertEquals("x", read(image, "/etc/shiplog-never"));
        assertFalse(Files.exists(Path.of("/etc/shiplog-never")));
    }

    @Test
    void aLinkInAnImageNeverLeadsToTheMachine() throws IOException {
        Image image =
                importBytes(
                        new Archives()
                                .link("etc", "/proc/self")
                                .link("loop", "loop")
                                .link("up", "../../../../etc/passwd")
                                .bytes(),
                        "links:1");
        assertTrue(image.tree().resolve("/etc/status").file().isEmpty());
        assertTrue(image.tree().resolve("/up").file().isEmpty());
        assertThrows(IOException.class, () -> image.tree().resolve("/loop"));
    }

    @Test
    void damageIsSaid() throws IOException {
        byte[] whole = dockerSave(BASE, OVER);
        IOException damaged =
                assertThrows(
                        IOException.class,
                        () ->
                                importBytes(
                                        new Archives()
                                                .file("l.tar", OVER)
                                                .file("c.json", config(BASE))
                                                .file(
                                                        "manifest.json",
                                                        "[{\"Config\":\"c.json\",\"Layers\":[\"l.tar\"]}]")
                                                .bytes(),
                                        "bad:1"));
        assertTrue(String.valueOf(damaged.getMessage()).contains("damaged"), damaged::toString);
        assertThrows(
                IOException.class,
                () -> importBytes(Arrays.copyOf(whole, whole.length / 2), "bad:1"));
        assertThrows(
                IOException.class,
                () -> importBytes("no archive".getBytes(StandardCharsets.UTF_8), "bad:1"));
        assertThrows(IOException.class, () -> importBytes(new byte[0], "bad:1"));
        assertThrows(IllegalArgumentException.class, () -> importBytes(whole, "Bad Name"));
        assertTrue(store.find("bad:1").isEmpty());
    }

    @Test
    void busyboxBecomesAnImage() throws IOException {
        Path busybox = Path.of("/usr/bin/busybox");
        assumeTrue(Files.exists(busybox) && !ElfFile.interpreter(busybox), "no static busybox");
        Image image = store.importBusybox(busybox, "busybox:1.37");
        assertEquals(image.id(), store.importBusybox(busybox, "busybox:1.37").id());
        assertTrue(image.tree().resolve("/bin/sh").isFile());
        assertEquals(List.of("sh"), image.config().cmd());
    }

    @Test
    void aBusyboxThatNeedsLibrariesIsRefused() {
        assumeTrue(Files.exists(Path.of("/usr/bin/env")));
        IOException refused =
                assertThrows(
                        IOException.class,
                        () -> store.importBusybox(Path.of("/usr/bin/env"), "busybox:1"));
        assertTrue(String.valueOf(refused.getMessage()).contains("busybox-static"));
    }
}
