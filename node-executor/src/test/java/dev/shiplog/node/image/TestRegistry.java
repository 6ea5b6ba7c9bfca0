package dev.shiplog.node.image;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;

import dev.shiplog.node.runtime.RegistryLogin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real registry on this machine's loopback: Debian's package docker-registry, as ops/test
 * installs.
 */
public final class TestRegistry implements AutoCloseable {
    public static final String USER = "alice";
    public static final String PASSWORD = "s3cret-pw";

    private static final int TRIES = 200;
    private static final String HTPASSWD =
            "alice:$2y$05$nVB1zR3dtLvFnsArjj628.mSHlxsWn2ImoH7v6qljtNX64n404Lta\n";

    private final Process process;
    private final Path folder;
    private final int port;
    private final boolean closed;

    private TestRegistry(Process process, Path folder, int port, boolean closed) {
        this.process = process;
        this.folder = folder;
        this.port = port;
        this.closed = closed;
    }

    /** One over plain HTTP, for everybody. */
    public static TestRegistry open() throws Exception {
        return start(false);
    }

    /** One over TLS, with a certificate that nobody vouches for, for one user. */
    public static TestRegistry closed() throws Exception {
        return start(true);
    }

    private static TestRegistry start(boolean closed) throws Exception {
        for (String program : List.of("docker-registry", "openssl")) {
            assumeTrue(
                    Stream.of("/usr/bin", "/usr/local/bin")
                            .anyMatch(path -> Files.isExecutable(Path.of(path, program))),
                    program + " is not installed; ops/test installs it");
        }
        Path folder = Files.createTempDirectory("shiplog-registry-");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String more = "";
        if (closed) {
            run(
                    folder,
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "rsa:2048",
                    "-nodes",
                    "-keyout",
                    "key.pem",
                    "-out",
                    "cert.pem",
                    "-days",
                    "2",
                    "-subj",
                    "/CN=localhost");
            Files.writeString(folder.resolve("htpasswd"), HTPASSWD);
            more =
                    ", tls: {certificate: %s/cert.pem, key: %s/key.pem}}\nauth: {htpasswd: {realm: test, path: %s/htpasswd}"
                            .formatted(folder, folder, folder);
        }
        Path config =
                Files.writeString(
                        folder.resolve("config.yml"),
                        "version: 0.1\nstorage: {filesystem: {rootdirectory: %s/data}}\nhttp: {addr: \"127.0.0.1:%d\"%s}\n"
                                .formatted(folder, port, more));
        Process process =
                new ProcessBuilder("docker-registry", "serve", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        TestRegistry registry = new TestRegistry(process, folder, port, closed);
        registry.awaitAnswer();
        return registry;
    }

    private static void run(Path folder, String... words) throws Exception {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("openssl.log").toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(Files.readString(folder.resolve("openssl.log")));
        }
    }

    private void awaitAnswer() throws Exception {
        for (int i = 0; i < TRIES; i++) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || i == TRIES - 1) {
                    throw new IOException(Files.readString(folder.resolve("log")), notYet);
                }
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
    }

    public String host() {
        return "127.0.0.1:" + port;
    }

    public RegistryLogin login() {
        return new RegistryLogin(host(), USER, PASSWORD);
    }

    /** Makes a small image and puts it there. */
    public String push(String repository) throws Exception {
        String name = host() + "/" + repository;
        RegistryImage image = RegistryImage.named(name);
        if (closed) {
            image.addCredential(USER, PASSWORD);
        }
        Path cache = Files.createTempDirectory(folder, "jib-");
        Path file = Files.writeString(folder.resolve("file"), repository);
        return Jib.fromScratch()
                .addLayer(List.of(file), "/")
                .setProgramArguments("hello")
                .containerize(
                        Containerizer.to(image)
                                .setBaseImageLayersCache(cache.resolve("base"))
                                .setApplicationLayersCache(cache.resolve("application"))
                                .setAllowInsecureRegistries(true))
                .getDigest()
                .toString();
    }

    /**
     * Makes an image of a whole file system, and puts it there.
     *
     * @param rootfs a tar archive
     * @param command what the image runs when a pod says nothing
     */
    public void push(String repository, Path rootfs, List<String> command) throws Exception {
        Path archive = folder.resolve("image.tar");
        byte[] layer = Files.readAllBytes(rootfs);
        String config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"%s\"]}}"
                        .formatted(Archives.digest(layer));
        String manifest = "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\"]}]";
        Files.write(
                archive,
                new Archives()
                        .file("layer.tar", layer)
                        .file("config.json", config)
                        .file("manifest.json", manifest)
                        .bytes());
        Path cache = Files.createTempDirectory(folder, "jib-");
        Jib.from(TarImage.at(archive))
                .setProgramArguments(command)
                .containerize(
                        Containerizer.to(RegistryImage.named(host() + "/" + repository))
                                .setBaseImageLayersCache(cache.resolve("base"))
                                .setApplicationLayersCache(cache.resolve("application"))
                                .setAllowInsecureRegistries(true));
    }

    /** Settings for another that has the same images. */
    public String settings(String address) {
        return "version: 0.1\nstorage: {filesystem: {rootdirectory: %s/data}}\nhttp: {addr: \"%s\"}\n"
                .formatted(folder, address);
    }

    /** What it was asked. */
    public String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    /** Settings under which it is an ordinary mirror. */
    public Registries asMirror() {
        return new Registries(List.of("http://" + host()), List.of(), Optional.empty());
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Trees.delete(folder);
    }
}
